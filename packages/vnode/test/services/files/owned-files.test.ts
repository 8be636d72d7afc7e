import { readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileOwner, Services } from '@n2o/shared';
import { expect, it } from 'vitest';
import { ownerOf } from '../../../src/protocols/owner.ts';
import { createOwnedFiles } from '../../../src/services/files/owned-files.ts';
import { newFolder, start } from '../../files/kept.ts';
import { conforms, type Opened } from './conformance.ts';

/** Sessions that are bound to the first half of their name. */
const services = { sessions: { bondOf: (sid: string) => sid.slice(0, 20) } } as unknown as Services;
const LIMITS = { quotaCount: 5, quotaBytes: 2 ** 20 };

function nameOf(owner: FileOwner): string {
  const [identity, client] = 'sid' in owner ? [owner, ''] : [undefined, owner.client];
  return ownerOf(identity, { client, services });
}

function opened(folder: string, other = folder): Opened {
  const files = start(folder, LIMITS);
  const kept = folder === other ? files : start(other, LIMITS);
  return { files, owned: createOwnedFiles(kept, () => services), nameOf };
}

conforms('a folder', async () => opened(await newFolder()));
conforms('a folder that another worker writes to', async () => {
  const folder = await newFolder();
  return opened(folder, `${folder}/`);
});

it('files stay with a session that goes on under another name', async () => {
  const { files, owned } = opened(await newFolder());
  const [before, after] = ['1', '2'].map((end) => ({ sid: `${'a'.repeat(20)}${end.repeat(20)}` }));
  const key = { owner: nameOf(before as FileOwner), id: 't', name: 'a', size: 0 };
  await files.begin(key);
  await files.finish(key);
  expect(await owned.stat(after as FileOwner, 'a')).toMatchObject({ size: 0 });
});

it('a client whose session has ended has none of its files', async () => {
  const find = (token: string) => Promise.resolve(token === 'lasts' ? identity(token) : undefined);
  const identity = (token: string) => ({ sid: 'a'.repeat(40), token, until: 0 });
  const { sessions } = services;
  const files = start(await newFolder());
  const owned = createOwnedFiles(files, () => ({ ...services, sessions: { ...sessions, find } }));
  const context = (token: string) =>
    ({
      client: 'c',
      session: { identity: () => Promise.resolve(identity(token)) },
    }) as unknown as FileOwner;
  expect(await owned.list(context('lasts'))).toMatchObject({ files: [] });
  await expect(owned.list(context('ended'))).rejects.toMatchObject({ code: 'N2O_SESSION_NONE' });
});

it('what somebody else has put among the files is none of them', async () => {
  const folder = await newFolder();
  const { files, owned } = opened(folder);
  for (const name of ['a', 'b']) {
    const key = { owner: nameOf({ client: 'c' }), id: name, name, size: 1 };
    await files.begin(key);
    await files.append(key, 0, new Uint8Array(1));
    await files.finish(key);
  }
  const home = join(folder, readdirSync(folder)[0] as string, 'files');
  for (const name of ['a.part', 'ends in a dot.', 'con']) await writeFile(join(home, name), '');
  await rm(join(home, 'a'));
  await writeFile(join(home, 'b'), 'longer');
  expect((await owned.list({ client: 'c' })).files).toEqual([]);
});

it('a host that keeps no files says so', async () => {
  const owned = createOwnedFiles(undefined, () => services);
  const missing = { code: 'N2O_SERVICE_MISSING' };
  await expect(owned.list({ client: 'c' })).rejects.toMatchObject(missing);
  await expect(owned.stat({ client: 'c' }, 'a')).rejects.toMatchObject(missing);
  await expect(owned.remove({ client: 'c' }, 'a')).rejects.toMatchObject(missing);
  const reading = owned.read({ client: 'c' }, 'a')[Symbol.asyncIterator]();
  await expect(reading.next()).rejects.toMatchObject(missing);
});
