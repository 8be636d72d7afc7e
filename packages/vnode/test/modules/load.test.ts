import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createPage } from '@n2o/nitro';
import type { Content, Context } from '@n2o/shared';
import { reply } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { appFolder, fault, load, write } from './app-folder.ts';

const context = {} as Context;

describe('an application folder', () => {
  it('has one module for each source file in it', async () => {
    const echo = 'export const event = (message) => message;';
    const names = ['a.ts', 'b.js', 'c.mjs', 'd.mts', 'with space.ts', 'ünïcode.js'];
    const files = Object.fromEntries(names.map((name) => [name, echo]));
    const folder = appFolder({
      ...files,
      'e.cjs': 'exports.event = (message) => message;',
      'f.cts': 'export = { event: (message: unknown) => message };',
      'types.d.ts': 'export interface T {}',
      'types.d.mts': 'export interface T {}',
      'a.test.ts': 'throw new Error("not a module")',
      'n2o.config.ts': 'throw new Error("not a module")',
      '_shared.ts': 'throw new Error("not a module")',
      '.hidden.js': 'throw new Error("not a module")',
      'README.md': '# not a module',
      'package.json': '{}',
      'lib/inner.ts': 'throw new Error("not a module")',
      'folder.ts/inner.ts': 'throw new Error("not a module")',
    });
    const modules = await load(folder);
    expect([...modules.keys()]).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'with space', 'ünïcode']);
    for (const module of modules.values()) expect(module.event?.('hi', context)).toBe('hi');
  });

  it('without modules has those of the folders in it', async () => {
    const echo = 'export const event = (message) => message;';
    const folder = appFolder({
      'chat/chat.ts': echo,
      'chat/public/script.js': 'throw new Error("not a module")',
      'two/b.js': echo,
      'two/a.js': echo,
      '_shared/x.js': 'throw new Error("not a module")',
      'README.md': '# not a module',
    });
    expect([...(await load(folder)).keys()]).toEqual(['a', 'b', 'chat']);
    write(folder, { 'three/chat.js': echo });
    expect(await fault(folder)).toBe(
      "chat/chat.ts: the module 'chat' is there twice, also as three/chat.js",
    );
  });

  it('may hold links to modules', async () => {
    const elsewhere = appFolder({ 'echo.ts': 'export default { event: (m: string) => m }' });
    const folder = appFolder({});
    symlinkSync(join(elsewhere, 'echo.ts'), join(folder, 'alias.ts'));
    expect([...(await load(folder)).keys()]).toEqual(['alias']);
  });

  it('says so when it is not there, not a folder, or empty', async () => {
    const folder = appFolder({ 'echo.ts': 'export const event = () => 1', 'empty/x.txt': '' });
    expect(await fault(join(folder, 'nowhere'))).toBe('.: there is no such folder');
    expect(await fault(join(folder, 'echo.ts'))).toBe('.: is a file, not a folder of modules');
    expect(await fault(join(folder, 'empty'))).toBe('.: holds no module (a file such as echo.ts)');
  });
});

describe('a module', () => {
  it('may have its elements in JSX', async () => {
    const folder = appFolder({
      '_word.tsx': 'export const Word = ({ word }: { word: string }) => <>{word}</>;',
      'page.tsx': `import { Word } from './_word.tsx';
const as = <T,>(value: unknown) => value as T;
export const main = () => <p class={as<string>('soft')}><Word word="hello" /></p>;`,
      'plain.jsx': 'export const main = () => <><p>hello</p></>;',
      'cast.ts': 'export const main = () => <string>"hello";',
    });
    const renderer = createPage({ module: 'page', pickle: () => '' });
    const shown = [...(await load(folder)).values()].map((module) =>
      renderer.html(module.main?.(undefined as never) as Content),
    );
    expect(shown).toEqual(['hello', '<p class="soft">hello</p>', '<p>hello</p>']);
  });

  it('is a default export or its named exports', async () => {
    const folder = appFolder({
      'default.ts': `import { defineModule } from 'n2o';
export default defineModule({ formatter: 'json', methods: { add: (p) => p }, event: () => 'd' });`,
      'named.ts': `export const formatter = 'bert'; export const methods = { f() {} };
export async function init() {} export function terminate() {} export const other = 1;`,
      'both.ts': `export const event = () => 'named'; export default { event: () => 'default' };`,
      'odd-default.ts': `export function event() { return 'named'; } export default 42;`,
      'instance.ts': `class Page { #n = 0; event() { return ++this.#n; } } export default new Page();`,
    });
    const modules = await load(folder);
    expect(modules.get('default')).toMatchObject({ formatter: 'json' });
    expect(Object.keys(modules.get('named') ?? {})).toEqual([
      'init',
      'terminate',
      'methods',
      'formatter',
    ]);
    expect(modules.get('both')?.event?.(0, context)).toBe('default');
    expect(modules.get('odd-default')?.event?.(0, context)).toBe('named');
    expect(modules.get('instance')?.event?.(0, context)).toBe(1);
  });

  it('gets the words of N2O from any folder, the very same as the host has', async () => {
    const folder = appFolder({
      'a.ts': `import { reply } from 'n2o'; export const event = () => reply(1, 'json');`,
      'b.js': `import { reply } from '@n2o/shared'; export const event = () => reply(1, 'json');`,
      'c.cjs': `const { reply } = require('n2o'); exports.event = () => reply(1, 'json');`,
      'd.mjs': `const { reply } = await import('n2o'); export const event = () => reply(1, 'json');`,
    });
    for (const module of (await load(folder)).values()) {
      const answer = module.event?.(0, context);
      expect(answer).toEqual(reply(1, 'json'));
      expect(answer?.constructor).toBe(reply(1).constructor);
    }
  });

  it('may use what TypeScript and modules offer', async () => {
    const folder = appFolder({
      'package.json': '{"type":"module"}',
      'everything.ts': `import type { Context } from 'n2o';
import data from './lib/data.json' with { type: 'json' };
import legacy, { named } from './lib/legacy.cjs';
import * as all from './lib/all.js';
import { count, increment } from './lib/state.ts';
import { twice } from 'some-package';
import commonjs from 'other-package';
import { readFileSync } from 'node:fs';
import { dirname } from 'path';

enum Level { Low = 1, High }
class Point { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y; } }
const late = await Promise.resolve('late');
const before = count;
increment();
const inner = require('./lib/legacy.cjs');

export const event = async (message: unknown, _context: Context): Promise<unknown> => ({
  message, level: Level.High, sum: new Point(1).sum(), late, data, legacy: legacy.value, named,
  all: all.one + all.two, counts: [before, count], twice: twice(2), commonjs: commonjs.name,
  lazy: (await import('./lib/lazy')).default, same: inner === legacy,
  self: readFileSync(new URL(import.meta.url), 'utf8').length > 0,
  dirname: import.meta.dirname === dirname(import.meta.filename),
  resolved: import.meta.resolve('./lib/all.js').endsWith('/lib/all.ts'),
});
`,
      'lib/data.json': '{"a":[1]}',
      'lib/legacy.cjs': `module.exports = { value: require('./legacy-part').part, named: 'n' };`,
      'lib/legacy-part.cjs': `exports.part = 7;`,
      'lib/all.ts': `export * from './one'; export const two = 2;`,
      'lib/one.ts': `export const one = 1;`,
      'lib/state.ts': `export let count = 0; export function increment(): void { count++; }`,
      'lib/lazy/index.ts': `export default 'lazy';`,
      'node_modules/some-package/package.json': '{"type":"module","exports":"./index.js"}',
      'node_modules/some-package/index.js': 'export const twice = (n) => n * 2;',
      'node_modules/other-package/package.json': '{"main":"index.js"}',
      'node_modules/other-package/index.js': `exports.name = 'other';`,
    });
    expect(await (await load(folder)).get('everything')?.event?.('m', context)).toEqual({
      message: 'm',
      level: 2,
      sum: 3,
      late: 'late',
      data: { a: [1] },
      legacy: 7,
      named: 'n',
      all: 3,
      counts: [0, 1],
      twice: 4,
      commonjs: 'other',
      lazy: 'lazy',
      same: true,
      self: true,
      dirname: true,
      resolved: true,
    });
  });

  it('may begin with a byte order mark or a line for the shell', async () => {
    const folder = appFolder({
      'a.ts': `\ufeffimport data from './lib/data.json'; export const event = () => data;`,
      'b.js': `#!/usr/bin/env node\nexport const event = () => 1;`,
      'lib/data.json': '\ufeff1',
    });
    const modules = await load(folder);
    expect([...modules.values()].map((module) => module.event?.(0, context))).toEqual([1, 1]);
  });

  it('may itself lie in a package, and read the JSON of one', async () => {
    const folder = appFolder({
      'node_modules/app/a.ts': `import { b } from './lib/b.ts';
import { version } from 'other/package.json' with { type: 'json' };
export const event = (): string => b + version;`,
      'node_modules/app/lib/b.ts': `export const b: string = 'b';`,
      'node_modules/other/package.json': '{"version":"1.2.3"}',
    });
    const modules = await load(join(folder, 'node_modules/app'));
    expect(modules.get('a')?.event?.(0, context)).toBe('b1.2.3');
  });

  it('shares what it imports with the other modules', async () => {
    const next = `import { next } from './_count.ts'; export const event = () => next();`;
    const folder = appFolder({
      'a.ts': next,
      'b.js': next,
      'c.cjs': `const { next } = require('./_count.ts'); exports.event = () => next();`,
      '_count.ts': 'let count = 0; export const next = (): number => ++count;',
    });
    const modules = await load(folder);
    expect([...modules.values()].map((module) => module.event?.(0, context))).toEqual([1, 2, 3]);
  });

  it('may import a file that imports it', async () => {
    const folder = appFolder({
      'a.ts': `import { b } from './_b.ts'; export function a() { return 'a'; } export const event = () => b();`,
      '_b.ts': `import { a } from './a.ts'; export function b() { return a() + 'b'; }`,
    });
    expect((await load(folder)).get('a')?.event?.(0, context)).toBe('ab');
  });

  it('waits for a file that another import has begun to run', async () => {
    const folder = appFolder({
      'a.ts': `const [x, y] = await Promise.all([import('./_x.ts'), import('./_y.ts')]);
export const event = () => [x.slow, y.slow];`,
      '_x.ts': `export { slow } from './_slow.ts';`,
      '_y.ts': `export { slow } from './_slow.ts';`,
      '_slow.ts': `await new Promise((resolve) => setImmediate(resolve)); export const slow = 1;`,
    });
    expect((await load(folder)).get('a')?.event?.(0, context)).toEqual([1, 1]);
  });

  it('has the lines of its source in stack traces', async () => {
    const folder = appFolder({
      'throws.ts': `import { fail } from './_fail.ts';
interface Unused {
  a: number;
}

enum Level {
  Low,
  High,
}
type Options = {
  [K in keyof Unused]: Unused[K];
};

export const event = (message: unknown): void => {
  const options = message as Options; // comment
  fail(options.a, Level.High);
};
`,
      '_fail.ts': `/**
 * A comment
 */
export function fail<T extends number>(
  value: T,
  level: unknown,
): never {
  const text = \`several
lines \${value}\`;
  throw new Error(text);
}
`,
    });
    const module = (await load(folder)).get('throws');
    let stack: string | undefined;
    try {
      module?.event?.({ a: 1 }, context);
    } catch (error) {
      stack = (error as Error).stack;
    }
    expect(stack).toMatch(`${folder}/_fail.ts:10:`);
    expect(stack).toMatch(`${folder}/throws.ts:16:`);
  });
});

describe('loading again', () => {
  const versions = (value: number) => ({
    'package.json': '{"type":"module"}',
    'a.ts': `import { x } from './lib/x.js'; import c from './lib/c.cjs'; import json from './lib/d.json';
export const event = () => [${value}, x, c.deep, json.d];`,
    'b.js': `export const event = () => ${value};`,
    'c.mjs': `export { event } from './b.js';`,
    'd.cjs': `exports.event = () => require('./lib/c.cjs').deep;`,
    'lib/x.js': `export { x } from './y.mjs';`,
    'lib/y.mjs': `export const x = ${value};`,
    'lib/c.cjs': `exports.deep = require('./deep.cjs');`,
    'lib/deep.cjs': `module.exports = ${value};`,
    'lib/d.json': `{"d":${value}}`,
  });

  it('reads every source anew, of whatever kind', async () => {
    const folder = appFolder(versions(1));
    for (const value of [1, 2, 3]) {
      write(folder, versions(value));
      const modules = await load(folder);
      expect([...modules.values()].map((module) => module.event?.(0, context))).toEqual([
        [value, value, value, value],
        value,
        value,
        value,
      ]);
    }
  });
});
