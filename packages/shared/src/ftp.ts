/** N2O's file transfer messages, `{ftp, …}` from clients and `{ftpack, …}` to them: read and written. */
import { Atom, atom } from './formatters/bert/atom.ts';
import { Tuple, tuple } from './formatters/bert/term.ts';
import { binary, textOf } from './formatters/utf8.ts';

const TAGS = { ftp: atom('ftp'), ftpack: atom('ftpack') } as const;

/** Elements of the tuple up to N2O 6, and since. */
const SHORT = 10;
const LONG = 11;

export interface FtpMessage {
  /** What the client calls the transfer. */
  readonly id: string;
  /** N2O's browser files put the token of their session here. */
  readonly sid: string;
  /** Empty where it is no text. */
  readonly name: string;
  /** Whatever the application wants to go along. */
  readonly meta: unknown;
  /** Bytes of the whole file; NaN where it is no count. So are the next two. */
  readonly size: number;
  readonly offset: number;
  /** Bytes of this block, or wanted of the next; in an answer 0 ends it. */
  readonly block: number;
  readonly data: Uint8Array;
  /** What is asked for or answered: text of clients, a tuple of N2O's own. */
  readonly status: string | Tuple;
  /** `undefined` in N2O 6's form, which has none. */
  readonly options: ReadonlyMap<string, string> | undefined;
}

/** Reads a message of this tag; `undefined` for anything else. */
export function readFtp(tag: keyof typeof TAGS, value: unknown): FtpMessage | undefined {
  if (!(value instanceof Tuple) || value.items[0] !== TAGS[tag]) return undefined;
  if (value.length !== SHORT && value.length !== LONG) return undefined;
  const [, id, sid, name, meta, size, offset, block, data, status, options] = value.items;
  const idText = textIn(id);
  const statusText = status instanceof Tuple ? status : textIn(status);
  if (idText === undefined || statusText === undefined) return undefined;
  return {
    id: idText,
    sid: textIn(sid) ?? '',
    name: textIn(name) ?? '',
    meta,
    size: countIn(size),
    offset: countIn(offset),
    block: countIn(block),
    data: data instanceof Uint8Array ? data : new Uint8Array(),
    status: statusText,
    options: value.length === SHORT ? undefined : readOptions(options),
  };
}

/** Writes a message, in N2O 6's form where it has no options. */
export function writeFtp(tag: keyof typeof TAGS, message: FtpMessage): Tuple {
  const { id, sid, name, meta, size, offset, block, data, status, options } = message;
  const counts = [size, offset, block].map((count) => count || 0); // of what is no count there is none
  const items = [TAGS[tag], binary(id), binary(sid), binary(name), meta, ...counts, data];
  const last = typeof status === 'string' ? binary(status) : status;
  if (options === undefined) return tuple(...items, last);
  const list = [...options].map(([key, text]) => tuple(atom(key), binary(text)));
  return tuple(...items, last, list);
}

/** A list of `{name, <<"text">>}`; what else is in it is left out. */
function readOptions(list: unknown): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const item of Array.isArray(list) ? list : []) {
    if (!(item instanceof Tuple) || item.length !== 2) continue;
    const [name, text] = item.items.map(textIn);
    if (name !== undefined && text !== undefined) options.set(name, text);
  }
  return options;
}

/** Erlang says text as an atom, a binary or a string. */
function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Atom) return value.name;
  if (Array.isArray(value) && value.length === 0) return '';
  return value instanceof Uint8Array ? textOf(value) : undefined;
}

function countIn(value: unknown): number {
  const count = typeof value === 'bigint' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0
    ? count
    : Number.NaN;
}
