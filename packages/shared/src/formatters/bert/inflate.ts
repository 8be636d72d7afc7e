/** Inflates a compressed term, and not a byte more than it says it has. */
import { Inflate } from 'fflate';
import { malformed } from '../formatter.ts';

/** What Deflate reaches at best. */
const BEST = 1032;

/**
 * Inflates a zlib stream [RFC 1950].
 * @param stream the whole stream: nothing may follow its checksum
 * @param size   how many bytes it must inflate to
 * @throws N2O_FORMAT_DECODE when it is not such a stream, or the size or checksum is another
 */
export function inflate(stream: Uint8Array, size: number): Uint8Array {
  const [method = 0, flags = 0] = stream;
  if (stream.length < 6 || (method & 15) !== 8 || (method * 256 + flags) % 31 !== 0 || flags & 32) {
    throw malformed('bert', 'the compressed term is not a zlib stream');
  }
  // Who promises more than can be gets no memory for it.
  if (size > stream.length * BEST) throw malformed('bert', 'the compressed term is too short');
  const inflated = new Uint8Array(size);
  let at = 0;
  const inflater = new Inflate((piece) => {
    if (at + piece.length <= size) inflated.set(piece, at);
    at += piece.length;
  });
  const end = stream.length - 4;
  // Who inflates to more than promised is stopped after a piece, which can grow to `size` at most.
  const step = Math.max(256, Math.floor(size / BEST));
  try {
    for (let from = 2; from < end && at <= size; from += step) {
      const to = Math.min(from + step, end);
      inflater.push(stream.subarray(from, to), to === end);
    }
  } catch (error) {
    throw malformed('bert', 'the compressed term cannot be inflated', error);
  }
  if (at !== size) throw malformed('bert', 'the compressed term has another size than it says');
  const sum = new DataView(stream.buffer, stream.byteOffset + end).getUint32(0);
  if (sum !== adler32(inflated)) throw malformed('bert', 'the compressed term is damaged');
  return inflated;
}

/** The checksum of a zlib stream [RFC 1950, section 8.2]. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let from = 0; from < bytes.length; from += 3800) {
    // So many additions stay below 2^31.
    const to = Math.min(from + 3800, bytes.length);
    for (let i = from; i < to; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return (b * 65_536 + a) >>> 0;
}
