/** The BERT formatter: Erlang's external term format, N2O's own. */
import type { Formatter } from '../formatter.ts';
import { inflate } from './inflate.ts';
import { type BertOptions, createLeanBert } from './lean.ts';

/** Makes a BERT formatter. */
export function createBert(options: BertOptions = {}): Formatter {
  return createLeanBert(options, inflate);
}
