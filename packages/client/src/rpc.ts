/** JSON-RPC 2.0 as a client speaks it, in JSON and in the same shape in BERT. */
import { Atom, textOf } from '@n2o/shared';

/** A request as it goes out. */
export interface Request {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: unknown;
  readonly id: string;
}

/** A response as it came in. */
export interface Response {
  readonly id: string | undefined;
  readonly result?: unknown;
  /** Absent when it succeeded. */
  readonly error?: RpcFailure;
}

/** The `error` of a response. */
export interface RpcFailure {
  /** JSON-RPC's: -32601 is an unknown method, -32602 are unusable params, others are the application's. */
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The ids of one client's requests. */
export class RequestIds {
  readonly #prefix: string;
  #count = 0;

  /** @param name tells the requests of this client from those of its predecessors under its id */
  constructor(name: string) {
    this.#prefix = `${name}-`;
  }

  next(): string {
    return `${this.#prefix}${++this.#count}`;
  }

  /** The id that a value responds to, if it is one of these. */
  answeredBy(value: unknown): string | undefined {
    const id = responseOf(value)?.id;
    return id?.startsWith(this.#prefix) ? id : undefined;
  }
}

/** Writes a request; no `params` when they are `undefined`. */
export function requestOf(method: string, params: unknown, id: string): Request {
  return { jsonrpc: '2.0', method, ...(params !== undefined && { params }), id };
}

/** Reads a response; `undefined` when it is something else. */
export function responseOf(value: unknown): Response | undefined {
  if (text(field(value, 'jsonrpc')) !== '2.0') return undefined;
  const id = text(field(value, 'id'));
  const error = field(value, 'error');
  if (error === undefined || error === null) return { id, result: field(value, 'result') };
  const code = Number(field(error, 'code'));
  const message = text(field(error, 'message')) ?? '';
  return { id, error: { code, message, data: field(error, 'data') } };
}

/** A property of an object, or of a map whose keys are text in whichever form BERT has for it. */
function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!(value instanceof Map)) return Object.getOwnPropertyDescriptor(value, name)?.value;
  for (const [key, item] of value) if (text(key) === name) return item;
  return undefined;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return textOf(value);
  return value instanceof Atom ? value.name : undefined;
}
