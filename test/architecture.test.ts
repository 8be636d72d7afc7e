/** The rules that this project's code keeps, each with code that breaks it, so that none can fall asleep. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  codedErrors,
  noAny,
  noExportAll,
  oneTopicGrammar,
  protocolsAreFunctions,
} from './architecture/code.ts';
import { errorPage, everyErrorIsUsed } from './architecture/errors.ts';
import {
  noLocalPaths,
  noTestSwitchedOff,
  nothingUnfinished,
  noWaitingByTheClock,
  opensWithASentence,
} from './architecture/habits.ts';
import {
  declaredOnly,
  importTable,
  noCycles,
  noIdleDependencies,
  onePlaceEach,
  packagesByName,
} from './architecture/imports.ts';
import { noGlobals, noModuleState, pureCore } from './architecture/purity.ts';
import { CORE, fileSizes, folderNames, smallCore } from './architecture/shape.ts';
import { type Rule, readSources, type Source, source } from './architecture/source.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = readSources(ROOT, ['packages', 'test', 'examples', 'bench', 'scripts']);
const PAGE = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');

const lines = (count: number) => '\n'.repeat(count);

/** Path → text: a tree that must be refused. */
type Tree = Readonly<Record<string, string>>;

const RULES: Readonly<Record<string, { rule: Rule; breaks: readonly Tree[] }>> = {
  'parts import only what the table of the design grants': {
    rule: importTable,
    breaks: [
      { 'packages/shared/src/a.ts': "import 'node:fs';" },
      { 'packages/shared/src/a.ts': "import type { B } from '@n2o/broker';" },
      { 'packages/broker/src/a.ts': "export { v } from '@n2o/vnode';" },
      { 'packages/broker/src/a.ts': "await import('@n2o/client');" },
      { 'packages/vnode/src/a.ts': "import 'n2o';" },
      { 'packages/vnode/src/protocols/a.ts': "import 'net';" },
      { 'packages/vnode/src/runtime/a.ts': "import { Worker } from 'node:worker_threads';" },
      { 'packages/client/src/a.ts': "import '@n2o/vnode';" },
      {
        'packages/vnode/src/runtime/a.ts': "import '../pool/b.ts';",
        'packages/vnode/src/pool/b.ts': "import Redis from 'ioredis';",
      },
      {
        'packages/client/src/index.ts': "import './a.ts';",
        'packages/client/src/a.ts': "import './b.ts';",
        'packages/client/src/b.ts': "import 'node:net';",
      },
    ],
  },
  'packages import each other by name': {
    rule: packagesByName,
    breaks: [
      { 'packages/broker/src/a.ts': "import '../../shared/src/topic.ts';" },
      { 'test/a.test.ts': "import '../packages/shared/src/topic.ts';" },
    ],
  },
  'what is imported is declared': {
    rule: declaredOnly(ROOT),
    breaks: [
      { 'packages/shared/src/a.ts': "import 'left-pad';" },
      { 'packages/shared/src/a.ts': "import 'vitest';" },
      { 'test/a.test.ts': "import '@scope/left-pad/deep.js';" },
    ],
  },
  'what is declared is imported': {
    rule: noIdleDependencies(ROOT),
    breaks: [{ 'packages/broker/src/a.ts': "import '@n2o/shared';" }],
  },
  'a library has one place': {
    rule: onePlaceEach,
    breaks: [
      {
        'packages/client/src/a.ts': "import 'mqtt';",
        'packages/client/src/b.ts': "import 'mqtt';",
      },
      { 'packages/vnode/src/stores/folder.ts': "import 'ioredis';" },
    ],
  },
  'no file imports itself by a way round': {
    rule: noCycles,
    breaks: [
      { 'packages/a/src/a.ts': "import './a.ts';" },
      {
        'packages/a/src/a.ts': "import './b.ts';",
        'packages/a/src/b.ts': "import './c.ts';",
        'packages/a/src/c.ts': "export { a } from './a.ts';",
      },
    ],
  },
  'exports are listed by hand': {
    rule: noExportAll,
    breaks: [
      { 'packages/a/src/index.ts': "export * from './a.ts';" },
      { 'packages/a/src/index.ts': "export * as all from './a.ts';" },
    ],
  },
  'folders and files have names of their own': {
    rule: folderNames,
    breaks: [
      { 'packages/a/src/utils/a.ts': '' },
      { 'packages/a/src/types/a.ts': '' },
      { 'packages/a/src/helpers.ts': '' },
    ],
  },
  'files are short': {
    rule: fileSizes,
    breaks: [
      { 'packages/a/src/a.ts': lines(201), 'packages/a/src/b.ts': '', 'packages/a/src/c.ts': '' },
      {
        'packages/a/src/a.ts': lines(91),
        'packages/a/src/b.ts': lines(91),
        'packages/a/src/c.ts': '',
      },
    ],
  },
  'the core can be read in one sitting': {
    rule: smallCore,
    breaks: [
      Object.fromEntries(CORE.map((path) => [path, lines(100)])),
      Object.fromEntries(CORE.slice(1).map((path) => [path, ''])),
    ],
  },
  'a file opens with one sentence': {
    rule: opensWithASentence,
    breaks: [
      { 'packages/a/src/a.ts': 'export const a = 1;' },
      { 'packages/a/src/a.ts': '// A line comment.\n' },
      { 'packages/a/src/a.ts': '/** No full stop */' },
      { 'packages/a/src/a.ts': '/** Two. Sentences. */' },
      { 'packages/a/src/a.ts': '/** */' },
    ],
  },
  'errors carry codes': {
    rule: codedErrors,
    breaks: [
      { 'packages/a/src/a.ts': "throw new Error('x');" },
      { 'packages/a/src/a.ts': "throw TypeError('x');" },
      { 'packages/a/src/a.ts': 'class Mine extends Error {}' },
    ],
  },
  'types are true': {
    rule: noAny,
    breaks: [
      { 'packages/a/src/a.ts': 'const a: any = 1;' },
      { 'packages/a/test/a.test.ts': 'f(a as any);' },
      { 'packages/a/src/a.ts': 'type A = Record<string, any>;' },
      { 'packages/a/src/a.ts': `// @ts-${'ignore'}\nf();` },
    ],
  },
  'no state is kept by a module': {
    rule: noModuleState,
    breaks: [
      { 'packages/a/src/a.ts': 'let count = 0;' },
      { 'packages/a/src/a.ts': 'export var count = 0;' },
      { 'packages/a/src/a.ts': 'const clients = new Map<string, Client>();' },
    ],
  },
  'nothing is left on the global object': {
    rule: noGlobals,
    breaks: [
      { 'packages/a/src/a.ts': 'globalThis.n2o = 1;' },
      { 'packages/a/src/a.ts': '(globalThis as { n2o?: number }).n2o = 1;' },
      { 'packages/a/src/a.ts': 'Object.assign(globalThis, { n2o: 1 });' },
      { 'packages/a/src/a.ts': 'global.count++;' },
    ],
  },
  'the core is pure': {
    rule: pureCore,
    breaks: [
      { 'packages/shared/src/a.ts': 'const t = Date.now();' },
      { 'packages/shared/src/a.ts': 'const t = new Date();' },
      { 'packages/shared/src/a.ts': 'const r = Math.random();' },
      { 'packages/shared/src/a.ts': 'crypto.getRandomValues(bytes);' },
      { 'packages/shared/src/a.ts': `${'setTimeout'}(f, 10);` },
      { 'packages/shared/src/a.ts': 'setInterval(f, 10);' },
      { 'packages/shared/src/a.ts': 'performance.now();' },
      { 'packages/vnode/src/protocols/a.ts': 'process.env.HOME;' },
    ],
  },
  'a protocol is a plain function': {
    rule: protocolsAreFunctions,
    breaks: [{ 'packages/vnode/src/protocols/a.ts': 'export class Heart {}' }],
  },
  'topics have one grammar': {
    rule: oneTopicGrammar,
    breaks: [
      { 'packages/a/src/a.ts': 'const t = `actions/1/$' + '{module}/x`;' },
      { 'packages/a/src/a.ts': "subscribe('events/#');" },
    ],
  },
  'every test runs': {
    rule: noTestSwitchedOff,
    breaks: [
      { 'test/a.test.ts': `it.${'skip'}('x', f);` },
      { 'packages/a/test/a.test.ts': `describe.${'only'}('x', f);` },
      { 'packages/a/test/a.test.ts': `it.${'runIf'}(service)('x', f);` },
    ],
  },
  'no test waits by the clock': {
    rule: noWaitingByTheClock,
    breaks: [
      { 'test/a.test.ts': `await new Promise((done) => ${'setTimeout'}(done, 10));` },
      { 'test/a.test.ts': "import { setTimeout as wait } from 'node:timers/promises';" },
    ],
  },
  'nothing is unfinished': {
    rule: nothingUnfinished,
    breaks: [{ 'packages/a/src/a.ts': `// ${'TO'}DO: the rest` }],
  },
  'no file knows this machine': {
    rule: noLocalPaths(ROOT, homedir()),
    breaks: [{ 'packages/a/src/a.ts': `const a = '${ROOT}/a';` }],
  },
  'the error table and its page agree': {
    rule: errorPage(PAGE),
    breaks: [
      { 'packages/shared/src/errors.ts': 'const ERRORS = {};' },
      { 'packages/shared/src/errors.ts': "const ERRORS = { N2O_NEW_ONE: 'news' };" },
    ],
  },
  'every error is used': {
    rule: everyErrorIsUsed,
    breaks: [{ 'packages/shared/src/errors.ts': "const ERRORS = { N2O_NOT_USED: 'x' };" }],
  },
};

describe.each(Object.entries(RULES))('%s', (_name, { rule, breaks }) => {
  it('is kept', () => {
    expect(rule(SOURCES).join('\n')).toBe('');
  });

  it('is seen when broken', () => {
    const unseen = breaks.filter((tree) => rule(sourcesOf(tree)).length === 0);
    expect(unseen).toEqual([]);
  });
});

function sourcesOf(tree: Tree): Source[] {
  return Object.entries(tree).map(([path, text]) => source(path, text));
}
