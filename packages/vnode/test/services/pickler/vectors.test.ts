import { createBert, Tuple } from '@n2o/shared';
import { expect, it } from 'vitest';
import { type LegacyForm, writeLegacy } from '../../../src/services/pickler/legacy.ts';
import { createPickler } from '../../../src/services/pickler/pickler.ts';
import { createPlainPickler } from '../../../src/services/pickler/plain.ts';
import { type Difference, fromTerm, type Line, run } from '../vectors.ts';

const hex = (text: unknown) => Buffer.from(String(text), 'hex');
const cased = (text: string) => (line: Line) => String(line.case).startsWith(text);

const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'atoms are values like any other: there is no table of those that a node knows',
    covers: (line) => line.form === 'hex' && cased('valid signature, atom the node')(line),
  },
  {
    reason: 'after a term there may be the zeros of its padding, and nothing else',
    covers: cased('valid signature, PKCS#7 padding'),
  },
  {
    reason: 'a text has one spelling: no digit too many, no newline in it',
    covers: (line) => cased('one odd hex digit')(line) || cased('base64 with a newline')(line),
  },
  {
    reason: 'one pickler reads all forms, by their contents: also hex of what was once base64',
    covers: cased('hex instead of base64'),
  },
];

const bert = createBert();

function check(line: Line): void {
  const { kind, form, depickled } = line;
  const pickler =
    line.secret === undefined
      ? createPlainPickler()
      : createPickler({ secrets: [hex(line.secret).toString()], legacy: true });
  const text = (line.pickled ?? fromTerm(line.pickled_term)) as string;
  if (kind === 'valid') {
    const written = bert.encode(fromTerm(line.plain_term ?? line.term));
    const iv = hex(line.iv);
    expect(writeLegacy(form as LegacyForm, hex(line.secret), iv, written)).toBe(text);
  }
  const isRefused = line.ok === false || kind === 'plain-bad';
  const expected = isRefused ? undefined : fromTerm(depickled ?? line.term);
  expect(asLists(pickler.depickle(text))).toEqual(asLists(expected));
}

/** In Erlang text is a list of its characters. */
function asLists(value: unknown): unknown {
  if (typeof value === 'string') return Array.from(value, (char) => char.codePointAt(0));
  if (Array.isArray(value)) return value.map(asLists);
  if (value instanceof Tuple) return new Tuple(value.items.map(asLists));
  return value;
}

it('reads and writes the pickles of N2O as N2O does', async () => {
  expect(await run('pickle.jsonl', check, DIFFERENCES)).toEqual({
    read: 253,
    passed: 244,
    different: 9,
  });
});
