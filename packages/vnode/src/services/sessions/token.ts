/** Session tokens: what the pickle holds that a client shows to get back to its session. */
import { Atom, atom, binary, Tuple, textOf, tuple } from '@n2o/shared';

/** What a token says. */
export interface Token {
  /** 20 to 64 hex digits. */
  readonly sid: string;
  /** Milliseconds since 1970 when it is over, in whole seconds. */
  readonly until: number;
}

/** N2O counts the seconds since the year 0: so many until 1970. */
const YEARS_BEFORE = 62_167_219_200;

/** `{{Sid,auth},{Till,[]}}`, as in N2O. */
export function printToken({ sid, until }: Token): Tuple {
  const till = Math.floor(until / 1_000) + YEARS_BEFORE;
  return tuple(tuple(binary(sid), atom('auth')), tuple(till, []));
}

/** `undefined` for what is no token. */
export function readToken(value: unknown): Token | undefined {
  const [name, held] = pairOf(value) ?? [];
  const [bytes, kind] = pairOf(name) ?? [];
  const [till, nothing] = pairOf(held) ?? [];
  if (!(bytes instanceof Uint8Array) || !(kind instanceof Atom) || kind.name !== 'auth') {
    return undefined;
  }
  if (!Number.isSafeInteger(till) || !Array.isArray(nothing) || nothing.length > 0) {
    return undefined;
  }
  const sid = textOf(bytes);
  if (sid === undefined || !/^[\da-f]{20,64}$/.test(sid)) return undefined;
  return { sid, until: ((till as number) - YEARS_BEFORE) * 1_000 };
}

function pairOf(value: unknown): readonly unknown[] | undefined {
  return value instanceof Tuple && value.length === 2 ? value.items : undefined;
}
