import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { appFolder, fault, load } from './app-folder.ts';

const NONE =
  'exports none of event, main, client, server, bin, file, relay, apiEvent, init, terminate, methods, handlers, rest, formatter';

const line7 = `// 1
// 2
export const event = () => 1;
// 4
// 5
// 6
throw new Error('out of\\n paper');
`;

describe('a module that cannot be loaded is reported with', () => {
  it.each(['a.ts', 'a.js', 'a.mjs', 'a.cjs'])(
    'line and column of a syntax error in %s',
    async (name) => {
      const folder = appFolder({ [name]: 'const a = 1;\nconst b = = 2;\n' });
      expect(await fault(folder)).toBe(`${name}:2:11: Unexpected token`);
    },
  );

  it.each(['a.ts', 'a.js', 'a.mjs'])(
    'line and column of an import that leads nowhere in %s',
    async (name) => {
      const folder = appFolder({
        [name]: `import { readFile } from 'node:fs';\nimport { x } from './nope.ts';\nexport const event = () => readFile && x;`,
      });
      expect(await fault(folder)).toBe(`${name}:2:19: cannot find './nope.ts'`);
    },
  );

  it('line and column of a package that is not installed', async () => {
    const folder = appFolder({
      'a.ts': `import express from "express";\nexport const event = express;`,
    });
    expect(await fault(folder)).toBe(`a.ts:1:21: cannot find 'express'`);
  });

  it('line and column of a require that leads nowhere', async () => {
    const folder = appFolder({ 'a.cjs': `\n  exports.event = require('./nope');` });
    expect(await fault(folder)).toBe(`a.cjs:2:27: cannot find './nope'`);
  });

  it.each(['a.ts', 'a.js', 'a.mjs', 'a.cts'])('the line that throws in %s', async (name) => {
    expect(await fault(appFolder({ [name]: line7 }))).toBe(`${name}:7: out of paper`);
  });

  it('the line that throws after an await', async () => {
    const folder = appFolder({
      'a.ts': `await new Promise((resolve) => setImmediate(resolve));\n\nnull.x;\nexport const event = 1;`,
    });
    expect(await fault(folder)).toBe(`a.ts:3: Cannot read properties of null (reading 'x')`);
  });

  it('the file that is at fault, not the one that imports it', async () => {
    const folder = appFolder({
      'a.ts': `import './lib/b.ts';\nexport const event = () => 1;`,
      'lib/b.ts': `import './c.cjs';`,
      'lib/c.cjs': `\nrequire('./d.js');`,
      'lib/d.js': `\n\nexport const = 1;`,
    });
    expect(await fault(folder)).toBe(`lib/d.js:3:14: Unexpected token`);
  });

  it('the file of JSON that is not JSON', async () => {
    const folder = appFolder({
      'a.ts': `import data from './data.json'; export const event = () => data;`,
      'data.json': '{"a":',
    });
    expect(await fault(folder)).toBe('data.json: Unexpected end of JSON input');
  });

  it('something that only V8 takes for a syntax error', async () => {
    const folder = appFolder({ 'a.js': `export const event = () => 1;\nimport.meta.nonsense();` });
    expect(await fault(folder)).toMatch(/^a\.js:2: /);
  });

  it.each([
    ['no export', '', NONE],
    ['another export', 'export const x = 1;', NONE],
    ['a function', 'export default () => 1;', NONE],
    ['null', 'export default null;', NONE],
    ['a wrong event', 'export default { event: 1 };', `'event' is not a function`],
    ['a wrong init', 'export const init = {};', `'init' is not a function`],
    ['a wrong terminate', 'export const terminate = 1;', `'terminate' is not a function`],
    [
      'a state that is no function',
      'export default { methods: {}, state: {} };',
      `'state' is not a function`,
    ],
    ['a wrong key', 'export default { methods: {}, key: 1 };', `'key' is not a function`],
    [
      'a wrong remember',
      'export default { methods: {}, remember: 1 };',
      `'remember' is not a boolean`,
    ],
    ['only a state', 'export const state = () => 0;', NONE],
    ['wrong methods', 'export const methods = 1;', `'methods' is not an object`],
    ['a wrong method', 'export const methods = { add: 1 };', `the method 'add' is not a function`],
    [
      'a wrong formatter',
      `export const formatter = 'yaml';`,
      `there is no formatter 'yaml', only bert, json, text, xml, wamp, binary`,
    ],
  ])('what is wrong with %s', async (_, source, text) => {
    expect(await fault(appFolder({ 'a.ts': source }))).toBe(`a.ts: ${text}`);
    const commonjs = source.replace('export default', 'module.exports =');
    const names = commonjs.replace(/export const/, 'exports.').replace('exports. ', 'exports.');
    expect(await fault(appFolder({ 'a.cjs': names }))).toBe(`a.cjs: ${text}`);
  });

  it('both files of one name', async () => {
    const echo = 'export const event = () => 1;';
    const folder = appFolder({ 'a.js': echo, 'a.ts': echo });
    expect(await fault(folder)).toBe(`a.ts: the module 'a' is there twice, also as a.js`);
  });

  it('a name that is no topic level', async () => {
    const folder = appFolder({ 'c++.ts': 'export const event = () => 1;' });
    expect(await fault(folder)).toBe(`c++.ts: a module's name cannot hold '+' or '#'`);
  });

  it('a link to nothing', async () => {
    const folder = appFolder({});
    symlinkSync('/nowhere/at/all.ts', join(folder, 'a.ts'));
    expect(await fault(folder)).toMatch(/^a\.ts: ENOENT/);
  });
});

describe('the cache of transformed sources', () => {
  const files = { 'a.ts': 'export const event = (): number => 1;' };

  it('is filled, and used the next time', async () => {
    const folder = appFolder(files);
    const cache = join(appFolder({}), 'cache');
    await load(folder, cache);
    const entry = join(cache, readdirSync(cache)[0] as string);
    writeFileSync(entry, readFileSync(entry, 'utf8').replace('=> 1', '=> "cached"'));
    const modules = await load(folder, cache);
    expect(modules.get('a')?.event?.(0, {} as Context)).toBe('cached');
  });

  it('is done without where its folder cannot be made', async () => {
    const cache = join(appFolder({ file: '' }), 'file');
    expect((await load(appFolder(files), cache)).get('a')?.event).toBeTypeOf('function');
  });

  it('is done without where it can no longer be written', async () => {
    const folder = appFolder(files);
    const cache = join(appFolder({}), 'cache');
    await load(folder, cache);
    const entry = join(cache, readdirSync(cache)[0] as string);
    rmSync(entry);
    mkdirSync(entry); // whoever runs the test, a folder cannot be written as a file
    expect((await load(folder, cache)).get('a')?.event).toBeTypeOf('function');
  });
});
