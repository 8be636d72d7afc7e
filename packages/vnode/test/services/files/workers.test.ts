import { type Bus, createBert, type Logger, type Outcome, writeFtp } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { createHost, type Host } from '@n2o/vnode';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newFolder } from '../../files/kept.ts';
import { alias, appFolder } from '../../modules/app-folder.ts';

const quiet = () => {};
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const bus: Bus = {
  publish: () => Promise.resolve(),
  tell: () => Promise.resolve(),
  subscribe: () => Promise.resolve({ unsubscribe: () => Promise.resolve() }),
};

/** Says what the client has, then removes it. */
const SHELF = `
  export function file() {}
  export async function event([name], context) {
    const { files } = context.services;
    const { files: [file] } = await files.list(context);
    let text = '';
    for await (const block of files.read(context, name)) text += Buffer.from(block);
    return { file, text, removed: await files.remove(context, name) };
  }`;

/** One that has the same file for everybody. */
const MEMORY = `
  const file = { name: 'a', size: 2, path: '', sha256: '00', at: 1, isAccepted: true };
  export default () => ({
    list: async () => [file],
    find: async () => file,
    read: async () => Buffer.from('hi'),
    remove: async () => true,
    close: async () => {},
  });`;

const LATER = 1_000_000;

async function start(workers: number, files: string): Promise<Host> {
  const host = await createHost({
    folder: appFolder({ 'shelf.js': SHELF, '_memory.js': MEMORY }),
    services: {
      secrets: ['a secret that only this test knows'],
      legacyPickles: false,
      ...{ loginTtl: LATER, loginProlong: true },
      names: {
        ...{ auth: 'store', cache: 'memory', files, kvs: 'store', mq: 'bus', pickler: 'aes-gcm' },
        ...{ processes: 'worker', session: 'store', timers: 'worker' },
      },
    },
    files: { folder: await newFolder() },
    store: createMemoryStore(),
    ...{ workers, alias, bus, log },
  });
  onTestFinished(() => host.close());
  return host;
}

const route = { client: 'c', module: 'shelf', version: '1', vnode: 1, user: '', token: '' };

function say(host: Host, payload: Uint8Array): Promise<[Outcome, Uint8Array | undefined]> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome, bytes?: Uint8Array) => resolve([outcome, bytes?.slice()]);
    host.deliver({ route, payload, qos: 1, dup: false, settle });
  });
}

describe.each([0, 1])('files in %i workers', (workers) => {
  it('that clients have sent are there for the modules', async () => {
    const host = await start(workers, 'disk');
    const text = Buffer.from('hello');
    const ftp = (status: string, data: Uint8Array) => say(host, encoded(status, data, text.length));
    await ftp('init', new Uint8Array());
    await ftp('send', text);
    const [outcome, bytes] = await say(host, Buffer.from('["a"]'));
    expect(outcome).toBe('reply');
    expect(JSON.parse(String(Buffer.from(bytes ?? [])))).toMatchObject({
      file: { name: 'a', size: 5 },
      text: 'hello',
      removed: true,
    });
    const [, gone] = await say(host, Buffer.from('["a"]'));
    expect(String(Buffer.from(gone ?? []))).toContain('N2O_FILE_UNKNOWN');
  });

  it('are where the settings say, also in a module of the application', async () => {
    const host = await start(workers, './_memory.js');
    const [, bytes] = await say(host, Buffer.from('["a"]'));
    expect(JSON.parse(String(Buffer.from(bytes ?? [])))).toEqual({
      file: { name: 'a', size: 2, sha256: '00', at: 1 },
      text: 'hi',
      removed: true,
    });
  });
});

/** A block of the file `a`, as pages say it. */
function encoded(status: string, data: Uint8Array, size: number): Uint8Array {
  const whole = { id: 't', sid: '', name: 'a', meta: '', size, offset: 0, block: 1 };
  const message = { ...whole, data, status, options: undefined };
  return createBert().encode(writeFtp('ftp', message)).slice();
}
