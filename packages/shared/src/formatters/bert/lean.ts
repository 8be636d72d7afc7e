/** The BERT formatter without the code that inflates, for pages: what is said to them is not compressed. */
import { FORMAT_LIMITS, type FormatLimits, type Formatter } from '../formatter.ts';
import { Decoder, type Inflate, type Trailing } from './decode.ts';
import { type AtomForm, Encoder } from './encode.ts';

/** How BERT is read and written. */
export interface BertOptions {
  readonly limits?: Partial<FormatLimits>;
  /** `latin1` (default): as OTP 25 writes atoms and N2O's browser files read them; `utf8`: as OTP 26. */
  readonly atoms?: AtomForm;
  /** What may follow the term: `refuse` (default) anything, or let `zeros` be, as N2O pads its pickles. */
  readonly trailing?: Trailing;
}

/**
 * Makes a BERT formatter.
 * @param inflate reads compressed terms; without it they are refused with N2O_FORMAT_DECODE
 */
export function createLeanBert(options: BertOptions = {}, inflate?: Inflate): Formatter {
  const limits = { ...FORMAT_LIMITS, ...options.limits };
  const decoder = new Decoder(limits, options.trailing ?? 'refuse', inflate);
  const encoder = new Encoder(options.atoms ?? 'latin1', limits.depth);
  return {
    name: 'bert',
    decode: (bytes) => decoder.decode(bytes),
    encode: (value) => encoder.encode(value),
  };
}
