/** What the HTTP port asks of a vnode and is answered, as values of messages in BERT. */
import { atom } from './formatters/bert/atom.ts';
import { Tuple, tuple } from './formatters/bert/term.ts';
import { binary, textOf } from './formatters/utf8.ts';

/** A request for a page (`/app/:module`), a resource (`/rest/:resource[/:id]`), or the cookie of a session. */
export interface HttpRequest {
  readonly kind: 'app' | 'rest' | 'session';
  /** `https` where the browser has asked over TLS. */
  readonly scheme: 'http' | 'https';
  /** In upper case. */
  readonly method: string;
  /** As it came: still encoded, without the query. */
  readonly path: string;
  /** What stands after the `?`, as it came; empty where there is none. */
  readonly query: string;
  /** Lower-case name → value; only those of `REQUEST_HEADERS`. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** What is asked for: the module of the page or resource. */
  readonly resource: string;
  /** Decoded; empty where the path has none. */
  readonly id: string;
}

export interface HttpResponse {
  /** 200..599 */
  readonly status: number;
  /** Lower-case name → value. */
  readonly headers: ReadonlyMap<string, string>;
  /** Empty in an answer to HEAD, whose `content-length` says what GET would give. */
  readonly body: Uint8Array;
}

/** The headers that go along with a request. */
export const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'authorization',
  'content-type',
  'cookie',
  'host',
  'if-none-match',
  'origin',
  'x-auth-token',
] as const;

const HTTP = atom('http');

/**
 * A request as the message `{http, Head, Body}`. The head is a list in JSON, which is written and
 * read in a fraction of the time that a map of binaries takes.
 */
export function writeRequest(request: HttpRequest): Tuple {
  const { kind, scheme, method, path, query, resource, id, headers, body } = request;
  return write([kind, scheme, method, path, query, resource, id], headers, body);
}

/** Reads what `writeRequest` wrote; `undefined` for anything else. */
export function readRequest(value: unknown): HttpRequest | undefined {
  const [head, body] = read(value) ?? [];
  if (head === undefined || body === undefined || !head.every(isText)) return undefined;
  const [kind, scheme, method, path, query, resource, id] = head;
  if (kind !== 'app' && kind !== 'rest' && kind !== 'session') return undefined;
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  if (method === undefined || path === undefined || query === undefined) return undefined;
  if (resource === undefined || id === undefined) return undefined;
  const headers = readHeaders(head, 7);
  return headers && { kind, scheme, method, path, query, headers, body, resource, id };
}

/** A response as the message `{http, Head, Body}`. */
export function writeResponse({ status, headers, body }: HttpResponse): Tuple {
  return write([status], headers, body);
}

/** Reads what `writeResponse` wrote; `undefined` for anything else, such as an error frame. */
export function readResponse(value: unknown): HttpResponse | undefined {
  const [head, body] = read(value) ?? [];
  if (head === undefined || body === undefined) return undefined;
  const [status] = head;
  if (typeof status !== 'number' || !(status >= 200 && status <= 599)) return undefined;
  const headers = readHeaders(head, 1);
  return headers && { status, headers, body };
}

/** The names and values of the headers follow what comes before them. */
function write(
  before: (string | number)[],
  headers: ReadonlyMap<string, string>,
  body: Uint8Array,
): Tuple {
  for (const [name, value] of headers) before.push(name, value);
  return tuple(HTTP, binary(JSON.stringify(before)), body);
}

function read(value: unknown): [head: readonly unknown[], body: Uint8Array] | undefined {
  if (!(value instanceof Tuple) || value.length !== 3 || value.items[0] !== HTTP) return undefined;
  const [, bytes, body] = value.items;
  if (!(bytes instanceof Uint8Array) || !(body instanceof Uint8Array)) return undefined;
  try {
    const head: unknown = JSON.parse(textOf(bytes) ?? '');
    return Array.isArray(head) ? [head, body] : undefined;
  } catch {
    return undefined;
  }
}

function readHeaders(
  head: readonly unknown[],
  from: number,
): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let i = from; i < head.length; i += 2) {
    const [name, value] = [head[i], head[i + 1]];
    if (!isText(name) || !isText(value)) return undefined;
    headers.set(name, value);
  }
  return headers;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
