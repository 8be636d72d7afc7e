/**
 * The rpc protocol: clients call the `methods` of a module by name.
 *
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification), in JSON and, with the same members, in BERT.
 */
import {
  type Answer,
  type Context,
  ErrorFrame,
  type Message,
  type ModuleDefinition,
  nothing,
  Reply,
  reply,
  unknown,
} from '@n2o/shared';
import {
  type Envelope,
  isId,
  isStructured,
  isValid,
  objects,
  readEnvelope,
  textIn,
} from './envelope.ts';
import { failure } from './failure.ts';
import type { KeyedProtocol } from './key.ts';
import type { RefusingProtocol } from './refusal.ts';
import { requestKey } from './request-key.ts';
import {
  errorOf,
  failureOf,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  resultOf,
} from './response.ts';
import { isThenable } from './thenable.ts';

export interface RpcOptions {
  /** Whether clients get the text of any error that a method throws. */
  readonly exposeErrors: boolean;
}

/** Requests that a batch may hold: each of them, however short, costs an answer. */
const MAX_BATCH = 1_000;

/** Makes the rpc protocol: it answers what has a member `jsonrpc`, alone or in a batch. */
export function createRpc(options: RpcOptions): RefusingProtocol & KeyedProtocol {
  const rpc = ({ value }: Message, context: Context): Answer | Promise<Answer> => {
    if (Array.isArray(value)) {
      return isBatch(value, context.app) ? answer(callAll(value, context, options)) : unknown;
    }
    const request = readEnvelope(value);
    return request === undefined ? unknown : answer(call(request, context, options));
  };
  return Object.assign(rpc, { refuse, key: requestKey });
}

/** A response or a list of them as an answer; `undefined` is none. */
function answer(response: unknown): Answer | Promise<Answer> {
  return response instanceof Promise ? response.then(reply) : reply(response);
}

/** Other lists of JSON are no batches, unless the module knows nothing else. */
function isBatch(items: readonly unknown[], app: ModuleDefinition): boolean {
  if (app.methods !== undefined && (items.length === 0 || app.event === undefined)) return true;
  return items.some((item) => readEnvelope(item) !== undefined);
}

/** Answers a batch, one request after the other; `undefined` if there is nothing to answer. */
function callAll(items: readonly unknown[], context: Context, options: RpcOptions): unknown {
  if (items.length === 0) return errorOf(objects, null, INVALID_REQUEST);
  if (items.length > MAX_BATCH) {
    return errorOf(objects, null, [INVALID_REQUEST[0], `More than ${MAX_BATCH} requests`]);
  }
  const responses: unknown[] = [];
  const from = (first: number): unknown => {
    for (let i = first; i < items.length; i++) {
      const request = readEnvelope(items[i]);
      const response = request
        ? call(request, context, options)
        : errorOf(objects, null, INVALID_REQUEST);
      if (response instanceof Promise) {
        return response.then((late: unknown) => {
          if (late !== undefined) responses.push(late);
          // After the deadline nobody waits for the others.
          return context.signal.aborted ? undefined : from(i + 1);
        });
      }
      if (response !== undefined) responses.push(response);
    }
    return responses.length === 0 ? undefined : responses;
  };
  return from(0);
}

/** Answers one request; `undefined` if it is a notification. May be a promise. */
function call(request: Envelope, context: Context, options: RpcOptions): unknown {
  const { form, id } = request;
  if (!isValid(request)) return errorOf(form, isId(id) ? id : null, INVALID_REQUEST);
  const response = run(request, context, options);
  if (id !== undefined) return response;
  return response instanceof Promise ? response.then(() => undefined) : undefined;
}

/** Runs the method that a valid request names, and makes the response. May be a promise. */
function run(request: Envelope, context: Context, { exposeErrors }: RpcOptions): unknown {
  const { form, id } = request;
  const { methods } = context.app;
  const name = textIn(request.method) as string;
  const method = methods && Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (typeof method !== 'function') return errorOf(form, id, METHOD_NOT_FOUND);
  if (!isStructured(request.params)) return errorOf(form, id, INVALID_PARAMS);
  let takeBack: (() => void) | undefined;
  const failed = (thrown: unknown) => {
    takeBack?.();
    return failureOf(request, failure(thrown, context.log, exposeErrors));
  };
  try {
    // One that fails has set nothing, whatever others of its batch have.
    if (context.app.state !== undefined) takeBack = context.state.mark();
    const result = method.call(methods, request.params, context);
    if (!isThenable(result)) return ended(request, result);
    return Promise.resolve(result).then((late) => ended(request, late), failed);
  } catch (thrown) {
    return failed(thrown);
  }
}

function ended(request: Envelope, result: unknown): unknown {
  if (result instanceof ErrorFrame) return failureOf(request, result);
  return resultOf(request, result instanceof Reply ? result.value : result);
}

/** Says in JSON-RPC what went wrong outside of it. */
function refuse({ format, value }: Message, frame: ErrorFrame): Answer {
  if (value instanceof Uint8Array) {
    return format === 'json' && looksLikeRpc(value)
      ? reply(errorOf(objects, null, PARSE_ERROR))
      : unknown;
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const requests = items.map(readEnvelope).filter((request) => request !== undefined);
  if (requests.length === 0) return unknown;
  const responses = requests
    .filter(({ id }) => isId(id))
    .map((request) => failureOf(request, frame));
  if (responses.length === 0) return nothing;
  return reply(Array.isArray(value) ? responses : responses[0]);
}

/** Did the sender of bytes that are no JSON mean JSON-RPC? Its first member nearly always says so. */
function looksLikeRpc(payload: Uint8Array): boolean {
  return new TextDecoder().decode(payload.subarray(0, 1_024)).includes('"jsonrpc"');
}
