import { readdirSync } from 'node:fs';
import { mkdir, readFile, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Announcement, Files } from '@n2o/shared';
import { expect, it, vi } from 'vitest';
import { bytesOf, newFolder, sha256, start } from './kept.ts';

const key = { owner: 'ann', id: 't1', name: 'a.bin' };

async function put(files: Files, what: Partial<Announcement>, bytes: Uint8Array) {
  const announcement = { ...key, ...what, size: bytes.length };
  await files.begin(announcement);
  await files.append(announcement, 0, bytes);
  return files.finish(announcement);
}

/** All files below a folder. */
function all(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

it('puts blocks together, in a file with the name and the hash of the whole', async () => {
  const folder = await newFolder();
  const files = start(folder, { now: () => 5 });
  const bytes = bytesOf(10_000);
  expect(await files.begin({ ...key, size: bytes.length })).toEqual({ offset: 0 });
  for (let at = 0; at < bytes.length; at += 3_000) {
    const block = bytes.subarray(at, at + 3_000);
    expect(await files.append(key, at, block)).toBe(at + block.length);
  }
  const file = await files.finish(key);
  const expected = { name: 'a.bin', size: 10_000, sha256: sha256(bytes), at: 5, isAccepted: false };
  expect(file).toMatchObject(expected);
  expect(relative(folder, file.path)).toMatch(/^[0-9a-f]{32}.files.a\.bin$/);
  expect(new Uint8Array(await readFile(file.path))).toEqual(bytes);
  expect(await files.list('ann')).toEqual([file]);
  expect(await files.find('ann', 'a.bin')).toEqual(file);
  expect(await files.list('bob')).toEqual([]);
});

it('shows nothing of a file that is not complete', async () => {
  const files = start(await newFolder());
  await files.begin({ ...key, size: 4 });
  await files.append(key, 0, bytesOf(3));
  expect(await files.list('ann')).toEqual([]);
  await expect(files.find('ann', 'a.bin')).rejects.toMatchObject({ code: 'N2O_FILE_UNKNOWN' });
  await expect(files.read('ann', 'a.bin', 0, 4)).rejects.toMatchObject({
    code: 'N2O_FILE_UNKNOWN',
  });
  await expect(files.finish(key)).rejects.toMatchObject({ code: 'N2O_FILE_OFFSET' });
});

it('keeps an empty file', async () => {
  const files = start(await newFolder());
  const file = await put(files, {}, new Uint8Array());
  expect(file).toMatchObject({ size: 0, sha256: sha256(new Uint8Array()) });
});

it('takes up in another process what the first has left, whatever the last block was', async () => {
  const folder = await newFolder();
  const bytes = bytesOf(600_000);
  const first = start(folder);
  await first.begin({ ...key, size: bytes.length });
  await first.append(key, 0, bytes.subarray(0, 400_000));
  const [part] = all(folder).filter((path) => path.endsWith('.part'));
  await truncate(part as string, 399_999); // as a process leaves it that dies while it writes

  const next = start(folder);
  const again = { ...key, id: 't2', size: bytes.length };
  expect(await next.begin(again)).toEqual({ offset: 399_999 });
  await next.append(again, 399_999, bytes.subarray(399_999));
  expect((await next.finish(again)).sha256).toBe(sha256(bytes));
});

it('goes on with a transfer that another worker has begun', async () => {
  const folder = await newFolder();
  const bytes = bytesOf(9);
  const [first, second] = [start(folder), start(folder)];
  await first.begin({ ...key, size: 9 });
  await first.append(key, 0, bytes.subarray(0, 3));
  expect(await second.append(key, 3, bytes.subarray(3, 6))).toBe(6);
  // The first one does not know of that until it looks.
  expect(await first.append(key, 3, bytes.subarray(3))).toBe(9);
  expect((await first.finish(key)).sha256).toBe(sha256(bytes));
  expect((await second.finish(key)).sha256).toBe(sha256(bytes));
});

it('leaves out what it has already, and what begins behind the end', async () => {
  const files = start(await newFolder());
  const bytes = bytesOf(10);
  await files.begin({ ...key, size: 10 });
  expect(await files.append(key, 4, bytes.subarray(4))).toBe(0);
  expect(await files.append(key, 0, bytes.subarray(0, 6))).toBe(6);
  expect(await files.append(key, 0, bytes.subarray(0, 6))).toBe(6);
  expect(await files.append(key, Number.NaN, bytes)).toBe(6);
  expect(await files.append(key, 4, bytes.subarray(4))).toBe(10);
  expect((await files.finish(key)).sha256).toBe(sha256(bytes));
});

it('keeps the order of blocks that are appended at once', async () => {
  const files = start(await newFolder());
  const bytes = bytesOf(100_000);
  await files.begin({ ...key, size: bytes.length });
  const appended = [];
  for (let at = 0; at < bytes.length; at += 1_000) {
    appended.push(files.append(key, at, bytes.subarray(at, at + 1_000)));
  }
  await Promise.all(appended);
  expect((await files.finish(key)).sha256).toBe(sha256(bytes));
});

it('says again what has become of a transfer that it has finished, to the same one only', async () => {
  const folder = await newFolder();
  const bytes = bytesOf(7);
  const file = await put(start(folder), {}, bytes);
  const files = start(folder);
  expect(await files.append(key, 0, bytes)).toBe(7);
  expect(await files.finish(key)).toEqual(file);
  expect(await files.begin({ ...key, size: 7 })).toEqual({ offset: 7, file });
  expect(await files.begin({ ...key, id: 't2', size: 7 })).toEqual({ offset: 0 });
});

it('ends what a process has begun to put into its place', async () => {
  const folder = await newFolder();
  const bytes = bytesOf(7);
  const { path } = await put(start(folder), {}, bytes);
  const known = join(dirname(dirname(path)), 'known');
  const [stored] = readdirSync(known);
  const base = join(known, (stored as string).replace('.json', ''));
  await writeFile(`${base}.announced.json`, JSON.stringify({ ...key, size: 7, fingerprint: '' }));
  await writeFile(`${base}.part`, bytes);
  await truncate(path, 0);
  const files = start(folder);
  expect(await files.begin({ ...key, size: 7 })).toMatchObject({ offset: 7 });
  expect(new Uint8Array(await readFile(path))).toEqual(bytes);
  expect(readdirSync(known)).toEqual([stored]);
});

it('begins anew with a file of another size or fingerprint, or one that it has less of than believed', async () => {
  const files = start(await newFolder());
  const first = { ...key, size: 10, fingerprint: 'monday' };
  const begun = async (changes: Partial<Announcement>) => {
    await files.begin(first);
    await files.append(key, 0, bytesOf(4));
    return (await files.begin({ ...first, ...changes })).offset;
  };
  expect(await begun({})).toBe(4);
  expect(await begun({ fingerprint: 'tuesday' })).toBe(0);
  expect(await begun({ size: 11 })).toBe(0);
  expect(await begun({ offset: 5 })).toBe(0);
  expect(await begun({ offset: 4 })).toBe(4);
});

it('keeps a file until another of its name is complete', async () => {
  const files = start(await newFolder());
  await put(files, {}, bytesOf(5));
  const next = { ...key, id: 't2', size: 3 };
  await files.begin(next);
  await files.append(next, 0, new Uint8Array([1, 2]));
  expect(await files.read('ann', 'a.bin', 0, 99)).toEqual(Buffer.from(bytesOf(5)));
  await files.append(next, 2, new Uint8Array([3]));
  await files.finish(next);
  expect(await files.read('ann', 'a.bin', 0, 99)).toEqual(Buffer.from([1, 2, 3]));
  expect(await files.list('ann')).toHaveLength(1);
});

it('reads the file that is there now, also when another worker has replaced it', async () => {
  const folder = await newFolder();
  const [first, second] = [start(folder), start(folder)];
  await put(first, {}, bytesOf(5));
  expect(await first.read('ann', 'a.bin', 1, 2)).toEqual(Buffer.from(bytesOf(5).subarray(1, 3)));
  await put(second, { id: 't2' }, new Uint8Array([9]));
  expect(await first.read('ann', 'a.bin', 0, 5)).toEqual(Buffer.from([9]));
  expect(await first.read('ann', 'a.bin', 7, 5)).toEqual(Buffer.alloc(0));
});

it('refuses a file whose hash is not the one that the client expects, and forgets it', async () => {
  const folder = await newFolder();
  const files = start(folder);
  await files.begin({ ...key, size: 3 });
  await files.append(key, 0, bytesOf(3));
  await expect(files.finish(key, '00')).rejects.toMatchObject({ code: 'N2O_FILE_HASH' });
  expect(all(folder)).toEqual([]);
  await files.begin({ ...key, size: 3 });
  await files.append(key, 0, bytesOf(3));
  expect(await files.finish(key, sha256(bytesOf(3)).toUpperCase())).toMatchObject({ size: 3 });
});

it('refuses more than was announced, or may be', async () => {
  const files = start(await newFolder(), { maxBytes: 10, quotaBytes: 25, quotaCount: 3 });
  const limit = { code: 'N2O_FILE_LIMIT' };
  await expect(files.begin({ ...key, size: 11 })).rejects.toMatchObject(limit);
  await expect(files.begin({ ...key, size: Number.NaN })).rejects.toMatchObject(limit);
  await expect(files.begin({ ...key, size: -1 })).rejects.toMatchObject(limit);
  await files.begin({ ...key, size: 10 });
  await expect(files.append(key, 0, bytesOf(11))).rejects.toMatchObject(limit);
  await put(files, { name: 'b' }, bytesOf(10));
  // Announced counts: ten bytes of a.bin are on their way.
  await expect(files.begin({ ...key, name: 'c', size: 6 })).rejects.toMatchObject(limit);
  await put(files, { name: 'c' }, bytesOf(5));
  // One that replaces another does not count twice.
  await put(files, { name: 'c', id: 't2' }, bytesOf(4));
  await expect(files.begin({ ...key, name: 'd', size: 0 })).rejects.toMatchObject(limit);
  // Others have room of their own.
  await put(files, { owner: 'bob' }, bytesOf(10));
});

it('of two files that begin at once does not let both in where there is room for one', async () => {
  const folder = await newFolder();
  const limits = { quotaBytes: 10 };
  const workers = [start(folder, limits), start(folder, limits)];
  const begun = await Promise.allSettled(
    workers.map((files, i) => files.begin({ ...key, name: `f${i}`, size: 10 })),
  );
  const refused = begun.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThanOrEqual(1);
});

it('counts a file that another has replaced by the size that it has now', async () => {
  const files = start(await newFolder(), { quotaBytes: 20 });
  await put(files, {}, bytesOf(15));
  await expect(files.begin({ ...key, name: 'b', size: 10 })).rejects.toMatchObject({
    code: 'N2O_FILE_LIMIT',
  });
  await put(files, { id: 't2' }, bytesOf(10));
  await put(files, { name: 'b' }, bytesOf(10));
});

it('removes files, and what came of them', async () => {
  const folder = await newFolder();
  const files = start(folder);
  await put(files, {}, bytesOf(5));
  expect(await files.remove('bob', 'a.bin')).toBe(false);
  expect(await files.remove('ann', 'a.bin')).toBe(true);
  expect(await files.remove('ann', 'a.bin')).toBe(false);
  await files.begin({ ...key, size: 9 });
  await files.append(key, 0, bytesOf(5));
  await files.stop({ ...key, id: 'another' });
  expect(await files.append(key, 5, bytesOf(1))).toBe(6);
  await files.stop(key);
  await files.stop(key);
  expect(all(folder)).toEqual([]);
  await expect(files.append(key, 6, bytesOf(1))).rejects.toMatchObject({
    code: 'N2O_FILE_UNKNOWN',
  });
});

it('remembers that the application has been told', async () => {
  const folder = await newFolder();
  const files = start(folder);
  await put(files, {}, bytesOf(5));
  await files.accept('ann', 'a.bin');
  expect(await start(folder).find('ann', 'a.bin')).toMatchObject({ isAccepted: true });
});

it('clears what nobody went on with, and nothing else', async () => {
  const folder = await newFolder();
  const first = start(folder);
  await put(first, {}, bytesOf(5));
  for (const name of ['old', 'new']) {
    await first.begin({ ...key, name, size: 9 });
    await first.append({ ...key, name }, 0, bytesOf(2));
  }
  await first.begin({ ...key, owner: 'bob', size: 9 });
  const now = Date.now();
  const [youngest] = all(folder).filter((path) => path.endsWith('.part'));
  for (const path of all(folder)) {
    if (!path.startsWith((youngest as string).replace('.part', ''))) await utimes(path, 0, 0);
  }
  const files = start(folder, { ttl: 3_600_000, now: () => now });
  await vi.waitFor(() => expect(all(folder)).toHaveLength(4));
  await vi.waitFor(() => expect(readdirSync(folder)).toHaveLength(1));
  expect(await files.list('ann')).toHaveLength(1);
});

it('follows no name out of the folder', async () => {
  const folder = await newFolder();
  const files = start(folder);
  const names = ['../x', 'a/b', 'a\\b', '/etc/passwd', '..', '.', '', ' ', 'a\0b', 'C:x', 'a\nb'];
  for (const name of names) {
    const refused = { code: 'N2O_FILE_NAME' };
    await expect(files.begin({ ...key, name, size: 1 })).rejects.toMatchObject(refused);
    await expect(files.read('ann', name, 0, 1)).rejects.toMatchObject(refused);
    await expect(files.remove('ann', name)).rejects.toMatchObject(refused);
  }
  const { path } = await put(files, { owner: '../../up' }, bytesOf(1));
  expect(relative(folder, path)).not.toContain('..');
});

it('completes the first file of an owner whose empty folder another worker has swept away', async () => {
  const folder = await newFolder();
  const files = start(folder);
  await files.begin({ ...key, size: 3 });
  await files.append(key, 0, bytesOf(3));
  start(folder);
  const [home] = readdirSync(folder);
  await vi.waitUntil(() => !readdirSync(join(folder, home as string)).includes('files'));
  const { path } = await files.finish(key);
  expect(new Uint8Array(await readFile(path))).toEqual(bytesOf(3));
});

it('does not write through a link that somebody has put there', async () => {
  const folder = await newFolder();
  const outside = join(await newFolder(), 'outside');
  await writeFile(outside, 'safe');
  const files = start(folder);
  const { path } = await put(files, {}, bytesOf(3));
  await files.remove('ann', 'a.bin');
  // Its folder is empty, and may have been cleared away.
  await mkdir(dirname(path), { recursive: true });
  await symlink(outside, path);
  await put(files, { id: 't2' }, bytesOf(3));
  expect(await readFile(outside, 'utf8')).toBe('safe');
});

it('keeps no more files open than its bound, with more transfers at once', async () => {
  const files = start(await newFolder());
  const before = readdirSync('/proc/self/fd').length;
  const keys = Array.from({ length: 90 }, (_, i) => ({ ...key, id: `t${i}`, name: `f${i}` }));
  for (const one of keys) await files.begin({ ...one, size: 200 });
  for (let at = 0; at < 200; at += 100) {
    await Promise.all(
      keys.map((one) => files.append(one, at, bytesOf(200).subarray(at, at + 100))),
    );
    expect(readdirSync('/proc/self/fd').length - before).toBeLessThanOrEqual(70);
  }
  const finished = await Promise.all(keys.map((one) => files.finish(one)));
  expect(new Set(finished.map((file) => file.sha256))).toEqual(new Set([sha256(bytesOf(200))]));
});
