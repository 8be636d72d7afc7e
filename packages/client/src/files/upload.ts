/** Sends a file: several blocks at a time, on and on from where the server says that it is. */
import { type FtpMessage, N2OError, Queue } from '@n2o/shared';
import type { FileChannel } from './channel.ts';
import { Conversation, type ConversationOptions } from './conversation.ts';
import { Patience, type PatienceOptions, unlessAborted } from './patience.ts';
import { createSha256 } from './sha256.ts';
import { type FileSource, sourceOf, type Uploadable } from './source.ts';

export interface TransferOptions extends ConversationOptions, PatienceOptions {
  /** Bytes that are through, of so many. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Blocks that are under way at once. Default: 8. */
  readonly window?: number;
  /** Whether the hash of what is sent or has come is compared with the server's. Default: true. */
  readonly verify?: boolean;
}

/** A file that the server has. */
export interface Uploaded {
  /** As the server has it: in Unicode's composed form. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Of the whole, in hex. */
  readonly sha256: string;
}

/**
 * Sends a file; goes on by itself when the connection comes back, and with what an earlier attempt
 * has left at the server. An aborted upload can be taken up again for as long as the server keeps it.
 *
 * @throws N2OError `N2O_FILE_LIMIT`, `N2O_FILE_NAME`, `N2O_FILE_HASH`; what the module throws; the last
 *   failure when `attempts` in a row got nowhere; the reason of the signal
 */
export async function upload(
  channel: FileChannel,
  file: Uploadable,
  options: TransferOptions,
): Promise<Uploaded> {
  const sending = new Sending(channel, sourceOf(file), options);
  const patience = new Patience(channel, options);
  for (;;) {
    try {
      options.signal?.throwIfAborted();
      return await sending.attempt();
    } catch (thrown) {
      await patience.failed(thrown, sending.done);
    }
  }
}

class Sending {
  /** Bytes that the server has said it has. */
  done = 0;
  readonly #source: FileSource;
  readonly #options: TransferOptions;
  readonly #conversation: Conversation;
  readonly #hash = createSha256();
  #hashed = 0;
  #digest: string | undefined;

  constructor(channel: FileChannel, source: FileSource, options: TransferOptions) {
    this.#source = source;
    this.#options = options;
    this.#conversation = new Conversation(channel, options);
  }

  async attempt(): Promise<Uploaded> {
    const { size, fingerprint = '' } = this.#source;
    const begun = await this.#ask('init', { size }, { fingerprint, sha256: '' });
    if (begun.block === 0) return this.#ended(begun);
    this.#reached(begun.offset);
    const { window = 8 } = this.#options;
    const sent = new Queue<Promise<FtpMessage>>();
    try {
      return await this.#send(begun, window, sent);
    } finally {
      // No block of this attempt may come between those of the next.
      await Promise.allSettled(sent);
    }
  }

  async #send(
    { offset, block }: FtpMessage,
    window: number,
    sent: Queue<Promise<FtpMessage>>,
  ): Promise<Uploaded> {
    const { size } = this.#source;
    let from = offset;
    let expected = offset;
    for (let isAll = false; ; ) {
      while (!isAll && sent.size < window) {
        const count = Math.min(block, size - from);
        const asked = this.#block(from, await this.#take(from, count));
        asked.catch(() => {}); // the first one that fails is told of
        sent.push(asked);
        from += count;
        isAll = from === size;
      }
      const answer = await (sent.peek() as Promise<FtpMessage>);
      sent.shift();
      if (answer.block === 0) return this.#ended(answer);
      expected = Math.min(expected + block, size);
      // It has lost something, or somebody else goes on with the file.
      if (answer.offset < expected) throw new N2OError('N2O_FILE_OFFSET');
      this.#reached(answer.offset);
    }
  }

  #block(offset: number, data: Uint8Array): Promise<FtpMessage> {
    const { size } = this.#source;
    const isLast = offset + data.length === size;
    const options = isLast ? { sha256: this.#sum() ?? '' } : {};
    return this.#ask('send', { size, offset, block: data.length, data }, options);
  }

  /** The server has it all, or does not know of it any more. */
  async #ended({ offset, name, options }: FtpMessage): Promise<Uploaded> {
    const { size } = this.#source;
    if (offset !== size) throw new N2OError('N2O_FILE_UNKNOWN');
    const sha256 = options?.get('sha256') ?? '';
    const own = this.#sum();
    if (own !== undefined && own !== sha256) throw new N2OError('N2O_FILE_HASH');
    this.#reached(size);
    return { name, size, sha256 };
  }

  /** Reads a block, and what is missing of the hash before it. */
  async #take(offset: number, count: number): Promise<Uint8Array> {
    const { verify = true } = this.#options;
    while (verify && this.#hashed < offset) {
      const missing = Math.min(count || 65_536, offset - this.#hashed);
      this.#follow(this.#hashed, await this.#read(this.#hashed, missing));
    }
    const bytes = await this.#read(offset, count);
    if (verify) this.#follow(offset, bytes);
    return bytes;
  }

  #follow(offset: number, bytes: Uint8Array): void {
    const fresh = bytes.subarray(Math.max(0, this.#hashed - offset));
    if (fresh.length === 0) return; // it is sent again, maybe after the end was reached
    this.#hash.update(fresh);
    this.#hashed += fresh.length;
  }

  /** `undefined` where it was not followed to the end. */
  #sum(): string | undefined {
    if (this.#options.verify === false || this.#hashed !== this.#source.size) return undefined;
    this.#digest ??= this.#hash.digest();
    return this.#digest;
  }

  #read(offset: number, count: number): Promise<Uint8Array> {
    return unlessAborted(this.#source.read(offset, count), this.#options.signal);
  }

  #ask(...asked: Parameters<Conversation['ask']>): Promise<FtpMessage> {
    return unlessAborted(this.#conversation.ask(...asked), this.#options.signal);
  }

  #reached(offset: number): void {
    this.done = offset;
    const isHashed = this.#options.verify !== false;
    this.#source.release?.(isHashed ? Math.min(offset, this.#hashed) : offset);
    this.#options.onProgress?.(offset, this.#source.size);
  }
}
