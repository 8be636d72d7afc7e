/** The answers of JSON-RPC, in the form of what they answer. */
import type { ErrorFrame } from '@n2o/shared';
import type { Envelope, Form } from './envelope.ts';

/** The errors that JSON-RPC itself knows: code and text. */
export const PARSE_ERROR = [-32700, 'Parse error'] as const;
export const INVALID_REQUEST = [-32600, 'Invalid Request'] as const;
export const METHOD_NOT_FOUND = [-32601, 'Method not found'] as const;
export const INVALID_PARAMS = [-32602, 'Invalid params'] as const;
const INTERNAL_ERROR = -32603;
const SERVER_ERROR = -32000;

/** What a method returned; it must be there, so nothing is `null`. */
export function resultOf({ form, id }: Envelope, result: unknown): unknown {
  return form.object({ jsonrpc: form.text('2.0'), result: result ?? null, id });
}

/** An error of JSON-RPC's own. `id` is `null` where the request's cannot be told. */
export function errorOf(form: Form, id: unknown, [code, text]: readonly [number, string]): unknown {
  const error = form.object({ code, message: form.text(text) });
  return form.object({ jsonrpc: form.text('2.0'), error, id });
}

/** An error of ours: the closest code of JSON-RPC, and our own as `data.code`. */
export function failureOf({ form, id }: Envelope, frame: ErrorFrame): unknown {
  const data = form.object({ code: form.text(frame.code) });
  const message = form.text(frame.message);
  const error = form.object({ code: codeOf(frame.code), message, data });
  return form.object({ jsonrpc: form.text('2.0'), error, id });
}

function codeOf(code: string): number {
  if (code === 'N2O_RPC_PARAMS') return INVALID_PARAMS[0];
  return code === 'N2O_FORMAT_ENCODE' ? INTERNAL_ERROR : SERVER_ERROR;
}
