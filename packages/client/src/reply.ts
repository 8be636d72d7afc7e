/** What a reply says to the call that it answers: a value, or an error. */
import { ERRORS, type ErrorCode, ErrorFrame, type Format, N2OError } from '@n2o/shared';
import type { Opened } from './envelopes.ts';
import type { RpcFailure } from './rpc.ts';

/** A remote method answered with an error: `N2O_RPC_FAILED`. */
export class RpcError extends N2OError {
  readonly failure: RpcFailure;

  constructor(failure: RpcFailure) {
    super('N2O_RPC_FAILED', failure.message);
    this.name = 'RpcError';
    this.failure = failure;
  }
}

/**
 * Reads a reply; gives back an error when it is one, or is not well formed.
 *
 * @param format of the message that it answers: tells what the bytes of the reply do not
 */
export function readReply({ payload, message }: Opened, format: Format): unknown {
  if (!(message instanceof N2OError) && message.value instanceof ErrorFrame) {
    return errorOf(message.value);
  }
  // Bytes may look like anything.
  if (format === 'binary') return payload;
  if (message instanceof N2OError) return message;
  // A number or a string in JSON looks like text.
  return format === 'json' && message.format === 'text' ? scalarOf(message.value) : message.value;
}

function scalarOf(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}

/** What the code of an error frame stands for. */
export function errorOf({ code, message }: ErrorFrame): N2OError {
  if (Object.hasOwn(ERRORS, code)) return new N2OError(code as ErrorCode, message);
  // Of another version of the server: not in our table.
  return new N2OError('N2O_HANDLER_THREW', `${code}: ${message}`);
}
