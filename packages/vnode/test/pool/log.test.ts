/** The log of worker threads: what nobody wants stays in them, also after a change and in those that come later. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogDial, type Logger, type LogLevels } from '@n2o/shared';
import { createHost } from '@n2o/vnode';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createWorkerLog } from '../../src/pool/worker-log.ts';

const LOUD = `
  export const init = ({ log }) => log.debug({}, 'init');
  export function event(message, { log }) {
    for (const level of ['debug', 'info', 'warn', 'error']) log[level]({ message }, level);
    return 'ok';
  }`;

const INFO: LogLevels = { level: 'info', modules: new Map(), clients: new Map() };

/** A host of one thread, and all lines that come out of it. */
async function start(levels: LogLevels) {
  const folder = mkdtempSync(join(tmpdir(), 'n2o-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'loud.js'), LOUD);
  const lines: string[] = [];
  const note = (fields: object, text = '') =>
    void lines.push(`${(fields as { message?: string }).message ?? ''} ${text}`);
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  const dial = new LogDial(levels);
  const host = await createHost({ folder, workers: 1, protocols: ['app'], log, dial });
  onTestFinished(() => host.close());
  const send = (client: string) =>
    new Promise<void>((resolve) => {
      const route = { client, module: 'loud', version: '1', vnode: 1, user: '', token: '' };
      const payload = new TextEncoder().encode(client);
      host.deliver({ route, payload, qos: 1, dup: false, settle: () => resolve() });
    });
  /** The lines about an event of the client. */
  const said = async (client: string) => {
    lines.length = 0;
    await send(client);
    return lines.filter((line) => line.startsWith(`${client} `)).map((line) => line.split(' ')[1]);
  };
  return { host, dial, lines, said };
}

it('lines that nobody wants do not leave the thread', async () => {
  const { said, lines, dial } = await start(INFO);
  expect(lines).toEqual([]);
  expect(await said('a')).toEqual(['info', 'warn', 'error']);
  dial.turn({ ...INFO, level: 'error', clients: new Map([['b', 'debug']]) });
  expect(await said('a')).toEqual(['error']);
  expect(await said('b')).toEqual(['debug', 'info', 'warn', 'error']);
  dial.turn({ ...INFO, level: 'silent', modules: new Map([['loud', 'warn']]) });
  expect(await said('b')).toEqual(['warn', 'error']);
});

it('a thread that takes the place of another logs what is wanted by then', async () => {
  const { host, said, lines, dial } = await start(INFO);
  dial.turn({ ...INFO, level: 'debug' });
  await host.kill(0);
  await vi.waitFor(() => expect(lines.at(-1)).toBe(' init'), 10_000);
  expect(await said('a')).toEqual(['debug', 'info', 'warn', 'error']);
});

it('a field that cannot leave the thread takes no other with it', () => {
  const said: unknown[] = [];
  const say = (control: unknown) => void said.push(structuredClone(control));
  const { log } = createWorkerLog(say, INFO);
  log.warn({ client: 'dev1', err: new RangeError('too far'), request: { next() {} } }, 'odd');
  expect(said).toEqual([
    {
      log: 'warn',
      fields: {
        client: 'dev1',
        err: expect.objectContaining({ message: 'too far' }),
        unprintable: expect.stringContaining('could not be cloned'),
      },
      text: 'odd',
    },
  ]);
});
