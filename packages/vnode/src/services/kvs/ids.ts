/** Names for what is appended to a feed, in the order of appending. */

/** The names of one millisecond: beyond them the time of the next one is taken. */
const PER_MILLISECOND = 0x1_0000;

/** Bytes that tell the names of one process from those of others. */
const OWN_BYTES = 8;

/** So many random bytes; `randomBytes` of Node.js is one. */
export type Random = (count: number) => Uint8Array;

/**
 * Makes names of 32 hexadecimal digits: milliseconds since 1970 (48 bits), a count (16 bits), and what
 * nobody else has (64 bits). Each is behind the one before also when the clock steps back.
 */
export function createIds(now: () => number, random: Random): () => string {
  const own = Array.from(random(OWN_BYTES), (byte) => digits(byte, 2)).join('');
  let time = 0;
  let count = 0;
  return () => {
    const current = Math.floor(now());
    if (current > time) {
      time = current;
      count = 0;
    } else if (++count === PER_MILLISECOND) {
      time++;
      count = 0;
    }
    return digits(time, 12) + digits(count, 4) + own;
  };
}

function digits(number: number, length: number): string {
  return number.toString(16).padStart(length, '0');
}
