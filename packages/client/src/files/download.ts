/** Fetches a file: several blocks at a time, in order, as fast as they are taken. */
import { type FtpMessage, N2OError, Queue } from '@n2o/shared';
import type { FileChannel } from './channel.ts';
import { Conversation } from './conversation.ts';
import { Patience, unlessAborted } from './patience.ts';
import { createSha256 } from './sha256.ts';
import type { TransferOptions } from './upload.ts';

/** What is known of a file before it comes. */
interface Found {
  readonly size: number;
  readonly sha256: string;
  /** Bytes of a block. */
  readonly block: number;
}

/**
 * The blocks of a file, one after the other; goes on by itself when the connection comes back. Only
 * when it has ended without an error were they the whole file.
 *
 * @throws N2OError `N2O_FILE_UNKNOWN`, `N2O_FILE_HASH` also when the file is replaced meanwhile; the
 *   last failure when `attempts` in a row got nowhere; the reason of the signal
 */
export async function* download(
  channel: FileChannel,
  options: TransferOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const fetching = new Fetching(channel, options);
  const patience = new Patience(channel, options);
  while (!fetching.isDone) {
    try {
      options.signal?.throwIfAborted();
      yield* fetching.attempt();
    } catch (thrown) {
      if (fetching.isMissing(thrown)) throw thrown;
      await patience.failed(thrown, fetching.done);
    }
  }
}

/** A file as a whole, which a browser keeps on disk where it is large. @throws as `download` */
export async function downloadBlob(channel: FileChannel, options: TransferOptions): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const block of download(channel, options)) parts.push(block.slice());
  return new Blob(parts);
}

class Fetching {
  /** Bytes that have come. */
  done = 0;
  isDone = false;
  readonly #options: TransferOptions;
  readonly #conversation: Conversation;
  readonly #hash = createSha256();
  #found: Found | undefined;

  constructor(channel: FileChannel, options: TransferOptions) {
    this.#options = options;
    this.#conversation = new Conversation(channel, options);
  }

  /** There is no such file, which another attempt does not change. */
  isMissing(thrown: unknown): boolean {
    return thrown instanceof N2OError && thrown.code === 'N2O_FILE_UNKNOWN';
  }

  async *attempt(): AsyncGenerator<Uint8Array, void, undefined> {
    const found = await this.#find();
    const { onProgress, window = 8, verify = true } = this.#options;
    const asked = new Queue<Promise<FtpMessage>>();
    let from = this.done;
    while (this.done < found.size) {
      while (from < found.size && asked.size < window) {
        const block = Math.min(found.block, found.size - from);
        const answer = this.#ask({ offset: from, block, size: found.size });
        answer.catch(() => {}); // the first one that fails is told of
        asked.push(answer);
        from += block;
      }
      const { offset, data } = await (asked.shift() as Promise<FtpMessage>);
      const isExpected = offset === this.done && data.length > 0;
      if (!isExpected) throw new N2OError('N2O_FILE_HASH', 'the file has become shorter');
      if (verify) this.#hash.update(data);
      this.done += data.length;
      onProgress?.(this.done, found.size);
      yield data;
    }
    if (verify && this.#hash.digest() !== found.sha256) throw new N2OError('N2O_FILE_HASH');
    this.isDone = true;
  }

  /** @throws N2O_FILE_HASH when it is another file than at the first attempt */
  async #find(): Promise<Found> {
    const { size, block, options } = await this.#ask({ block: 0 });
    const sha256 = options?.get('sha256') ?? '';
    if (this.#found !== undefined && this.#found.sha256 !== sha256) {
      throw new N2OError('N2O_FILE_HASH', 'the file has been replaced');
    }
    this.#found = { size, sha256, block };
    return this.#found;
  }

  #ask(asked: Partial<FtpMessage>): Promise<FtpMessage> {
    const answer = this.#conversation.ask('get', asked, asked.block === 0 ? { sha256: '' } : {});
    return unlessAborted(answer, this.#options.signal);
  }
}
