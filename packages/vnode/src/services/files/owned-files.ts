/** The files of owners for server code, over whatever keeps those that clients send. */
import {
  type FileInfo,
  type FileOwner,
  type FileRange,
  type Files,
  N2OError,
  type OwnedFiles,
  type Services,
  type StoredFile,
} from '@n2o/shared';
import { lastingOwnerOf, ownerOf } from '../../protocols/owner.ts';
import { provided } from '../../runtime/provided.ts';

const DEFAULT_COUNT = 100;
const MOST = 1_000;

/** Bytes that are read at a time. */
const BLOCK = 262_144;

/** @param files `undefined` where none are kept: each use is answered with N2O_SERVICE_MISSING */
export function createOwnedFiles(files: Files | undefined, services: () => Services): OwnedFiles {
  async function nameOf(owner: FileOwner): Promise<string> {
    if ('sid' in owner) return ownerOf(owner, { client: '', services: services() });
    const { client, session } = owner;
    const identity = session?.believed ? session.believed() : session?.identity();
    return lastingOwnerOf(await identity, { client, services: services() });
  }

  return {
    async list(owner, { count = DEFAULT_COUNT, from } = {}) {
      const most = Math.min(Math.max(1, Math.floor(count) || 1), MOST);
      // One more, which says whether there is another page.
      const found = await provided(files).list(await nameOf(owner), { from, count: most + 1 });
      return { files: found.slice(0, most).map(infoOf), next: found[most]?.name };
    },

    async stat(owner, name) {
      const found = await orMissing(provided(files).find(await nameOf(owner), name));
      return found && infoOf(found);
    },

    async *read(owner, name, range) {
      yield* blocksOf(provided(files), await nameOf(owner), name, range);
    },

    remove: async (owner, name) => provided(files).remove(await nameOf(owner), name),
  };
}

/**
 * What keeps files knows nothing of readers, so that none of them keeps a file open. That a block was
 * still of the file is known by what is known of that: it is written before another is put in its place.
 */
async function* blocksOf(
  files: Files,
  owner: string,
  name: string,
  { offset = 0, count = Number.POSITIVE_INFINITY }: FileRange = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!isWhole(offset) || !(isWhole(count) || count === Number.POSITIVE_INFINITY)) {
    throw new N2OError('N2O_FILE_OFFSET', 'the range is not one of bytes of a file');
  }
  const { size, sha256 } = await files.find(owner, name);
  const end = Math.min(size, offset + count);
  for (let at = offset; at < end; ) {
    const bytes = await files.read(owner, name, at, Math.min(BLOCK, end - at));
    const now = await files.find(owner, name);
    if (now.sha256 !== sha256 || bytes.length === 0) {
      throw new N2OError('N2O_FILE_UNKNOWN', 'another file has taken its place');
    }
    yield bytes;
    at += bytes.length;
  }
}

function infoOf({ name, size, sha256, at }: StoredFile): FileInfo {
  return { name, size, sha256, at };
}

function isWhole(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

async function orMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (thrown) {
    if (thrown instanceof N2OError && thrown.code === 'N2O_FILE_UNKNOWN') return undefined;
    throw thrown;
  }
}
