/** Memory that is given back early is nobody's any more: what applications keep stays as it came. */
import { createHash } from 'node:crypto';
import { connect, downloadBlob, fileChannel, upload } from '@n2o/client';
import { expect, it, onTestFinished } from 'vitest';
import { type Running, start } from './n2o.ts';

const MODULES = {
  // Keeps every message for good, and says what they are by now.
  'keeper.ts': `
    import { createHash } from 'node:crypto';
    import { defineModule } from 'n2o';
    const kept: Uint8Array[] = [];
    const hashOf = (all: Uint8Array[]) => all.reduce((hash, bytes) => hash.update(bytes), createHash('sha256')).digest('hex');
    export default defineModule({
      event(message) {
        if (!(message instanceof Uint8Array)) return hashOf(kept);
        kept.push(message);
        return 'kept';
      },
    });`,
  'files.ts': `
    import { defineModule } from 'n2o';
    export default defineModule({ file: ({ sha256 }) => sha256 });`,
  'first.ts': `
    import { defineModule, unknown } from 'n2o';
    import { audit, hash } from './lib/audit.ts';
    const event = (value) => (value === 'audit' ? hash() : (audit(value), unknown));
    export default defineModule({ event, file: ({ sha256 }) => sha256 });`,
  'keyed.ts': `
    import { defineModule } from 'n2o';
    import { audit, hash } from './lib/audit.ts';
    export default defineModule({ key: audit, event: (value) => (value === 'audit' ? hash() : undefined) });`,
  'protocols/before.ts': `
    import { reply, unknown } from 'n2o';
    import { audit, hash } from '../lib/audit.ts';
    export default ({ value }) => (value === 'audit' ? reply(hash()) : (audit(value), unknown));`,
  'protocols/keys.ts': `
    import { reply, unknown } from 'n2o';
    import { audit, hash } from '../lib/audit.ts';
    const protocol = ({ value }) => (value === 'audit' ? reply(hash()) : unknown);
    export default Object.assign(protocol, { key: ({ value }) => audit(value) });`,
  // Looks at blocks, and at names of files that are fetched, later than they are needed.
  'lib/audit.ts': `
    import { createHash } from 'node:crypto';
    const kept: Uint8Array[] = [];
    export const audit = (value): undefined => {
      const [tag, , , name, , , , block, data, status] = value?.items ?? [];
      if (String(tag?.name) !== 'ftp') return;
      const said = Buffer.from(status).toString();
      if (said === 'send') kept.push(data);
      else if (said === 'get' && block > 0) kept.push(name);
    };
    export const hash = () => kept.reduce((hash, bytes) => hash.update(bytes), createHash('sha256')).digest('hex');`,
};

/** Keeps all in memory, as it came; what is fetched are views of that. */
const IN_MEMORY = `
  import { createHash } from 'node:crypto';
  export default () => {
    const blocks = [];
    let whole;
    const file = () => ({ name: 'numbers', size: whole.length, path: '', at: 0, isAccepted: true,
      sha256: createHash('sha256').update(whole).digest('hex') });
    return {
      begin: async () => ({ offset: 0 }),
      append: async (key, offset, bytes) => blocks.push(bytes) * 0 + offset + bytes.length,
      finish: async () => ((whole = Buffer.concat(blocks)), file()),
      accept: async () => {}, stop: async () => {}, remove: async () => false, close: async () => {},
      find: async () => file(),
      read: async (owner, name, offset, count) => whole.subarray(offset, offset + count),
      list: async () => [file()],
    };
  };`;

const BLOCK = 262_144;

/** Bytes that tell where they are. */
function numbered(size: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(size / 4);
  for (let i = 0; i < words.length; i++) words[i] = i;
  return new Uint8Array(words.buffer);
}

const sha256 = (...parts: readonly Uint8Array[]) =>
  parts.reduce((hash, bytes) => hash.update(bytes), createHash('sha256')).digest('hex');

async function clientOf({ host, port }: Running, id: string) {
  const client = await connect(`mqtt://${host}:${port}`, { id });
  onTestFinished(() => client.close());
  return client;
}

it('leaves what a module keeps as it came, while files go through the same worker', async () => {
  const n2o = await start(MODULES, '--workers', '1');
  const [uploader, sender] = [await clientOf(n2o, 'uploader'), await clientOf(n2o, 'sender')];
  const channel = fileChannel(uploader, 'files');
  const file = numbered(40 * BLOCK);
  const uploads = upload(channel, file, { name: 'numbers' });
  const sent: Uint8Array[] = [];
  for (let i = 0; i < 60; i++) {
    const message = numbered(4 * 2 ** (i % 16)).fill(i % 251);
    // Neither JSON nor text.
    message[0] = 255;
    sent.push(message);
    expect(String(await sender.call('keeper', message, { qos: i % 2 === 0 ? 0 : 1 }))).toBe('kept');
  }
  expect((await uploads).sha256).toBe(sha256(file));
  expect(await sender.call('keeper', 'all')).toBe(sha256(...sent));
});

it.each([
  ['a protocol of its own', 'files', './protocols/before.ts,ftp,app'],
  ['one that knows their keys', 'files', 'ftp,./protocols/keys.ts,app'],
  ['a module that makes their keys', 'keyed', 'ftp,app'],
  ['a module that is asked before', 'first', 'app,ftp'],
])(
  'leaves messages to code of the application that sees them: %s',
  async (_, module, protocols) => {
    const n2o = await start(MODULES, '--workers', '1', '--protocols', `heart,${protocols}`);
    const client = await clientOf(n2o, 'uploader');
    const channel = fileChannel(client, module);
    const file = numbered(20 * BLOCK);
    await upload(channel, file, { name: 'numbers' });
    await downloadBlob(channel, { name: 'numbers' });
    const names = Array.from({ length: 20 }, () => Buffer.from('numbers'));
    expect(await client.call(module, 'audit')).toBe(sha256(file, ...names));
  },
);

it('leaves bytes to a service for files that keeps them', async () => {
  const modules = { ...MODULES, 'services/files.js': IN_MEMORY };
  const n2o = await start(modules, '--workers', '1', '--file-service', './services/files.js');
  const channel = fileChannel(await clientOf(n2o, 'uploader'), 'files');
  const file = numbered(20 * BLOCK);
  expect((await upload(channel, file, { name: 'numbers' })).sha256).toBe(sha256(file));
  for (const _ of ['once', 'again']) {
    const blob = await downloadBlob(channel, { name: 'numbers' });
    expect(sha256(new Uint8Array(await blob.arrayBuffer()))).toBe(sha256(file));
  }
});
