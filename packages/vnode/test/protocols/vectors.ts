/** Runs the conversations of the golden vectors: each step is said, and what comes back is compared. */
import { Atom, atom, ImproperList, Io, parseEvents, Tuple, textOf, tuple } from '@n2o/shared';
import { expect } from 'vitest';
import { readPostback } from '../../src/protocols/postback.ts';
import { fromTerm, lines } from '../services/vectors.ts';
import type { Ended, Pages } from './pages.ts';

interface Random {
  readonly as: string;
  readonly text: string;
  readonly term: unknown;
}

interface Output {
  readonly kind: string;
  readonly text?: string;
  readonly hex?: string;
  readonly term?: unknown;
  readonly random?: readonly Random[];
}

export interface Step {
  readonly in: {
    readonly kind: string;
    readonly text?: string;
    readonly hex?: string;
    readonly term?: unknown;
    readonly topic?: string;
  };
  readonly out: Output;
  readonly pushed?: readonly Output[];
}

export interface Conversation {
  readonly impl: string;
  readonly name: string;
  readonly transport: string;
  readonly formatter?: string;
  readonly token_cookie?: string;
  readonly env?: unknown;
  readonly steps: readonly Step[];
  readonly files_after?: unknown;
}

/** All conversations. */
export function conversations(): readonly Conversation[] {
  return lines('frames.jsonl') as unknown as readonly Conversation[];
}

/**
 * How a conversation went: for each step what is wrong, `undefined` where it is as with N2O. A frame
 * of N2O's that is empty is none here.
 * @param over how its events are addressed, unless they name their topic themselves
 */
export async function converse(
  { steps, token_cookie = '' }: Conversation,
  pages: Pages,
  over: 'websocket' | 'mqtt' = 'websocket',
): Promise<readonly (string | undefined)[]> {
  /** What N2O's server made up → what ours did in its place. */
  const own = new Map<string, string>();
  const faults: (string | undefined)[] = [];
  for (const step of steps) {
    try {
      await check(step, await run(step, pages, over, token_cookie, own), pages, own);
      faults.push(undefined);
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return faults;
}

/** What is sent to us in place of what was sent to N2O. */
function run(
  { in: said }: Step,
  pages: Pages,
  over: 'websocket' | 'mqtt',
  cookie: string,
  own: ReadonlyMap<string, string>,
): Promise<Ended> {
  const bytes = Uint8Array.from(Buffer.from(said.hex ?? '', 'hex'));
  const message =
    said.text ?? (said.term === undefined ? bytes : replaced(fromTerm(said.term), own));
  const topic = over === 'mqtt' ? (said.topic ?? `events/1/7/index/joe/c/${cookie}`) : said.topic;
  const address = parseEvents((topic ?? '').replace(/^\//, ''));
  const { client = 'c', user = '', token = cookie } = address ?? {};
  const origin = said.kind === 'server-message' ? 'server' : undefined;
  return pages.say(message, { client, user, token: own.get(token) ?? token, origin });
}

async function check(
  step: Step,
  ended: Ended,
  pages: Pages,
  own: Map<string, string>,
): Promise<void> {
  const wanted = step.pushed?.[0] ?? step.out;
  if (wanted.kind === 'text' && wanted.text !== '') {
    expect(textOf(ended.bytes ?? new Uint8Array())).toBe(wanted.text);
    return;
  }
  if (wanted.term === undefined) {
    // N2O's `{binary, <<>>}`, or nothing at all.
    expect([wanted.hex || 'nothing', ended.outcome]).toEqual([
      'nothing',
      expect.not.stringMatching('reply'),
    ]);
    expect(step.out.kind).not.toBe('crash');
    return;
  }
  const made = await madeUp(ended.value, pages);
  const masked = new Map(made.map(({ as, text }) => [text, as]));
  expect(asLists(replaced(ended.value, masked))).toEqual(asLists(fromTerm(wanted.term)));
  for (const [i, { text, as, term }] of (wanted.random ?? []).entries()) {
    const ours = made.filter((one) => one.as === as)[0] ?? made[i];
    own.set(text, ours?.text ?? text);
    if (as === 'PICKLE')
      expect(asTexts(ours?.postback)).toEqual(asTexts(readPostback(fromTerm(term))));
  }
}

/** The tokens and pickles in an answer of ours. */
async function madeUp(value: unknown, { services }: Pages) {
  const made: { as: string; text: string; postback?: unknown }[] = [];
  if (!(value instanceof Io)) return made;
  const code = textIn(value.eval);
  for (const [, text = ''] of code.matchAll(/bin\('([\w-]{20,})'\)/g)) {
    const postback = readPostback(services.pickler.depickle(text));
    if (postback !== undefined) made.push({ as: 'PICKLE', text, postback });
  }
  const token = value.data instanceof Tuple ? textIn(value.data.items[1]) : '';
  if (await services.sessions.find(token)) made.push({ as: 'TOKEN', text: token });
  return made;
}

/** The value with each of the texts replaced, wherever it stands in a binary. */
function replaced(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (value instanceof Uint8Array) {
    let text = textOf(value);
    if (text === undefined) return value;
    for (const [from, to] of texts) text = text.replaceAll(from, to);
    return new TextEncoder().encode(text);
  }
  return mapped(value, (item) => replaced(item, texts));
}

/** Strings as lists of their chars, as which Erlang has them, and binaries by themselves. */
function asLists(value: unknown): unknown {
  if (typeof value === 'string') return Array.from(value, (char) => char.codePointAt(0));
  if (value instanceof Uint8Array)
    return { binary: textOf(value) ?? Buffer.from(value).toString('hex') };
  return mapped(value, asLists);
}

/** All that Erlang can write text as, as text. */
function asTexts(value: unknown): unknown {
  if (value instanceof Atom || value instanceof Uint8Array) return textIn(value);
  if (typeof value === 'object' && value?.constructor === Object) {
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, asTexts(held)]));
  }
  return mapped(value, asTexts);
}

function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  if (value instanceof Io) return tuple(atom('io'), change(value.eval), change(value.data));
  if (value instanceof Tuple) return new Tuple(value.items.map(change));
  if (value instanceof ImproperList) {
    return new ImproperList(value.items.map(change), change(value.tail));
  }
  return Array.isArray(value) ? value.map(change) : value;
}

function textIn(value: unknown): string {
  if (value instanceof Uint8Array) return textOf(value) ?? '';
  return value instanceof Atom ? value.name : typeof value === 'string' ? value : '';
}
