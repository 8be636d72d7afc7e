/** What the HTTP port asks of a vnode and is answered, as values of messages in BERT. */
import { Atom, atom } from './formatters/bert/atom.ts';
import { Tuple, tuple } from './formatters/bert/term.ts';
import { binary, textOf } from './formatters/utf8.ts';

/** A request for a page (`/app/:module`) or a resource (`/rest/:resource[/:id]`). */
export interface HttpRequest {
  readonly kind: 'app' | 'rest';
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

const FIELDS = ['kind', 'scheme', 'method', 'path', 'query', 'resource', 'id', 'headers', 'body'];

/** The names that every request has, written once. */
const NAMES: ReadonlyMap<string, Uint8Array> = new Map(
  [...FIELDS, ...REQUEST_HEADERS].map((name) => [name, binary(name)]),
);

/** A request as the message `{http, #{…}}`. */
export function writeRequest(request: HttpRequest): Tuple {
  const { headers, body, ...texts } = request;
  const fields = Object.entries(texts).map(([name, text]) => [nameOf(name), binary(text)] as const);
  return tuple(
    HTTP,
    new Map<Uint8Array, unknown>([
      ...fields,
      [nameOf('headers'), writeTexts(headers)],
      [nameOf('body'), body],
    ]),
  );
}

/** Reads what `writeRequest` wrote; `undefined` for anything else. */
export function readRequest(value: unknown): HttpRequest | undefined {
  if (!(value instanceof Tuple) || value.length !== 2 || value.items[0] !== HTTP) return undefined;
  const fields = readNames(value.items[1]);
  const headers = readTexts(fields?.get('headers'));
  const body = fields?.get('body');
  const text = (name: string) => readText(fields?.get(name));
  const [kind, method, path] = [text('kind'), text('method'), text('path')];
  const [query, resource, id] = [text('query'), text('resource'), text('id')];
  if (kind !== 'app' && kind !== 'rest') return undefined;
  if (method === undefined || path === undefined || query === undefined) return undefined;
  if (resource === undefined || id === undefined || headers === undefined) return undefined;
  if (!(body instanceof Uint8Array)) return undefined;
  const scheme = text('scheme') === 'https' ? 'https' : 'http';
  return { kind, scheme, method, path, query, headers, body, resource, id };
}

/** A response as the message `{http, Status, Headers, Body}`. */
export function writeResponse({ status, headers, body }: HttpResponse): Tuple {
  return tuple(HTTP, status, writeTexts(headers), body);
}

/** Reads what `writeResponse` wrote; `undefined` for anything else, such as an error frame. */
export function readResponse(value: unknown): HttpResponse | undefined {
  if (!(value instanceof Tuple) || value.length !== 4 || value.items[0] !== HTTP) return undefined;
  const [, status, pairs, body] = value.items;
  const headers = readTexts(pairs);
  if (typeof status !== 'number' || !(status >= 200 && status <= 599)) return undefined;
  return headers && body instanceof Uint8Array ? { status, headers, body } : undefined;
}

function writeTexts(texts: ReadonlyMap<string, string>): Map<Uint8Array, Uint8Array> {
  return new Map([...texts].map(([name, text]) => [nameOf(name), binary(text)]));
}

function nameOf(name: string): Uint8Array {
  return NAMES.get(name) ?? binary(name);
}

function readTexts(value: unknown): ReadonlyMap<string, string> | undefined {
  const texts = new Map<string, string>();
  for (const [name, held] of readNames(value) ?? []) {
    const text = readText(held);
    if (text === undefined) return undefined;
    texts.set(name, text);
  }
  return value instanceof Map ? texts : undefined;
}

/** A map by its keys as text; what has other keys is left out. */
function readNames(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (!(value instanceof Map)) return undefined;
  const names = new Map<string, unknown>();
  for (const [key, held] of value) {
    const name = key instanceof Atom ? key.name : readText(key);
    if (name !== undefined) names.set(name, held);
  }
  return names;
}

function readText(value: unknown): string | undefined {
  return value instanceof Uint8Array ? textOf(value) : undefined;
}
