/** What a connection stands on. */
import type { Flow } from './intake.ts';
import type { Sink } from './output.ts';

/** A two-way stream of bytes; `net.Socket` is one, `ws`'s duplex nearly another. */
export interface Transport extends Sink, Flow {
  destroy(): unknown;
  /** Destroys it when all that was written has left. */
  destroySoon(): unknown;
  setKeepAlive?(on: boolean, delay: number): unknown;
}
