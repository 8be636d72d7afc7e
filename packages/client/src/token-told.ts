/** The tokens that a server gives to a client: in the answer to INIT, and when its session goes on under another. */
import { Io } from '@n2o/shared';
import { plain } from './plain.ts';

/** What brings a token: `{'Token', Token}` the answer, `{'Auth', Token}` what is said besides all answers. */
export type TokenKind = 'Token' | 'Auth';

/** The token in what a server says; nothing where there is none. */
export function tokenTold(value: unknown): readonly [kind?: TokenKind, token?: string] {
  const pair = value instanceof Io ? plain(value.data) : undefined;
  if (!Array.isArray(pair) || pair.length !== 2) return [];
  const [kind, token] = pair as readonly unknown[];
  if ((kind !== 'Token' && kind !== 'Auth') || typeof token !== 'string') return [];
  return [kind, token];
}
