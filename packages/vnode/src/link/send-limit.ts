/** The largest packet that the broker takes: our broker tells it, of any other it is found out when it matters. */
import type { Logger } from '@n2o/shared';

/** Bytes that every broker takes: connections that end are not put down to packets as small as these. */
const SURE = 256;

/** How exactly a bound is found out, in bytes. */
const STEP = 64;

/** Bytes of a PUBLISH beside its topic and its payload, at most. */
export const HEAD = 9;

export interface SendLimitParts {
  /** Whether the broker takes a packet of so many bytes; `undefined` where that cannot be found out. */
  takes(bytes: number): Promise<boolean | undefined>;
  readonly log: Logger;
}

export class SendLimit {
  readonly #own: number;
  readonly #parts: SendLimitParts;
  /** What the broker has told; `undefined` of one that does not. */
  #told: number | undefined;
  /** More than this is not sent. */
  #limit: number;
  /** So much the broker takes, surely. */
  #sure: number;
  /** The most that was sent. */
  #tried = 0;
  #looking: Promise<void> | undefined;

  /** @param own the host's, in bytes: never is more sent */
  constructor(own: number, parts: SendLimitParts) {
    this.#own = own;
    this.#parts = parts;
    this.#limit = own;
    this.#sure = Math.min(SURE, own);
  }

  get bytes(): number {
    return this.#limit;
  }

  /** May a PUBLISH of these be sent, whatever its QoS? Both in bytes. */
  fits(topic: number, payload: number): boolean {
    const size = HEAD + topic + payload;
    if (size <= this.#sure) return true;
    if (size > this.#limit) return false;
    if (size > this.#tried) this.#tried = size;
    return true;
  }

  /** The broker says how much it takes. */
  told(bytes: number | undefined): void {
    if (bytes === undefined) return;
    if (bytes < this.#own && bytes !== this.#told) {
      const fields = { broker: bytes, host: this.#own };
      this.#parts.log.warn(fields, 'the broker takes smaller packets: larger answers are errors');
    }
    this.#told = bytes;
    this.#limit = this.#sure = Math.min(this.#own, bytes);
  }

  /** The connection to the broker is gone: it may come back with another bound. */
  doubt(): void {
    this.#limit = Math.min(this.#own, this.#told ?? this.#own);
    this.#sure = this.#told === undefined ? Math.min(SURE, this.#own) : this.#limit;
  }

  /** A connection on which was sent is over: finds out whether what was sent is why. */
  look(): Promise<void> {
    if (this.#tried <= this.#sure) return Promise.resolve();
    this.#looking ??= this.#find().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #find(): Promise<void> {
    const { takes, log } = this.#parts;
    let good = this.#sure;
    let bad = this.#tried;
    const whole = await takes(bad);
    if (whole) this.#sure = bad;
    if (whole !== false) return;
    while (bad - good > STEP) {
      const middle = (good + bad) >> 1;
      const taken = await takes(middle);
      if (taken === undefined) return;
      if (taken) good = middle;
      else bad = middle;
    }
    this.#limit = this.#sure = good;
    log.error(
      { bytes: good },
      'the broker closes the connection on larger packets: larger answers are errors until its bound is raised (Mosquitto: max_packet_size)',
    );
  }
}
