/** What server code can do with the files of owners, whatever keeps them. */
import { createHash } from 'node:crypto';
import type { FileOwner, Files, OwnedFiles } from '@n2o/shared';
import { describe, expect, it } from 'vitest';

/** What keeps files, empty, and the service over it; an owner may have 5 files with 1 MiB. */
export interface Opened {
  readonly files: Files;
  readonly owned: OwnedFiles;
  /** What `files` calls this owner. */
  nameOf(owner: FileOwner): string;
}

const ann = { sid: 'a'.repeat(40) };
const bob = { client: 'bob' };

export function conforms(name: string, open: () => Promise<Opened>): void {
  describe(`${name}, as whatever keeps files for server code,`, () => {
    it('lists the complete files of an owner by name, a page at a time', async () => {
      const { owned, ...opened } = await open();
      const names = ['b', 'ü 🙂', 'a', '<i>.txt', 'B'];
      for (const each of names) await put(opened, ann, each, bytesOf(3));
      await put(opened, bob, 'other', bytesOf(1));
      const sorted = [...names].sort();
      const first = await owned.list(ann, { count: 2 });
      expect(first.files.map((file) => file.name)).toEqual(sorted.slice(0, 2));
      expect(first.next).toBe(sorted[2]);
      const second = await owned.list(ann, { count: 2, from: first.next });
      expect(second.files.map((file) => file.name)).toEqual(sorted.slice(2, 4));
      const rest = await owned.list(ann, { from: second.next });
      expect(rest).toMatchObject({ files: [{ name: sorted[4] }], next: undefined });
      expect((await owned.list(ann)).files).toHaveLength(5);
      for (const count of [0, -1, Number.NaN]) {
        expect((await owned.list(ann, { count })).files).toHaveLength(1);
      }
      expect(await owned.list({ client: 'nobody' })).toEqual({ files: [], next: undefined });
    });

    it('goes on with the next page where the file went that it was to begin with', async () => {
      const { owned, ...opened } = await open();
      for (const each of ['a', 'b', 'c']) await put(opened, ann, each, bytesOf(1));
      const { next } = await owned.list(ann, { count: 1 });
      await owned.remove(ann, 'b');
      const { files } = await owned.list(ann, { from: next });
      expect(files.map((file) => file.name)).toEqual(['c']);
    });

    it('knows size, hash and time of a file, and nothing of one that is not complete', async () => {
      const { owned, files, nameOf } = await open();
      const bytes = bytesOf(1_000);
      const { at } = await put({ files, nameOf }, ann, 'a', bytes);
      const known = { name: 'a', size: 1_000, sha256: sha256(bytes), at };
      expect(await owned.stat(ann, 'a')).toEqual(known);
      expect((await owned.list(ann)).files).toEqual([known]);
      const part = { owner: nameOf(ann), id: 'p', name: 'part', size: 4 };
      await files.begin(part);
      await files.append(part, 0, bytesOf(3));
      expect(await owned.stat(ann, 'part')).toBeUndefined();
      await expect(all(owned.read(ann, 'part'))).rejects.toMatchObject({
        code: 'N2O_FILE_UNKNOWN',
      });
      expect(await owned.remove(ann, 'part')).toBe(false);
      await files.append(part, 3, bytesOf(1));
      expect((await files.finish(part)).size).toBe(4);
    });

    it('gives the bytes of a file in blocks, or of a part of it', async () => {
      const { owned, ...opened } = await open();
      const bytes = bytesOf(600_001);
      await put(opened, ann, 'a', bytes);
      const lengths: number[] = [];
      for await (const block of owned.read(ann, 'a')) lengths.push(block.length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(262_144);
      expect(sha256(await all(owned.read(ann, 'a')))).toBe(sha256(bytes));
      const part = await all(owned.read(ann, 'a', { offset: 262_000, count: 300_000 }));
      expect(sha256(part)).toBe(sha256(bytes.subarray(262_000, 562_000)));
      expect(await all(owned.read(ann, 'a', { offset: 600_000 }))).toHaveLength(1);
      expect(await all(owned.read(ann, 'a', { offset: 700_000 }))).toHaveLength(0);
      expect(await all(owned.read(ann, 'a', { count: 0 }))).toHaveLength(0);
      await put(opened, ann, 'empty', bytesOf(0));
      expect(await all(owned.read(ann, 'empty'))).toHaveLength(0);
      for (const range of [{ offset: -1 }, { offset: 0.5 }, { count: -1 }, { count: Number.NaN }]) {
        await expect(all(owned.read(ann, 'a', range))).rejects.toMatchObject({
          code: 'N2O_FILE_OFFSET',
        });
      }
    });

    it('never mixes two files that have one name after the other', async () => {
      const { owned, ...opened } = await open();
      await put(opened, ann, 'a', bytesOf(400_000));
      const replaced = owned.read(ann, 'a')[Symbol.asyncIterator]();
      await replaced.next();
      await put(opened, ann, 'a', bytesOf(400_000, 1));
      await expect(replaced.next()).rejects.toMatchObject({ code: 'N2O_FILE_UNKNOWN' });
      const removed = owned.read(ann, 'a')[Symbol.asyncIterator]();
      await removed.next();
      await owned.remove(ann, 'a');
      await expect(removed.next()).rejects.toMatchObject({ code: 'N2O_FILE_UNKNOWN' });
    });

    it('removes a file, whose room is free at once', async () => {
      const { owned, ...opened } = await open();
      for (const each of ['a', 'b', 'c', 'd', 'e']) await put(opened, ann, each, bytesOf(200_000));
      const limit = { code: 'N2O_FILE_LIMIT' };
      await expect(put(opened, ann, 'f', bytesOf(1))).rejects.toMatchObject(limit);
      expect(await owned.remove(ann, 'c')).toBe(true);
      expect(await owned.remove(ann, 'c')).toBe(false);
      expect(await owned.stat(ann, 'c')).toBeUndefined();
      await expect(put(opened, ann, 'f', bytesOf(300_000))).rejects.toMatchObject(limit);
      await put(opened, ann, 'f', bytesOf(240_000));
      expect((await owned.list(ann)).files.map((file) => file.name)).toEqual([...'abdef']);
    });

    it('keeps owners apart, and sends nobody out of their files', async () => {
      const { owned, ...opened } = await open();
      await put(opened, ann, 'a', bytesOf(1));
      expect(await owned.stat(bob, 'a')).toBeUndefined();
      expect(await owned.remove(bob, 'a')).toBe(false);
      const session = { identity: () => Promise.resolve(ann) };
      expect(await owned.stat({ client: 'bob', session }, 'a')).toMatchObject({ size: 1 });
      const stranger = { identity: () => Promise.resolve(undefined) };
      expect(await owned.stat({ client: 'bob', session: stranger }, 'a')).toBeUndefined();
      for (const name of ['', '..', '../a', 'a/b', 'a\\b', '/etc/passwd', 'a\0', 'x'.repeat(256)]) {
        const refused = { code: 'N2O_FILE_NAME' };
        await expect(owned.stat(ann, name)).rejects.toMatchObject(refused);
        await expect(owned.remove(ann, name)).rejects.toMatchObject(refused);
        await expect(all(owned.read(ann, name))).rejects.toMatchObject(refused);
      }
    });
  });
}

async function put(
  { files, nameOf }: Pick<Opened, 'files' | 'nameOf'>,
  owner: FileOwner,
  name: string,
  bytes: Uint8Array,
) {
  const key = { owner: nameOf(owner), id: `${name} ${sha256(bytes)}`, name, size: bytes.length };
  await files.begin(key);
  await files.append(key, 0, bytes);
  return files.finish(key);
}

async function all(blocks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const list: Uint8Array[] = [];
  for await (const block of blocks) list.push(block);
  return Buffer.concat(list);
}

function bytesOf(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + seed) & 255);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
