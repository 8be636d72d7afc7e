/** NITRO's elements and actions print what Erlang's NITRO prints. */
import type { Page, Postback } from '@n2o/shared';
import { expect, test } from 'vitest';
import { createPage } from '../src/index.ts';
import { perform } from './vectors/calls.ts';
import { DIFFERENCES, type Difference, type Outcome } from './vectors/differences.ts';
import { resultOf, WITHOUT_COUNTERPART } from './vectors/functions.ts';
import { type Line, lines, type Term, textOf } from './vectors/lines.ts';
import { elementOf } from './vectors/records.ts';

/** Lines by the reasons why they differ; a line may have several. */
const EXPECTED: Readonly<Record<string, number>> = {
  'N2O fails': 102,
  'a part that has no value is validated, or the whole and its part both': 7,
  'a class given as a string is printed as the numbers of its characters': 113,
  'N2O leaves out an attribute of the record, or the source or delegate of its postback': 201,
  'a radiogroup without a class has a space after its own': 6,
  'N2O does not look at show_if where an element has no module of its own': 53,
  'the meta attribute is printed as http_equiv': 1,
  'a tag that can have nothing in it is given a body or an end': 106,
  'an optgroup prints nothing but its label and whether it is disabled': 9,
  'wrap of a textarea is printed as its form as well': 2,
  'an input says multiple="false", which is multiple in HTML': 49,
  'text that is bound to an element is a list of bytes in BERT here, a binary there': 4,
  'a flag is printed as true or empty': 10,
  'names of sources are atoms, whatever they were in Erlang': 8,
  'a submit without a click keeps its form from being sent': 20,
  'a textbox is always disabled': 23,
  'a table prints the parts that it does not have': 11,
  'numbers of a calendar that are given as text run as code': 2,
  'quotes of inline code are escaped as if it stood in a string, which makes it no code': 40,
  'the data-bind of a lookup is printed twice': 1,
  'a dropdown with a postback has no id, which the postback needs': 2,
  'a table wraps a caption in another caption': 1,
  'a form whose method is a binary is sent by GET': 1,
  'text and attributes are not escaped': 3,
  'a number is printed as the character of that code': 1,
  'strings in script are not escaped, or leave a </script> as it is': 2,
  'replace fails where the element is not there': 1,
  'N2O hangs': 1,
  'insert_adjacent finds its target by a selector': 1,
};

const FAILS = 'N2O fails';
const HANGS = 'N2O hangs';

test('elements and actions print what N2O prints, but for the differences that are named', () => {
  const counts: Record<string, number> = {};
  const wrong: string[] = [];
  let passed = 0;
  const shown = lines().filter(({ kind }) => kind !== 'function');
  for (const line of shown) {
    const { ours, found } = judge(line);
    if (found === undefined) wrong.push(`${JSON.stringify(line)}\n  ${JSON.stringify(ours)}`);
    else if (found.length === 0) passed++;
    for (const reason of found ?? []) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  const different = shown.length - passed - wrong.length;
  const broken = (counts[FAILS] ?? 0) + (counts[HANGS] ?? 0);
  console.info(
    `elements and actions: ${shown.length} read, ${passed} passed, ${different} knowingly different, of which ${different - broken} are equal but for a quirk that is undone, and ${broken} failed or hung there`,
  );
  for (const [reason, count] of Object.entries(counts)) console.info(`  ${count} × ${reason}`);
  expect(wrong.join('\n')).toBe('');
  expect(counts).toEqual(EXPECTED);
});

test('functions give what they give in N2O, where they have a counterpart', () => {
  const all = lines().filter(({ kind }) => kind === 'function');
  const known = all.filter(({ name, args }) => resultOf(name ?? '', args ?? []) !== undefined);
  const others = all.filter((line) => !known.includes(line));
  console.info(
    `functions: ${all.length} read, ${known.length} passed, ${others.length} without a counterpart`,
  );
  for (const { name = '', args = [], result = {} } of known)
    expect({ name, args, result: resultOf(name, args) }).toEqual({
      name,
      args,
      result: textOf(result),
    });
  expect(new Set(others.map(({ name }) => name))).toEqual(
    new Set(Object.keys(WITHOUT_COUNTERPART)),
  );
});

/** Reasons why a line differs, none if it does not; `undefined` if there is a difference beyond those. */
function judge(line: Line): { ours: Outcome; found: readonly string[] | undefined } {
  const again = (without: ReadonlySet<string>) => outcomeOf(line, without);
  const ours = again(new Set());
  if (line.crash !== undefined) return { ours, found: [FAILS] };
  if (line.timeout) return { ours, found: [HANGS] };
  const pickles = (line.pickles ?? []).map(({ t = [] }) => JSON.stringify(t.slice(1).map(plain)));
  const theirs = normal({ html: line.html ?? '', js: line.js ?? '', pickles });
  const equal = (differences: readonly Difference[]) => {
    const without = differences.flatMap((one) => one.without?.(line) ?? []);
    const start = without.length === 0 ? ours : again(new Set(without));
    const left = differences.reduce((one, { ours }) => ours?.(one, line) ?? one, start);
    const right = differences.reduce((one, { theirs }) => theirs?.(one, line) ?? one, theirs);
    return JSON.stringify(left) === JSON.stringify(right);
  };
  if (equal([])) return { ours, found: [] };
  if (!equal(DIFFERENCES)) return { ours, found: undefined };
  const needed = DIFFERENCES.reduce<readonly Difference[]>((kept, one) => {
    const others = kept.filter((other) => other !== one);
    return equal(others) ? others : kept;
  }, DIFFERENCES);
  return { ours, found: needed.map(({ reason }) => reason) };
}

function outcomeOf(line: Line, without: ReadonlySet<string>): Outcome {
  let ids = 0;
  const pickled: Postback[] = [];
  const page: Page = createPage({
    module: 'index',
    pickle: (postback) => {
      pickled.push(postback);
      return 'PICKLE';
    },
    newId: () => `AUTOID-${++ids}-`,
  });
  if (line.call !== undefined) perform(page, line.call);
  const html = line.record === undefined ? '' : page.html(elementOf(line.record, without));
  const js = page.flush('script') as string;
  const pickles = pickled.map(({ module, message, trigger, name }) =>
    JSON.stringify([module, plain(message as Term | string), trigger, name]),
  );
  return normal({ html, js, pickles });
}

/** A term of which only what can be compared is left: atoms and texts are the same here. */
function plain(term: Term | string): unknown {
  return typeof term === 'string' ? term : (term.t?.map(plain) ?? textOf(term));
}

/** With generated ids in the order in which they appear, and without the random number of a lookup. */
function normal({ html, js, pickles }: Outcome): Outcome {
  const names = new Map<string, string>();
  const name = (text: string) =>
    text
      .replace(/(comboLookup(?:Keyup|Keydown|Click)\((?:'|\\'|&#39;))[\w-]*/g, '$1UNIQUE')
      .replace(/AUTOID-\d+-|AUTOID\d+/g, (id) => {
        const known = names.get(id) ?? `AUTOID${names.size + 1}`;
        names.set(id, known);
        return known;
      });
  return { html: name(html), js: name(js), pickles: pickles.map(name) };
}
