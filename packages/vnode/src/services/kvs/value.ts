/** How a value is kept: as JSON, or as the bytes that it is. */
import { createFormatters, N2OError } from '@n2o/shared';

/** Stands before bytes; no JSON begins with it. */
const BYTES = 0;

export interface Values {
  /** @throws N2O_FORMAT_ENCODE, N2O_KVS_LIMIT */
  write(value: unknown): Uint8Array;
  /** @throws N2O_FORMAT_DECODE when somebody else has written it */
  read(kept: Uint8Array): unknown;
}

/** @param limit bytes that a value may take */
export function createValues(limit: number): Values {
  // What was written within its limit is read whatever is in it.
  const limits = { bytes: limit, terms: limit, atoms: limit, integer: limit };
  const { json } = createFormatters(limits);
  return {
    write(value) {
      if (value === undefined) throw new N2OError('N2O_FORMAT_ENCODE', 'undefined cannot be kept');
      const bytes =
        value instanceof Uint8Array ? marked(value) : Uint8Array.from(json.encode(value));
      if (bytes.length <= limit) return bytes;
      throw new N2OError('N2O_KVS_LIMIT', `the value takes ${bytes.length} of ${limit} bytes`);
    },
    read(kept) {
      // Of memory that others use as well, such as a packet from the network, a copy is given away.
      return kept[0] === BYTES ? Uint8Array.from(kept.subarray(1)) : json.decode(kept);
    },
  };
}

function marked(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(1 + bytes.length);
  copy.set(bytes, 1);
  return copy;
}
