import { watch } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { converse, folderOf, run, start } from './n2o.ts';

/** Answers when it is told to, so that events can be held under way. */
const GATE = (version: string) => `
  import { existsSync, watch } from 'node:fs';
  import { dirname } from 'node:path';
  export async function event(path: string) {
    if (path.startsWith('/')) {
      await new Promise<void>((resolve) => {
        const watcher = watch(dirname(path), look);
        function look() { if (existsSync(path)) { watcher.close(); resolve(); } }
        look();
      });
    }
    return '${version}';
  }`;

describe('reloading', () => {
  it('lets events under way end on the old code and gives later ones the new; none fails', async () => {
    const n2o = await start({ 'gate.ts': GATE('old') }, '--watch', '--workers', '2');
    const gates = await folderOf({});
    const holder = await n2o.connect({ clientId: 'holder' });
    const held = converse(holder, 'gate', [`${gates}/open`]);
    // Acknowledged by the time another client has its answer: the worker has begun it before.
    const other = await n2o.connect({ clientId: 'other' });
    expect(await converse(other, 'gate', ['hello'])).toEqual(['old']);
    await writeFile(join(n2o.app, 'gate.ts'), GATE('new'));
    await n2o.logged('modules loaded again');
    const another = await n2o.connect({ clientId: 'another' });
    expect(await converse(another, 'gate', ['hello'])).toEqual(['new']);
    await writeFile(`${gates}/open`, '');
    expect(await held).toEqual(['old']);
  });

  it('keeps the old code when the new one does not load', async () => {
    const n2o = await start({ 'm.ts': "export const event = () => 'old';" }, '--watch');
    await writeFile(join(n2o.app, 'm.ts'), 'export const event = () => {');
    const line = await n2o.logged('modules not loaded again');
    expect(JSON.stringify(line)).toContain('m.ts:1:');
    const client = await n2o.connect({ clientId: 'dev' });
    expect(await converse(client, 'm', ['hello'])).toEqual(['old']);
  });
});

describe('reloading twice', () => {
  it('serves what was saved last, though the first reload had not ended', async () => {
    const gates = await folderOf({});
    // The first reload has read this and is held in it until the second one was asked for.
    const held = `
      import { existsSync, watch, writeFileSync } from 'node:fs';
      await new Promise<void>((resolve) => {
        const watcher = watch('${gates}', look);
        function look() { if (existsSync('${gates}/open')) { watcher.close(); resolve(); } }
        writeFileSync('${gates}/begun', '');
        look();
      });
      export const event = () => 'two';`;
    const n2o = await start(
      { 'm.ts': "export const event = () => 'one';" },
      ...['--watch', '--workers', '1', '--log-level', 'debug'],
    );
    const begun = appearance(gates, 'begun');
    await writeFile(join(n2o.app, 'm.ts'), held);
    await begun;
    await writeFile(join(n2o.app, 'm.ts'), "export const event = () => 'three';");
    await n2o.logged('modules change', 2);
    await writeFile(`${gates}/open`, '');
    await n2o.logged('modules loaded again', 2);
    const client = await n2o.connect({ clientId: 'dev' });
    expect(await converse(client, 'm', ['?'])).toEqual(['three']);
  });
});

/** Resolves when a file of this name appears in a folder; watching when this returns. */
function appearance(folder: string, file: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (name !== file) return;
      watcher.close();
      resolve();
    });
  });
}

describe('starting', () => {
  it('stops at a module that does not load though another one has left a timer running', async () => {
    const app = await folderOf({
      'a.js': 'setInterval(() => {}, 1000); export const event = () => 1;',
      'b.js': 'export const event = (;',
    });
    const { exit, err } = run('start', app, '--mqtt-port', '0', '--http-port', '0');
    expect(await exit).toBe(1);
    expect(err()).toContain('b.js:1:');
  });

  it.each([
    ['syntax.ts', 'export const a = 1;\nexport const event = (;', 'syntax.ts:2:'],
    ['throws.ts', '\n\nthrow new Error("no sensor");', 'no sensor'],
    ['imports.ts', "import './nowhere.ts';", 'nowhere'],
    ['empty.ts', 'export const nothing = 1;', 'empty.ts'],
  ])('stops at a module that does not load, and says where: %s', async (name, source, expected) => {
    const app = await folderOf({ [name]: source, 'good.ts': 'export const event = () => 1;' });
    const { exit, err } = run('start', app, '--mqtt-port', '0', '--http-port', '0');
    expect(await exit).toBe(1);
    expect(err()).toContain('N2O_MODULE_LOAD');
    expect(err()).toContain(name);
    expect(err()).toContain(expected);
  });

  it('says so when the port is taken', async () => {
    const n2o = await start({ 'm.ts': 'export const event = () => 1;' });
    const { exit, err } = run(
      'start',
      n2o.app,
      '--mqtt-port',
      String(n2o.port),
      '--http-port',
      '0',
    );
    expect(await exit).toBe(1);
    expect(err()).toContain('N2O_LISTEN_FAILED');
    expect(err()).toContain(String(n2o.port));
  });
});

describe('ending', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'answers what is under way on %s and exits with 0',
    async (signal) => {
      const n2o = await start({ 'gate.ts': GATE('done') }, '--workers', '1');
      const gates = await folderOf({});
      const client = await n2o.connect({ clientId: 'dev', reconnectPeriod: 0 });
      const reply = converse(client, 'gate', [`${gates}/open`]);
      const other = await n2o.connect({ clientId: 'other', reconnectPeriod: 0 });
      await converse(other, 'gate', ['hello']);
      n2o.child.kill(signal);
      await n2o.logged('closing');
      await writeFile(`${gates}/open`, '');
      expect(await reply).toEqual(['done']);
      expect(await n2o.exit).toBe(0);
    },
  );

  it('exits though a handler never ends', async () => {
    const n2o = await start(
      {
        'loop.ts': 'export const event = (m: string) => { if (m === "loop") for (;;); return m; };',
      },
      ...['--workers', '1', '--watchdog', '1s'],
    );
    const client = await n2o.connect({ clientId: 'dev', reconnectPeriod: 0 });
    await converse(client, 'loop', ['hello']);
    client.publish('events/1//loop/dev', 'loop', { qos: 1 });
    await n2o.logged('worker hangs');
    n2o.child.kill('SIGTERM');
    expect(await n2o.exit).toBe(0);
  }, 30_000);

  it('exits at once at the second signal', async () => {
    const n2o = await start({ 'gate.ts': GATE('never') }, '--workers', '1');
    const gates = await folderOf({});
    const client = await n2o.connect({ clientId: 'dev', reconnectPeriod: 0 });
    client.publish('events/1//gate/dev', `${gates}/never`, { qos: 1 });
    const other = await n2o.connect({ clientId: 'other', reconnectPeriod: 0 });
    await converse(other, 'gate', ['hello']);
    n2o.child.kill('SIGTERM');
    await n2o.logged('closing');
    n2o.child.kill('SIGTERM');
    expect(await n2o.exit).toBe(143);
  });
});
