/** A message of a page on its way: it knows what to do with its answer. */
import type { Outcome } from '@n2o/shared';
import type { Asker } from '../routing/guest.ts';

/** Where answers go. */
export interface Answerer {
  answer(said: Said, outcome: Outcome, bytes: Uint8Array | undefined): void;
}

export class Said implements Asker {
  readonly payload: Uint8Array;
  /** It came as text, and so is answered with text if the answer is text. */
  readonly text: boolean;
  readonly #by: Answerer;

  constructor(by: Answerer, payload: Uint8Array, text: boolean) {
    this.#by = by;
    this.payload = payload;
    this.text = text;
  }

  answered(outcome: Outcome, bytes: Uint8Array | undefined): void {
    this.#by.answer(this, outcome, bytes);
  }
}
