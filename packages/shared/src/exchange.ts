/** What the HTTP port asks of a vnode and is answered, as values of messages in BERT. */
import { N2OError } from './errors.ts';
import { atom } from './formatters/bert/atom.ts';
import { writeBinary, writeText } from './formatters/bert/scalar.ts';
import { Tuple, Written } from './formatters/bert/term.ts';
import { textOf } from './formatters/utf8.ts';
import type { Writer } from './formatters/writer.ts';
import { unescaped } from './percent.ts';

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

/** An answer; a body that is text goes as UTF-8. */
export interface HttpResponse<Body extends Uint8Array | string = Uint8Array | string> {
  /** 200..599 */
  readonly status: number;
  /** Lower-case name → value. */
  readonly headers: ReadonlyMap<string, string>;
  /** That of GET in an answer to HEAD, which is as good or as bad then; or empty, and a `content-length` says how long that is. */
  readonly body: Body;
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

/** BERT of `{http, Head, Body}` before its head: a tuple of three, and the atom. */
const BEGINNING = Uint8Array.of(104, 3, 100, 0, 4, 0x68, 0x74, 0x74, 0x70);

/** Writes itself faster than a tuple of two copies of the same. */
class HttpMessage extends Written {
  readonly #head: string;
  readonly #body: Uint8Array | string;

  constructor(head: string, body: Uint8Array | string) {
    super();
    this.#head = head;
    this.#body = body;
  }

  write(out: Writer): void {
    out.copy(BEGINNING);
    writeText(out, this.#head);
    // Half a surrogate pair, for which UTF-8 has no form, goes as U+FFFD.
    if (typeof this.#body === 'string')
      writeText(out, this.#body.replace(/\p{Surrogate}/gu, '\ufffd'));
    else writeBinary(out, this.#body);
  }
}

/**
 * A request as the message `{http, Head, Body}`, which writes itself. The head is text in lines, which is
 * written and read in a fraction of the time that a map of binaries takes.
 * @throws N2O_HTTP_FAILED where a header has a line break in it
 */
export function writeRequest(request: HttpRequest): Written {
  const { kind, scheme, method, path, query, resource, id, headers, body } = request;
  // Two of these are decoded. An id may be any text; names of modules with a line break the port does not take.
  const before = `${kind}\n${scheme}\n${method}\n${path}\n${query}\n${resource}\n${encodeURIComponent(id)}`;
  return write(before, headers, body);
}

/** Reads what `writeRequest` wrote; `undefined` for anything else. */
export function readRequest(value: unknown): HttpRequest | undefined {
  const [lines, body] = read(value) ?? [];
  if (lines === undefined || body === undefined) return undefined;
  const [kind, scheme, method, path, query, resource, id] = lines;
  if (kind !== 'app' && kind !== 'rest' && kind !== 'session') return undefined;
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  if (method === undefined || path === undefined || query === undefined) return undefined;
  if (resource === undefined || id === undefined) return undefined;
  const decoded = unescaped(id);
  const headers = readHeaders(lines, 7);
  if (headers === undefined || decoded === undefined) return undefined;
  return { kind, scheme, method, path, query, headers, body, resource, id: decoded };
}

/**
 * A response as the message `{http, Head, Body}`, which writes itself.
 * @throws N2O_HTTP_FAILED where a header has a line break in it
 */
export function writeResponse({ status, headers, body }: HttpResponse): Written {
  return write(`${status}`, headers, body);
}

/** Reads what `writeResponse` wrote; `undefined` for anything else, such as an error frame. */
export function readResponse(value: unknown): HttpResponse<Uint8Array> | undefined {
  const [lines, body] = read(value) ?? [];
  if (lines === undefined || body === undefined) return undefined;
  const status = Number(lines[0]);
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) return undefined;
  const headers = readHeaders(lines, 1);
  return headers && { status, headers, body };
}

/** The names and values of the headers follow what comes before them. */
function write(
  before: string,
  headers: ReadonlyMap<string, string>,
  body: Uint8Array | string,
): Written {
  let head = before;
  for (const [name, value] of headers) head += line(name) + line(value);
  return new HttpMessage(head, body);
}

function line(text: string): string {
  if (text.includes('\n')) throw new N2OError('N2O_HTTP_FAILED', 'a header with a line break');
  return `\n${text}`;
}

function read(value: unknown): [lines: readonly string[], body: Uint8Array] | undefined {
  if (!(value instanceof Tuple) || value.length !== 3 || value.items[0] !== HTTP) return undefined;
  const [, head, body] = value.items;
  if (!(head instanceof Uint8Array) || !(body instanceof Uint8Array)) return undefined;
  const text = textOf(head);
  return text === undefined ? undefined : [text.split('\n'), body];
}

function readHeaders(
  lines: readonly string[],
  from: number,
): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let i = from; i < lines.length; i += 2) {
    const [name, value] = [lines[i], lines[i + 1]];
    if (name === undefined || value === undefined) return undefined;
    // What is written elsewhere may be in any case. Ours is lower, of which no copy is made.
    headers.set(name.toLowerCase(), value);
  }
  return headers;
}
