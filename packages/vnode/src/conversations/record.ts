/** How a conversation is written where it is kept. */
import { FORMATS, isQuery } from '@n2o/shared';
import type { Begun } from './conversation.ts';

const RUNTIMES = ['script', 'instructions'] as const;

/** As JSON, in one array. */
export function writeConversation({ identity, runtime, format, query }: Begun): Uint8Array {
  const { sid, token, until } = identity;
  // What is Infinity has no form in JSON.
  const end = Number.isFinite(until) ? until : null;
  return new TextEncoder().encode(JSON.stringify([sid, token, end, runtime, format, query]));
}

/** Reads what `writeConversation` wrote; `undefined` for anything else. */
export function readConversation(bytes: Uint8Array): Begun | undefined {
  const fields = parse(bytes);
  if (!Array.isArray(fields)) return undefined;
  const [sid, token, end, named, written, query = ''] = fields as readonly unknown[];
  const runtime = RUNTIMES.find((name) => name === named);
  const format = FORMATS.find((name) => name === written);
  if (typeof sid !== 'string' || typeof token !== 'string') return undefined;
  if (runtime === undefined || format === undefined) return undefined;
  if (typeof query !== 'string' || !isQuery(query)) return undefined;
  const until = end === null ? Number.POSITIVE_INFINITY : end;
  return typeof until === 'number'
    ? { identity: { sid, token, until }, runtime, format, query }
    : undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
