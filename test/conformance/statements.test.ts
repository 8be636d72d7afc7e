import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STATEMENTS, UNTESTED } from './statements.ts';

/** Every statement that the tests of this folder name. */
const NAMED = new Set(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/\[(MQTT-[\d.-]+)\]/g),
    ])
    .map(([, statement]) => statement as string),
);

it('every numbered statement of the specification has a test, or a reason why not', () => {
  const open = STATEMENTS.filter((name) => !NAMED.has(name) && !(name in UNTESTED));
  expect(open).toEqual([]);
});

it('no test names a statement that is not there', () => {
  expect([...NAMED].filter((name) => !STATEMENTS.includes(name))).toEqual([]);
});

it('no reason is given for what has a test', () => {
  expect(Object.keys(UNTESTED).filter((name) => NAMED.has(name))).toEqual([]);
  expect(Object.keys(UNTESTED).filter((name) => !STATEMENTS.includes(name))).toEqual([]);
});
