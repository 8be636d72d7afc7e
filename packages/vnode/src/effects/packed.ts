/** Effects as bytes, on their way from a worker to the main thread. */
import type { Effect } from './effect.ts';
import { NAME_LENGTH } from './name.ts';

const REMEMBER = 1;
const STATE = 2;
/** With STATE: there is one, and it was not removed. */
const VALUE = 4;
const RENEW = 8;
const REPEAT = 16;

/** Belief (8 bytes), flags (1), time (8), number of evicted names (4), size of the state (4). */
const HEAD = 25;

/** Writes an effect: its head, the name to remember, those evicted, the state. */
export function packEffect(effect: Effect): Uint8Array {
  const { belief, remember, evicted, state, renew, isRepeat } = effect;
  const value = state?.value;
  const names = evicted.length + (remember ? 1 : 0);
  const bytes = Buffer.allocUnsafe(HEAD + names * NAME_LENGTH + (value?.length ?? 0));
  const flags =
    (remember ? REMEMBER : 0) |
    (state ? STATE : 0) |
    (value ? VALUE : 0) |
    (renew ? RENEW : 0) |
    (isRepeat ? REPEAT : 0);
  let at = bytes.writeDoubleLE(belief, 0);
  at = bytes.writeUInt8(flags, at);
  at = bytes.writeDoubleLE(remember?.at ?? 0, at);
  at = bytes.writeUInt32LE(evicted.length, at);
  at = bytes.writeUInt32LE(value?.length ?? 0, at);
  if (remember) at += bytes.write(remember.name, at, 'latin1');
  for (const name of evicted) at += bytes.write(name, at, 'latin1');
  if (value) bytes.set(value, at);
  return bytes;
}

/** Reads an effect; also says how many bytes it took. */
export function unpackEffect(packed: Uint8Array): { effect: Effect; size: number } {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const flags = bytes.readUInt8(8);
  let at = HEAD;
  const name = () => {
    at += NAME_LENGTH;
    return bytes.toString('latin1', at - NAME_LENGTH, at);
  };
  const remember = flags & REMEMBER ? { name: name(), at: bytes.readDoubleLE(9) } : undefined;
  const evicted: string[] = [];
  for (let left = bytes.readUInt32LE(17); left > 0; left--) evicted.push(name());
  const size = at + bytes.readUInt32LE(21);
  // A copy: the store may keep it for long, and the rest of the pack with it.
  const value = flags & VALUE ? packed.slice(at, size) : undefined;
  const effect: Effect = {
    belief: bytes.readDoubleLE(0),
    remember,
    evicted,
    state: flags & STATE ? { value } : undefined,
    renew: (flags & RENEW) !== 0,
    isRepeat: (flags & REPEAT) !== 0,
  };
  return { effect, size };
}
