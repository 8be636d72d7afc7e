/** JSON as Erlang's N2O writes and reads it. */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { N2OError } from '../../src/errors.ts';
import { createFormatters } from '../../src/formatters/formatters.ts';
import { textOf } from '../../src/formatters/utf8.ts';
import { fromTerm } from './terms.ts';
import { bytesOf, type Difference, type Line, run } from './vectors.ts';

const { json } = createFormatters();

/** A term that `n2o_json:decode/1` made, as `JSON.parse` would have made it. */
function parsed(term: unknown): unknown {
  const [kind, held] = Object.entries(term as Line)[0] as [string, unknown];
  switch (kind) {
    case 'b':
      return textOf(bytesOf(held));
    case 'i':
    case 'f':
      return Number(held);
    case 'a':
      return JSON.parse(String(held));
    case 'l':
      return (held as readonly unknown[]).map(parsed);
    default:
      return Object.fromEntries(
        (held as readonly (readonly [unknown, unknown])[]).map(([k, v]) => [parsed(k), parsed(v)]),
      );
  }
}

/** What a client sees that reads a tuple of N2O as `message.v[i].v`. */
function contents(json: unknown): unknown {
  const { t, v } = json as { t?: unknown; v?: unknown };
  return t === 104 ? (v as readonly { v: unknown }[]).map((element) => element.v) : json;
}

const encodes = (line: Line) => line.kind === 'encode';
const data = (line: Line) => JSON.stringify((line.term as { t?: readonly unknown[] })?.t?.at(-1));
const reads =
  (...texts: string[]) =>
  (line: Line) =>
    line.kind === 'decode' && texts.includes(String(line.text));

const differences: readonly Difference[] = [
  {
    reason: 'N2O 4.4 puts the bytes of its BERT in the place of the data',
    covers: (line) => encodes(line) && String(line.impl).startsWith('n2o 4.4'),
  },
  {
    reason: 'N2O calls every triple io',
    covers: (line) => encodes(line) && JSON.stringify(line.term).includes('"other"'),
  },
  {
    reason: 'N2O writes strings as lists of numbers',
    covers: (line) => encodes(line) && JSON.stringify(line.term).includes('"s"'),
  },
  {
    reason: 'N2O writes tuples and maps so that they cannot be read again: as text or as objects',
    covers: (line) => encodes(line) && /^{"[tlm]":\[[^\]]/.test(data(line)),
  },
  {
    reason: 'N2O writes big integers as JSON numbers, which JavaScript rounds',
    covers: (line) => encodes(line) && data(line) === '{"i":"1152921504606846976"}',
  },
  {
    reason: 'N2O crashes on bytes that are not UTF-8',
    covers: (line) => encodes(line) && data(line) === '{"b":"fffe"}',
  },
  {
    reason: "N2O does not read its own messages: this is an io, or a tuple's tree",
    covers: reads(
      '{"t":104,"v":[{"t":100,"v":"init"},{"t":109,"v":""}]}',
      '{"name":"io","eval":"fire();","data":1}',
    ),
  },
  { reason: '-0 is a number of its own', covers: reads('-0') },
  {
    reason: 'of two equal keys the last one counts, as in ECMAScript',
    covers: reads('{"a":1,"a":2}'),
  },
  { reason: 'half a surrogate pair is a string in JavaScript', covers: reads('"\\ud83d"') },
];

test('JSON is written and read as N2O does', () => {
  run(
    'json.jsonl',
    (line) => {
      const bytes = bytesOf(line.json);
      if (encodes(line)) {
        const ours = contents(JSON.parse(String(textOf(json.encode(fromTerm(line.term))))));
        const same = isDeepStrictEqual(ours, contents(JSON.parse(String(textOf(bytes)))));
        expect(same, `wrote ${JSON.stringify(ours)}`).toBe(true);
      } else if (line.crash !== undefined) {
        expect(() => json.decode(bytes)).toThrow(N2OError);
      } else {
        const ours = json.decode(bytes);
        expect(isDeepStrictEqual(ours, parsed(line.term)), 'read as another value').toBe(true);
      }
    },
    differences,
  );
});
