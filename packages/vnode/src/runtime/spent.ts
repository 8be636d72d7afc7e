/** Answers after which nobody needs the message any more. */
import { Reply } from '@n2o/shared';

/** The memory of its message may go as soon as it is written: nothing of it was kept, nor shown to the application. */
export class Spent extends Reply {
  /** Bytes in it whose memory may go, too. */
  readonly data: Uint8Array | undefined;

  constructor(value: unknown, data?: Uint8Array) {
    super(value);
    this.data = data;
  }
}
