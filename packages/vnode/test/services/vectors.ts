/** Runs golden vectors against services: lines as Erlang's N2O wrote them, and what we differ in by name. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { atom, Bits, binary, Float, ImproperList, Tuple, tuple } from '@n2o/shared';
import { expect } from 'vitest';
import { Tally } from './tally.ts';

const FOLDER =
  process.env.VECTORS ?? fileURLToPath(new URL('../../../../../shared/vectors', import.meta.url));

/** A line of a file of vectors; the README beside them says what its fields mean. */
export type Line = Readonly<Record<string, unknown>>;

/** Lines that we knowingly treat otherwise. */
export interface Difference {
  readonly reason: string;
  readonly covers: (line: Line) => boolean;
}

/** How many lines were read, held, and are different for a reason. */
export interface Counts {
  readonly read: number;
  readonly passed: number;
  readonly different: number;
}

/** All lines of a file. */
export function lines(file: string): Line[] {
  const path = `${FOLDER}/${file}`;
  expect(existsSync(path), `${path} is missing; VECTORS names another folder`).toBe(true);
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text): Line => JSON.parse(text));
}

/**
 * Holds every line of a file to a check, which throws where we differ: then the line must be in the
 * table of differences, and only then.
 */
export async function run(
  file: string,
  check: (line: Line) => unknown,
  differences: readonly Difference[],
): Promise<Counts> {
  const tally = new Tally(differences.map(({ reason }) => reason));
  const wrong: string[] = [];
  const all = lines(file);
  for (const [i, line] of all.entries()) {
    const known = differences.find(({ covers }) => covers(line));
    const failure = await failureOf(() => check(line));
    if (known !== undefined) tally.count(known.reason);
    if (failure !== undefined && known === undefined) {
      wrong.push(`line ${i + 1}: ${failure}\n  ${JSON.stringify(line).slice(0, 300)}`);
    } else if (failure === undefined && known !== undefined) {
      wrong.push(`line ${i + 1} is no longer different: ${known.reason}`);
    }
  }
  const different = tally.total;
  const passed = all.length - different;
  const headline = `${file}: ${all.length} read, ${passed} passed, ${different} knowingly different`;
  tally.end(headline, 'line', wrong);
  return { read: all.length, passed, different };
}

async function failureOf(check: () => unknown): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The value that a term of the vectors stands for. */
export function fromTerm(term: unknown): unknown {
  const [entry] = Object.entries(term as Line);
  if (entry === undefined) throw new TypeError(`no term: ${JSON.stringify(term)}`);
  const [kind, held] = entry;
  const items = () => (held as readonly unknown[]).map(fromTerm);
  switch (kind) {
    case 'a':
      return held === 'undefined' ? undefined : held === 'true' ? true : atom(String(held));
    case 'b':
      return Uint8Array.from(Buffer.from(String(held), 'hex'));
    case 'i':
      return integerOf(String(held));
    case 'f':
      return Number.isSafeInteger(Number(held)) ? new Float(Number(held)) : Number(held);
    case 's':
      return held;
    case 't':
      return new Tuple(items());
    case 'l':
      return items();
    case 'il': {
      const [list, tail] = held as readonly [readonly unknown[], unknown];
      return new ImproperList(list.map(fromTerm), fromTerm(tail));
    }
    case 'm': {
      const pairs = held as readonly (readonly [unknown, unknown])[];
      return new Map(pairs.map(([key, value]) => [fromTerm(key), fromTerm(value)]));
    }
    default:
      throw new TypeError(`no term: ${kind}`);
  }
}

function integerOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** A value of each kind that services must bring back as it was, by what it is called. */
export const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  'a number': 42,
  'a fraction': 0.1,
  'minus zero': -0,
  'an integer of any size': 2n ** 80n,
  'an integer of ten thousand digits': 10n ** 10_000n,
  text: 'привіт, 世界 👋',
  'half a surrogate pair': '\ud800',
  'an empty text': '',
  bytes: Uint8Array.of(0, 1, 255),
  'bytes that are text': binary('text'),
  'a list of bytes, which is no text': [104, 105],
  'an empty list': [],
  'a list with a hole': [1, undefined, 3],
  'a record': { name: 'max', age: 7, tags: ['a', 'b'], nested: { deep: true } },
  'a record like a tree': { t: 100, v: 'ok' },
  'a record with a name of all objects': JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
  'a member that is undefined': { kept: 1, gone: undefined },
  'an atom': atom('ok'),
  'a tuple': tuple(atom('user'), binary('max'), 'max', 1, [tuple()]),
  'a map': new Map<unknown, unknown>([
    [atom('a'), 1],
    [tuple(1, 2), 'pair'],
    ['text', binary('bytes')],
  ]),
  'a float': new Float(1),
  'an improper list': new ImproperList([1, 2], 3),
  'a bitstring': new Bits(Uint8Array.of(160), 3),
};
