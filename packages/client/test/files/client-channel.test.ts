import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/connect.ts';
import { fileChannel } from '../../src/files/client-channel.ts';
import { downloadBlob } from '../../src/files/download.ts';
import { upload } from '../../src/files/upload.ts';
import { startServer } from '../server.ts';
import { bytesOf, sha256, startFiles } from './line.ts';

const bytes = bytesOf(200_000);

async function start(block = 5_000) {
  const { files, answer } = await startFiles({}, block);
  const server = await startServer({ answer: (_text, _module, payload) => answer(payload) });
  const client = await connect(server.url, { id: 'c', backoff: { min: 1, max: 5 } });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  const channel = fileChannel(client, 'store', { timeout: 2_000 });
  return { client, channel, files, server };
}

it('carries a file there and back over MQTT, while the connection breaks', async () => {
  const { channel, server } = await start();
  const options = { name: 'f', window: 4 };
  let cut = 0;
  const breaking = (done: number) => {
    if (done < (cut + 0.5) * 40_000 || cut >= 5) return;
    cut++;
    server.drop('c');
  };
  const sent = await upload(channel, bytes, { ...options, onProgress: breaking });
  expect(sent.sha256).toBe(sha256(bytes));
  expect(cut).toBe(5);
  cut = 0;
  const blob = await downloadBlob(channel, { ...options, onProgress: breaking });
  expect(sha256(new Uint8Array(await blob.arrayBuffer()))).toBe(sha256(bytes));
  expect(cut).toBe(5);
});

it('is not confused by what else the module says', async () => {
  const { client, channel, server } = await start();
  const heard: unknown[] = [];
  client.on('action', ({ value }) => heard.push(value));
  const uploaded = upload(channel, bytes, {
    name: 'f',
    onProgress: () => void server.act('store', 'c', 'news'),
  });
  expect((await uploaded).size).toBe(bytes.length);
  expect(heard).toContain('news');
});

it('rejects who waits when it is closed', async () => {
  const { channel } = await start();
  const sending = upload(channel, bytes, { name: 'f' });
  channel.close();
  await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
});
