/** The pickler: values as sealed texts for clients to carry. */
import { createFormatters, N2OError, type Pickler } from '@n2o/shared';
import { createLegacyReader, notLegacy } from './legacy.ts';
import { createSealing, type Random } from './sealing.ts';

/** The longest text, in characters. */
export const LONGEST_PICKLE = 65_536;

export interface PicklerOptions {
  /** The first seals; what any of them sealed is accepted. At least one. */
  readonly secrets: readonly string[];
  /** Whether N2O's own forms are accepted too, under those secrets that have 16 bytes. */
  readonly legacy: boolean;
  /** By default that of the system. */
  readonly random?: Random;
}

/** @throws N2O_CONFIG_OPTION when there is no secret */
export function createPickler({ secrets, legacy, random }: PicklerOptions): Pickler {
  const sealing = createSealing(secrets, random);
  const readLegacy = legacy ? createLegacyReader(secrets) : () => notLegacy;
  // BERT would not keep text, binaries and lists of bytes apart; this notation does. What was written is read.
  const { json } = createFormatters({ integer: LONGEST_PICKLE });

  return {
    pickle: (value) => fitting(sealing.seal(json.encode(value))),

    depickle(text) {
      if (typeof text !== 'string' || text.length > LONGEST_PICKLE) return undefined;
      const bytes = sealing.open(text);
      const value = bytes === undefined ? readLegacy(text) : json.decode(bytes);
      return value === notLegacy ? undefined : value;
    },
  };
}

/** The text, where it is one that will be read again. @throws N2O_FORMAT_ENCODE */
export function fitting(text: string): string {
  if (text.length <= LONGEST_PICKLE) return text;
  throw new N2OError('N2O_FORMAT_ENCODE', `a pickle of more than ${LONGEST_PICKLE} characters`);
}
