/** The outer form of JSON-RPC messages: an object, or a map as BERT has them, with the same members. */
import { Atom, atom, binary, textOf } from '@n2o/shared';

/** How an answer is written: as its request was. */
export interface Form {
  object(members: Readonly<Record<string, unknown>>): unknown;
  text(text: string): unknown;
}

/** A request's members, `undefined` where there is none, and how to answer it. */
export interface Envelope {
  readonly jsonrpc: unknown;
  readonly method: unknown;
  readonly params: unknown;
  readonly id: unknown;
  readonly form: Form;
}

const MEMBERS = ['jsonrpc', 'method', 'params', 'id'] as const;

/** The form of JSON. */
export const objects: Form = { object: (members) => members, text: (text) => text };

/** Reads an object or map that has a member `jsonrpc`; `undefined` for anything else. */
export function readEnvelope(value: unknown): Envelope | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Map) return readMap(value);
  if (!Object.hasOwn(value, 'jsonrpc')) return undefined;
  const { jsonrpc, method, params, id } = value as Readonly<Record<string, unknown>>;
  return { jsonrpc, method, params, id, form: objects };
}

/** The text of a value: Erlang says it as an atom, a binary or a string. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Atom) return value.name;
  return value instanceof Uint8Array ? textOf(value) : undefined;
}

/** Is it a request as the specification wants it? Its parameters aside, which have an error of their own. */
export function isValid({ jsonrpc, method, id }: Envelope): boolean {
  if (textIn(jsonrpc) !== '2.0' || textIn(method) === undefined) return false;
  return id === undefined || isId(id);
}

/** Ids are strings, numbers and null; a binary is BERT's string. */
export function isId(id: unknown): boolean {
  const type = typeof id;
  if (type === 'string' || type === 'number' || type === 'bigint') return true;
  return id === null || id instanceof Uint8Array;
}

/** Parameters are a list or an object, if there are any. */
export function isStructured(params: unknown): boolean {
  if (params === undefined || Array.isArray(params) || params instanceof Map) return true;
  if (typeof params !== 'object' || params === null) return false;
  return Object.getPrototypeOf(params) === Object.prototype;
}

function readMap(map: ReadonlyMap<unknown, unknown>): Envelope | undefined {
  let form: Form | undefined;
  for (const key of map.keys()) if (isNamed(key, 'jsonrpc')) form = maps(key);
  if (form === undefined) return undefined;
  const members: Partial<Record<string, unknown>> = {};
  for (const [key, value] of map) {
    const name = MEMBERS.find((member) => isNamed(key, member));
    if (name !== undefined) members[name] = value;
  }
  const { jsonrpc, method, params, id } = members;
  return { jsonrpc, method, params: listIn(params), id, form };
}

/** Is this key the name, in any of Erlang's ways? Most messages are none of ours: it must be cheap. */
export function isNamed(key: unknown, name: string): boolean {
  if (key instanceof Uint8Array && key.length !== name.length) return false;
  return textIn(key) === name;
}

/** A list of bytes, which Erlang writes like a string. */
function listIn(params: unknown): unknown {
  return typeof params === 'string' ? Array.from(params, (byte) => byte.charCodeAt(0)) : params;
}

/** Maps whose keys are what `key` is. */
function maps(key: unknown): Form {
  const write = key instanceof Atom ? atom : key instanceof Uint8Array ? binary : String;
  return {
    object: (members) =>
      new Map(Object.entries(members).map(([name, value]) => [write(name), value])),
    text: binary,
  };
}
