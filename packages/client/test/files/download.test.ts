import { expect, it } from 'vitest';
import { download, downloadBlob } from '../../src/files/download.ts';
import { bytesOf, openLine } from './line.ts';

const quick = { name: 'f', backoff: { min: 1, max: 2 } };

async function collect(blocks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts = [];
  for await (const block of blocks) parts.push(block);
  return new Uint8Array(Buffer.concat(parts));
}

it('fetches a file in order, and says how far it is', async () => {
  const line = await openLine();
  await line.put('f', bytesOf(9_500));
  const progress: number[] = [];
  const onProgress = (done: number) => progress.push(done);
  const blocks = download(line.exchange, { ...quick, onProgress, window: 3 });
  expect(await collect(blocks)).toEqual(bytesOf(9_500));
  expect(progress).toHaveLength(10);
  expect(progress.at(-1)).toBe(9_500);
});

it('fetches a file as a whole, also an empty one', async () => {
  const line = await openLine();
  await line.put('f', bytesOf(2_500));
  await line.put('empty', bytesOf(0));
  const blob = await downloadBlob(line.exchange, quick);
  expect(new Uint8Array(await blob.arrayBuffer())).toEqual(bytesOf(2_500));
  expect((await downloadBlob(line.exchange, { ...quick, name: 'empty' })).size).toBe(0);
});

it('goes on with the next block when the connection breaks, wherever it breaks', async () => {
  const line = await openLine();
  await line.put('f', bytesOf(40_000));
  let count = 0;
  line.before = () => ++count % 7 === 0;
  line.after = () => ++count % 11 === 0;
  expect(await collect(download(line.exchange, quick))).toEqual(bytesOf(40_000));
});

it('asks for no more than its window ahead of whoever takes the blocks', async () => {
  const line = await openLine();
  await line.put('f', bytesOf(90_000));
  for await (const _ of download(line.exchange, { ...quick, window: 3 })) {
    if (line.asked.length > 20) break;
  }
  expect(line.asked.length).toBeLessThan(26);
});

it('says that there is no such file, at once', async () => {
  const line = await openLine();
  await expect(collect(download(line.exchange, quick))).rejects.toMatchObject({
    code: 'N2O_FILE_UNKNOWN',
  });
  expect(line.asked).toHaveLength(1);
});

it('does not put together two files that had one name', async () => {
  const line = await openLine();
  await line.put('f', bytesOf(5_000));
  let count = 0;
  line.before = () => ++count === 4;
  const blocks = download(line.exchange, { ...quick, window: 1 });
  await blocks.next();
  await line.files.remove('cc', 'f');
  await line.put('f', bytesOf(5_001));
  await expect(collect(blocks)).rejects.toMatchObject({ code: 'N2O_FILE_HASH' });
});

it('ends when it is aborted', async () => {
  const line = await openLine();
  await line.put('f', bytesOf(5_000));
  const stop = new AbortController();
  const blocks = download(line.exchange, { ...quick, signal: stop.signal, window: 1 });
  await blocks.next();
  stop.abort();
  await expect(collect(blocks)).rejects.toBe(stop.signal.reason);
});
