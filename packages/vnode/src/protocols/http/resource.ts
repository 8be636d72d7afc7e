/** Resources: what `rest` of a module serves, at `/rest/:resource[/:id]`. */
import {
  type Context,
  ERRORS,
  type ErrorCode,
  ErrorFrame,
  FORMAT_LIMITS,
  type HttpRequest,
  type HttpResponse,
  N2OError,
  type Resource,
  scanJson,
} from '@n2o/shared';
import { tokenOf } from './cookie.ts';
import { empty, json, jsonError } from './response.ts';

/** For each method what answers it; which there are depends on the resource, and on whether an id is named. */
type Verbs = Readonly<Record<string, (() => Promise<HttpResponse>) | undefined>>;

/** What is nested deeper no store could keep. How many members there are is bounded by the size of the body. */
const LIMITS = { ...FORMAT_LIMITS, terms: Number.POSITIVE_INFINITY };

/** What a number beyond those of JavaScript has in it, and few texts besides. */
const HUGE = /\d[eE]\+?\d|(?:^|\D)\d{309}/;

/** Answers a request for a resource. @throws what the resource throws; N2O_REST_TYPE, N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT for its body */
export async function answerResource(
  request: HttpRequest,
  context: Context,
): Promise<HttpResponse> {
  const { rest } = context.app;
  if (rest === undefined) return errorOf('N2O_HTTP_PATH');
  const identity = await identityOf(request, context);
  if (identity !== undefined) context.session.adopt(identity);
  const verbs = request.id === '' ? ofAll(rest, request, context) : ofOne(rest, request, context);
  const { method } = request;
  const run = Object.hasOwn(verbs, method) ? verbs[method] : undefined;
  if (run !== undefined) return run();
  const allow = Object.keys(verbs).filter((name) => verbs[name] !== undefined);
  if (method === 'OPTIONS') return empty(204, { allow: allow.join(', ') });
  return errorOf('N2O_HTTP_METHOD', { allow: allow.join(', ') });
}

/** What can be done with all of a resource. */
function ofAll(rest: Resource, request: HttpRequest, context: Context): Verbs {
  const list = async () => {
    const query = Object.fromEntries(new URLSearchParams(request.query));
    return found(await rest.list?.(query, context));
  };
  const create = async () => {
    const made = await rest.create?.(bodyOf(request), context);
    const id = idOf(made);
    const location =
      id === undefined
        ? {}
        : { location: `${request.path.replace(/\/$/, '')}/${encodeURIComponent(id)}` };
    return made === undefined ? empty(201, location) : json(201, made, location);
  };
  return {
    GET: rest.list && list,
    HEAD: rest.list && list,
    POST: rest.create && create,
  };
}

/** What can be done with one of a resource. */
function ofOne(rest: Resource, request: HttpRequest, context: Context): Verbs {
  const { id } = request;
  const get = async () => found(await rest.get?.(id, context));
  const remove = async () => ((await rest.delete?.(id, context)) ? empty(204) : missing());
  return {
    GET: rest.get && get,
    HEAD: rest.get && get,
    PUT: rest.update && (async () => found(await rest.update?.(id, bodyOf(request), context))),
    DELETE: rest.delete && remove,
  };
}

async function identityOf(request: HttpRequest, { services }: Context) {
  const token = tokenOf(request);
  return token === '' ? undefined : services.sessions.find(token);
}

/** The value of the body. @throws N2O_REST_TYPE, N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT */
function bodyOf({ headers, body }: HttpRequest): unknown {
  const type = (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) {
    throw new N2OError('N2O_REST_TYPE');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    scanJson(text, LIMITS, 'json');
    const value: unknown = JSON.parse(text);
    if (!HUGE.test(text) || isFiniteAll(value)) return value;
    throw new N2OError('N2O_FORMAT_DECODE', 'a number of the body is too large');
  } catch (cause) {
    if (cause instanceof N2OError) throw cause;
    throw new N2OError('N2O_FORMAT_DECODE', 'the body is not JSON', { cause });
  }
}

/** Without numbers that JavaScript has read as infinite, which no JSON can write and no store can keep. */
function isFiniteAll(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isFiniteAll);
}

/** As it can stand in an address, which half a surrogate pair cannot: it is too late to refuse what is made. */
function idOf(made: unknown): string | undefined {
  if (typeof made !== 'object' || made === null || !('id' in made)) return undefined;
  const { id } = made;
  return typeof id === 'string' || typeof id === 'number'
    ? String(id).replace(/\p{Surrogate}/gu, '\ufffd')
    : undefined;
}

function found(value: unknown): HttpResponse {
  return value === undefined ? missing() : json(200, value);
}

function missing(): HttpResponse {
  return errorOf('N2O_HTTP_PATH');
}

function errorOf(code: ErrorCode, headers?: Readonly<Record<string, string>>): HttpResponse {
  return jsonError(new ErrorFrame(code, ERRORS[code]), headers);
}
