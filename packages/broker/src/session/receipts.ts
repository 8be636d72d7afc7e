/** QoS 2 messages of a client from PUBLISH to PUBREL: none is taken twice [MQTT-4.3.3-2]. */
import type { KeptSession } from '../keeping/kept-session.ts';

/** By packet identifier. */
export class Receipts {
  /** Identifier → whether PUBREC was sent. */
  readonly #messages = new Map<number, boolean>();
  /** Where those of a session that is kept stand. */
  readonly #kept: KeptSession | undefined;
  #halfOpen = 0;

  constructor(kept?: KeptSession) {
    this.#kept = kept;
  }

  /** Messages whose PUBREC was sent and whose PUBREL has not come. */
  get halfOpen(): number {
    return this.#halfOpen;
  }

  /** `true` when PUBREC was sent, `false` while the message is being handled, `undefined` when it is new. */
  state(id: number): boolean | undefined {
    return this.#messages.get(id);
  }

  /** The message was taken. */
  begin(id: number): void {
    this.#messages.set(id, false);
  }

  /** What the message led to is being stored, and this with it. */
  keep(id: number): void {
    if (this.#messages.has(id)) this.#kept?.receive(id);
  }

  /** PUBREC is sent, or would be if the client were there. */
  acknowledge(id: number): void {
    if (this.#messages.get(id) !== false) return;
    this.#messages.set(id, true);
    this.#halfOpen++;
  }

  /** PUBREL came, or the message was not taken after all: the identifier is free again. */
  release(id: number): void {
    if (!this.#messages.has(id)) return;
    if (this.#messages.get(id)) this.#halfOpen--;
    this.#messages.delete(id);
    this.#kept?.release(id);
  }

  /** The session is over. */
  clear(): void {
    for (const id of [...this.#messages.keys()]) this.release(id);
  }
}
