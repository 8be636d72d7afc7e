/** Answers after which nobody needs the message any more. */
import { Reply } from '@n2o/shared';

/** The memory of its message may go as soon as it is written: nothing of it was kept. */
export class Spent extends Reply {
  /** Whether code of the application has seen the message before, and may have kept it. */
  readonly isOverseen: boolean;
  /** Bytes in it whose memory may go, too. */
  readonly data: Uint8Array | undefined;

  constructor(value: unknown, isOverseen: boolean, data?: Uint8Array) {
    super(value);
    this.isOverseen = isOverseen;
    this.data = data;
  }
}
