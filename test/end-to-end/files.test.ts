/** Files through a server that takes less at a time than the client would have under way. */
import { connect, fileChannel, upload } from '@n2o/client';
import { expect, it, onTestFinished } from 'vitest';
import { start } from './n2o.ts';

const MODULES = {
  'files.ts': `
    import { defineModule } from 'n2o';
    export default defineModule({ file: ({ size }) => size });`,
};

it.each([
  ['--inflight-per-client', '4'],
  ['--inflight-per-vnode', '4'],
])('go on where blocks were refused as too many (%s)', async (...bound) => {
  const n2o = await start(MODULES, '--workers', '1', ...bound);
  const client = await connect(`mqtt://${n2o.host}:${n2o.port}`, { id: 'uploader' });
  onTestFinished(() => client.close());
  const file = new Uint8Array(5_000_000).fill(7);
  const channel = fileChannel(client, 'files', { timeout: 60_000 });
  expect((await upload(channel, file, { name: 'sevens' })).size).toBe(file.length);
});
