/** How files and tests are written, as rules over their text and calls. */
import { eachFile, inTests, type Source, visit } from './source.ts';

/** A file opens with one sentence: what it is for. */
export const opensWithASentence = eachFile(
  (file) => !inTests(file) || !file.path.endsWith('.test.ts'),
  ({ text }, report) => {
    const opening = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(text)?.[1];
    const first = opening
      ?.replace(/^\s*\* ?/gm, '')
      .trim()
      .split(/\n\s*\n/)[0]
      ?.replace(/( \[[\w.-]+\])+$/, ''); // the clause that the sentence rests on
    if (!first) report(0, 'opens without a comment that says what it is for');
    else if (!/[.!?]$/.test(first) || /[.!?]\s+\p{Lu}/u.test(first)) {
      report(0, 'opens with more or less than one sentence');
    }
  },
);

// Written so that it does not find itself.
const UNFINISHED = /\b(TO[D]O|FIX[M]E|X{3})\b/g;

/** What is not done is not in the code. */
export const nothingUnfinished = eachFile(
  () => true,
  ({ text }, report) => {
    for (const { index, 0: word } of text.matchAll(UNFINISHED)) report(index, word);
  },
);

/** Every test runs. */
export const noTestSwitchedOff = eachFile(inTests, ({ program }, report) =>
  visit(program, {
    MemberExpression: ({ object, property, start }) => {
      const subject =
        object.type === 'Identifier' && /^(it|test|describe|suite|bench)$/.test(object.name);
      const off =
        property.type === 'Identifier' && /^(skip|only|todo|skipIf|runIf)$/.test(property.name);
      if (subject && off) report(start, 'a test that does not run, or keeps others from running');
    },
  }),
);

/** A test waits for the event. */
export const noWaitingByTheClock = eachFile(inTests, ({ program }, report) =>
  visit(program, {
    CallExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier' && /^(setTimeout|sleep|delay)$/.test(callee.name)) {
        report(start, `${callee.name}: wait for the event`);
      }
    },
    ImportDeclaration: ({ source, start }) => {
      if (source.value === 'node:timers/promises') report(start, 'timers: wait for the event');
    },
  }),
);

/** No file knows where this checkout lies. */
export function noLocalPaths(...folders: readonly string[]) {
  return eachFile(
    () => true,
    ({ text }: Source, report) => {
      // An unprivileged account may have `/` for a home.
      for (const folder of folders.filter(({ length }) => length > 1)) {
        const at = text.indexOf(`${folder}/`);
        if (at >= 0) report(at, 'a path of this machine');
      }
    },
  );
}
