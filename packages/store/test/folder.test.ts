import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { keyOf } from '../src/folder/keys.ts';
import { openFolderStore } from '../src/folder/store.ts';
import { type Database, Writer } from '../src/folder/writer.ts';
import { Lifetimes } from '../src/lifetimes.ts';
import { Watches } from '../src/watches.ts';
import { conforms } from './conformance.ts';

const root = await mkdtemp(join(tmpdir(), 'n2o-store-'));
afterAll(() => rm(root, { recursive: true, force: true }));

conforms('a folder', { open: () => openFolderStore({ folder: join(root, 'plain') }) });
conforms('a folder that waits for the disk', {
  open: () => openFolderStore({ folder: join(root, 'sync'), sync: true }),
});

describe('a folder', () => {
  it('is made, with the folders above it', async () => {
    const store = await openFolderStore({ folder: join(root, 'a/b/c') });
    await store.close();
  });

  it('belongs to one opener at a time, and says so to the next', async () => {
    const folder = join(root, 'owned');
    const store = await openFolderStore({ folder });
    await expect(openFolderStore({ folder })).rejects.toMatchObject({
      code: 'N2O_STORE_UNAVAILABLE',
      message: `the folder ${folder} is in use by another process: only one at a time can have it`,
    });
    await store.close();
    const next = await openFolderStore({ folder });
    await next.close();
  });

  it('that cannot be one is refused with the reason', async () => {
    const folder = join(import.meta.filename, 'below-a-file');
    await expect(openFolderStore({ folder })).rejects.toMatchObject({
      code: 'N2O_STORE_UNAVAILABLE',
      message: expect.stringContaining(folder),
    });
  });

  it('whose file CURRENT is gone is refused, and left as it is', async () => {
    const folder = join(root, 'headless');
    const store = await openFolderStore({ folder });
    await store.commit([{ group: 'g', field: 'a', value: Buffer.from('1') }]);
    await store.close();
    await rename(join(folder, 'CURRENT'), join(root, 'current'));
    const before = await readdir(folder);
    await expect(openFolderStore({ folder })).rejects.toMatchObject({
      code: 'N2O_STORE_UNAVAILABLE',
      message: expect.stringContaining(
        `the folder ${folder} could not be opened: its file CURRENT`,
      ),
    });
    expect(await readdir(folder)).toEqual(before);
    await rename(join(root, 'current'), join(folder, 'CURRENT'));
    const next = await openFolderStore({ folder });
    expect(await next.get('g', ['a'])).toEqual([Buffer.from('1')]);
    await next.close();
  });

  it('that was killed while it was made is made anew', async () => {
    const folder = join(root, 'unfinished');
    await mkdir(folder);
    for (const name of ['LOCK', 'LOG', 'MANIFEST-000001']) await writeFile(join(folder, name), '');
    const store = await openFolderStore({ folder });
    await store.close();
  });

  it('removes what is over from the disk by the next commit of it', async () => {
    const folder = join(root, 'swept');
    const group = 'g';
    const store = await openFolderStore({ folder });
    await store.commit([
      { group, field: 'a', value: Buffer.from('1') },
      { group, lifetime: 1 },
    ]);
    await vi.waitFor(async () => expect(await store.extent(group)).toBeUndefined());
    await store.commit([{ group, field: 'b', value: Buffer.from('2') }]);
    await store.close();
    const next = await openFolderStore({ folder });
    expect(await next.extent(group)).toEqual({ first: 'b', last: 'b', count: 1 });
    await next.close();
  });

  it('has nothing of a commit before all of it, also of one that removes a large group', async () => {
    const folder = join(root, 'whole');
    const database: Database = new ClassicLevel(folder, { valueEncoding: 'view' });
    await database.open();
    const lifetimes = new Lifetimes(() => {});
    const watches = new Watches();
    const writer = new Writer({
      ...{ database, lifetimes, watches, folder },
      ...{ sync: false, onState: undefined },
    });
    const value = Buffer.alloc(50);
    const large = Array.from({ length: 20_000 }, (_, i) => ({
      group: 'large',
      field: `${i}`,
      value,
    }));
    await writer.write({ commits: [large], fence: undefined });
    let isDone = false;
    const before = { group: 'before', field: 'a', value };
    const after = { group: 'after', field: 'a', value };
    const commits = [[before, { group: 'large', drop: true as const }, after]];
    const writing = writer.write({ commits, fence: undefined }).then(() => {
      isDone = true;
    });
    const keys = [keyOf('before', 'a'), keyOf('after', 'a')];
    while (!isDone) {
      const [first, second] = await database.getMany(keys);
      expect(first?.length).toBe(second?.length);
    }
    await writing;
    expect((await database.getMany(keys)).map((kept) => kept?.length)).toEqual([50, 50]);
    lifetimes.close();
    await database.close();
  });
});
