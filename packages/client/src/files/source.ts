/** Where the bytes of an upload come from: a file, bytes, a stream, or anything that can be read anywhere. */
import { N2OError } from '@n2o/shared';
import { StreamSource } from './stream-source.ts';

/** Something with a size, of which any part can be read. */
export interface FileSource {
  /** Bytes. */
  readonly size: number;
  /** Tells it from others of its name and size. */
  readonly fingerprint?: string | undefined;
  /** `count` bytes from `offset` on, which do not change afterwards. What is asked for lies within the size. */
  read(offset: number, count: number): Promise<Uint8Array>;
  /** What is before the offset will not be asked for again. */
  release?(offset: number): void;
}

/** Bytes one after the other, and how many there will be. */
export interface FileStream {
  readonly size: number;
  readonly stream: AsyncIterable<Uint8Array>;
}

export type Uploadable = Blob | Uint8Array | FileStream | FileSource;

export function sourceOf(file: Uploadable): FileSource {
  if (file instanceof Uint8Array) return ofBytes(file);
  if (file instanceof Blob) return ofBlob(file);
  return 'stream' in file ? new StreamSource(file.stream, file.size) : file;
}

function ofBytes(bytes: Uint8Array): FileSource {
  return {
    size: bytes.length,
    read: async (offset, count) => bytes.subarray(offset, offset + count),
  };
}

/** A file that changes while it is read cannot be read any further. */
function ofBlob(blob: Blob): FileSource {
  const { size } = blob;
  const changed = 'lastModified' in blob ? blob.lastModified : undefined;
  return {
    size,
    fingerprint: typeof changed === 'number' ? String(changed) : undefined,
    read: async (offset, count) => {
      try {
        return new Uint8Array(await blob.slice(offset, offset + count).arrayBuffer());
      } catch (cause) {
        throw new N2OError('N2O_FILE_HASH', 'the file cannot be read, or has changed', { cause });
      }
    },
  };
}
