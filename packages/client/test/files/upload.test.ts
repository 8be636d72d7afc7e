import { N2OError } from '@n2o/shared';
import { expect, it } from 'vitest';
import type { FileSource } from '../../src/files/source.ts';
import { upload } from '../../src/files/upload.ts';
import { bytesOf, openLine, sha256 } from './line.ts';

const quick = { name: 'f', backoff: { min: 1, max: 2 } };

it('sends a file in blocks, with its hash, and says how far it is', async () => {
  const line = await openLine();
  const bytes = bytesOf(9_500);
  const progress: number[] = [];
  const sent = await upload(line.exchange, new Blob([Buffer.from(bytes)]), {
    ...quick,
    onProgress: (done, total) => {
      expect(total).toBe(9_500);
      progress.push(done);
    },
  });
  expect(sent).toEqual({ name: 'f', size: 9_500, sha256: sha256(bytes) });
  expect(new Uint8Array(await line.get('f'))).toEqual(bytes);
  expect(progress).toEqual([...Array(10).keys()].map((i) => i * 1_000).concat(9_500));
  expect(line.asked.at(-1)?.options?.get('sha256')).toBe(sha256(bytes));
});

it('sends an empty file', async () => {
  const line = await openLine();
  const sent = await upload(line.exchange, new Uint8Array(), quick);
  expect(sent).toMatchObject({ size: 0, sha256: sha256(new Uint8Array()) });
});

it('has no more blocks under way than its window', async () => {
  const line = await openLine();
  const { exchange } = line;
  let [now, most] = [0, 0];
  const channel = {
    request: async (message: unknown) => {
      most = Math.max(most, ++now);
      return exchange.request(message).finally(() => now--);
    },
  };
  await upload(channel, bytesOf(50_000), { ...quick, window: 5 });
  expect(most).toBe(5);
});

it('goes on where the server is when the connection breaks, wherever it breaks', async () => {
  const line = await openLine();
  const bytes = bytesOf(40_000);
  let count = 0;
  line.before = () => ++count % 7 === 0;
  line.after = () => ++count % 11 === 0;
  const sent = await upload(line.exchange, bytes, quick);
  expect(sent.sha256).toBe(sha256(bytes));
  expect(new Uint8Array(await line.get('f'))).toEqual(bytes);
});

it('is done when only the last answer was lost', async () => {
  let told = 0;
  const line = await openLine({ file: () => void told++ });
  let isCut = false;
  line.after = ({ status, offset }) => {
    if (isCut || status !== 'send' || offset !== 2_000) return false;
    isCut = true;
    return true;
  };
  const sent = await upload(line.exchange, bytesOf(2_500), quick);
  expect(sent.sha256).toBe(sha256(bytesOf(2_500)));
  expect(line.asked.filter(({ status }) => status === 'send')).toHaveLength(3);
  expect(told).toBe(1);
});

it('takes up what an upload before it has left, and nothing of another file', async () => {
  const line = await openLine();
  const bytes = bytesOf(9_000);
  const source = (fingerprint: string): FileSource => ({
    size: 9_000,
    fingerprint,
    read: async (offset, count) => bytes.subarray(offset, offset + count),
  });
  const stop = new AbortController();
  line.before = ({ offset }) => {
    if (offset === 5_000) stop.abort();
    return offset === 5_000;
  };
  await expect(
    upload(line.exchange, source('monday'), { ...quick, signal: stop.signal }),
  ).rejects.toMatchObject({ name: 'AbortError' });
  line.before = () => false;
  const from = line.asked.length;
  await upload(line.exchange, source('monday'), quick);
  expect(line.asked[from + 1]).toMatchObject({ status: 'send', offset: 5_000 });
  await upload(line.exchange, source('tuesday'), quick);
  expect(new Uint8Array(await line.get('f'))).toEqual(bytes);
});

it('sends a stream, of which it keeps what has not arrived', async () => {
  const line = await openLine();
  const bytes = bytesOf(20_000);
  let [read, most] = [0, 0];
  async function* stream() {
    for (let at = 0; at < bytes.length; at += 700) {
      read = Math.min(bytes.length, at + 700);
      yield bytes.subarray(at, read);
    }
  }
  let count = 0;
  line.after = () => ++count % 9 === 0;
  const onProgress = (done: number) => {
    most = Math.max(most, read - done);
  };
  const options = { ...quick, window: 4, onProgress };
  const sent = await upload(line.exchange, { stream: stream(), size: 20_000 }, options);
  expect(sent.sha256).toBe(sha256(bytes));
  expect(most).toBeLessThan(5_000);
  const short = upload(line.exchange, { stream: stream(), size: 20_001 }, { ...quick, name: 'g' });
  await expect(short).rejects.toMatchObject({ code: 'N2O_FILE_HASH' });
});

it('says what the server has against the file, at once', async () => {
  const line = await openLine({
    file: () => {
      throw new N2OError('N2O_REST_INVALID', 'no pictures');
    },
  });
  await expect(upload(line.exchange, bytesOf(10), quick)).rejects.toMatchObject({
    code: 'N2O_REST_INVALID',
    message: 'no pictures',
  });
  await expect(upload(line.exchange, bytesOf(1), { ...quick, name: '../f' })).rejects.toMatchObject(
    {
      code: 'N2O_FILE_NAME',
    },
  );
  expect(line.asked).toHaveLength(3);
});

it('refuses a file that changes while it is sent', async () => {
  const line = await openLine();
  let reads = 0;
  const source: FileSource = {
    size: 3_000,
    read: async (offset, count) => bytesOf(3_000 + ++reads).subarray(offset, offset + count),
  };
  line.before = ({ data }) => {
    if (data[0] !== undefined) data[0] = 255 - data[0]; // on its way
    return false;
  };
  await expect(upload(line.exchange, source, quick)).rejects.toMatchObject({
    code: 'N2O_FILE_HASH',
  });
});

it('gives up when attempt after attempt gets nowhere', async () => {
  const line = await openLine();
  line.before = () => true;
  await expect(upload(line.exchange, bytesOf(10), { ...quick, attempts: 3 })).rejects.toMatchObject(
    { code: 'N2O_CLIENT_CONNECT' },
  );
  expect(line.asked).toHaveLength(3);
});

it('sends several files at once', async () => {
  const line = await openLine();
  const names = ['a', 'b', 'c', 'd'];
  const files = names.map((_, i) => bytesOf(9_000 + i));
  const sent = await Promise.all(
    names.map((name, i) => upload(line.exchange, files[i] as Uint8Array, { ...quick, name })),
  );
  expect(sent.map((file) => file.sha256)).toEqual(files.map(sha256));
});
