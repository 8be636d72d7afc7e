/** Which HTTP status an error of ours is. */
import type { ErrorCode } from './errors.ts';

const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  N2O_AUTH_BUSY: 429,
  N2O_BUS_UNAVAILABLE: 503,
  N2O_EVENT_RESERVED: 403,
  N2O_EVENT_TIMEOUT: 504,
  N2O_FORMAT_DECODE: 400,
  N2O_FORMAT_LIMIT: 413,
  N2O_HOST_CLOSED: 503,
  N2O_HOST_UNAVAILABLE: 503,
  N2O_HTTP_BODY: 413,
  N2O_HTTP_METHOD: 405,
  N2O_HTTP_ORIGIN: 403,
  N2O_HTTP_PATH: 404,
  N2O_KVS_LIMIT: 413,
  N2O_KVS_NAME: 400,
  N2O_MODULE_UNKNOWN: 404,
  N2O_REST_INVALID: 400,
  N2O_REST_TYPE: 415,
  N2O_SESSION_NONE: 401,
  N2O_SESSION_OTHER: 403,
  N2O_STORE_UNAVAILABLE: 503,
};

/** 400..599; what is not the client's fault, nor over soon, is 500. */
export function httpStatus(code: string): number {
  const status = Object.hasOwn(STATUSES, code) ? STATUSES[code as ErrorCode] : undefined;
  return status ?? (code.startsWith('N2O_BUSY_') ? 503 : 500);
}
