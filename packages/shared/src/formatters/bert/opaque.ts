/** How long the terms are that only Erlang understands: they are carried, not read. */
import type { Opaque } from './term.ts';

/** What kind of term a tag begins. */
export function kindOf(tag: number): Opaque['kind'] | undefined {
  switch (tag) {
    case 88: // NEW_PID_EXT
    case 103: // PID_EXT
      return 'pid';
    case 90: // NEWER_REFERENCE_EXT
    case 101: // REFERENCE_EXT
    case 114: // NEW_REFERENCE_EXT
      return 'reference';
    case 89: // NEW_PORT_EXT
    case 102: // PORT_EXT
    case 120: // V4_PORT_EXT
      return 'port';
    case 112: // NEW_FUN_EXT
    case 113: // EXPORT_EXT
      return 'fun';
    default:
      return undefined;
  }
}

/** Where such a term ends that begins with its tag at `at`; -1 when it is malformed or cut. */
export function opaqueEnd(bytes: Uint8Array, at: number): number {
  const end = length(bytes, at + 1, bytes[at] as number);
  return end <= bytes.length ? end : -1;
}

/** Past the end of `bytes` when it is cut: reads there give nothing, and sums of nothing are NaN. */
function length(bytes: Uint8Array, at: number, tag: number): number {
  switch (tag) {
    case 103: // node, id 4, serial 4, creation 1
      return atomEnd(bytes, at) + 9;
    case 88: // node, id 4, serial 4, creation 4
      return atomEnd(bytes, at) + 12;
    case 101: // node, id 4, creation 1
    case 102:
      return atomEnd(bytes, at) + 5;
    case 89: // node, id 4, creation 4
      return atomEnd(bytes, at) + 8;
    case 120: // node, id 8, creation 4
      return atomEnd(bytes, at) + 12;
    case 114: // words 2, node, creation 1, words of 4
      return atomEnd(bytes, at + 2) + 1 + 4 * uint16(bytes, at);
    case 90: // words 2, node, creation 4, words of 4
      return atomEnd(bytes, at + 2) + 4 + 4 * uint16(bytes, at);
    case 113: {
      // module, function, arity as SMALL_INTEGER_EXT
      const arity = atomEnd(bytes, atomEnd(bytes, at));
      return bytes[arity] === 97 ? arity + 2 : Number.NaN;
    }
    default: {
      // NEW_FUN_EXT: size 4 (of itself and all that follows), arity 1, md5 16, index 4, free 4…
      const size = uint16(bytes, at) * 65_536 + uint16(bytes, at + 2);
      return size >= 29 ? at + size : Number.NaN;
    }
  }
}

/** Where the atom at `at` ends; NaN when there is none. */
function atomEnd(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case 100: // ATOM_EXT
    case 118: // ATOM_UTF8_EXT
      return at + 3 + uint16(bytes, at + 1);
    case 115: // SMALL_ATOM_EXT
    case 119: // SMALL_ATOM_UTF8_EXT
      return at + 2 + (bytes[at + 1] ?? Number.NaN);
    default:
      return Number.NaN;
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? Number.NaN) * 256 + (bytes[at + 1] ?? Number.NaN);
}
