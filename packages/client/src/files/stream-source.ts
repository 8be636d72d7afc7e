/** A stream as a source: what is read is kept until it has arrived, for it cannot be read again. */
import { N2OError } from '@n2o/shared';

export class StreamSource {
  readonly size: number;
  readonly #stream: AsyncIterator<Uint8Array>;
  /** What is kept, in order. */
  readonly #pieces: Uint8Array[] = [];
  /** Where the first piece begins, and the last one ends. */
  #start = 0;
  #end = 0;

  constructor(stream: AsyncIterable<Uint8Array>, size: number) {
    this.#stream = stream[Symbol.asyncIterator]();
    this.size = size;
  }

  /** @throws N2O_FILE_OFFSET for what is gone, N2O_FILE_HASH when the stream is shorter than was said */
  async read(offset: number, count: number): Promise<Uint8Array> {
    if (offset < this.#start) {
      throw new N2OError(
        'N2O_FILE_HASH',
        'the server has less than it said, the stream is past it',
      );
    }
    while (this.#end < offset + count) {
      const { done, value } = await this.#stream.next();
      if (done) throw new N2OError('N2O_FILE_HASH', 'the stream is shorter than was said');
      this.#pieces.push(value);
      this.#end += value.length;
    }
    return this.#copy(offset, count);
  }

  release(offset: number): void {
    let first = this.#pieces[0];
    while (first !== undefined && this.#start + first.length <= offset) {
      this.#start += first.length;
      this.#pieces.shift();
      first = this.#pieces[0];
    }
  }

  #copy(offset: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    let at = this.#start;
    for (const piece of this.#pieces) {
      const from = Math.max(0, offset - at);
      const to = Math.min(piece.length, offset + count - at);
      if (from < to) bytes.set(piece.subarray(from, to), at + from - offset);
      at += piece.length;
    }
    return bytes;
  }
}
