/** Server code that hears what is published: followers of filters that are no sessions. */
import { Queue } from '@n2o/shared';
import type { Aedes, AedesPublishPacket } from 'aedes';
import type { Retained, RetainedMessage } from './retained.ts';

/** Must not throw. */
export type Listener = (topic: string, payload: Uint8Array, retained: boolean) => void;

/** A message, and those whom it goes to. */
interface Said {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly to: readonly Listener[];
}

/** Retained messages that are looked at in one turn. */
const SLICE = 2_000;

export class Audience {
  readonly #aedes: Aedes;
  readonly #retained: Retained;
  /** Those whom the message at hand goes to. */
  #matched: Listener[] = [];
  /** Messages that are being heard, or will be in the next turn. */
  readonly #said = new Queue<Said>();
  #speaking = false;
  readonly #speak = () => this.#tell();

  constructor(aedes: Aedes, retained: Retained) {
    this.#aedes = aedes;
    this.#retained = retained;
  }

  /** Returns what ends it, which is false when it had ended. */
  follow(filter: string, listener: Listener): () => boolean {
    const wild = /^[+#]/.test(filter);
    let ended = false;
    const hear: Listener = (topic, payload, retained) => {
      if (!ended) listener(topic, payload, retained);
    };
    const deliver = ({ topic }: AedesPublishPacket, done: () => void) => {
      done();
      // What Aedes itself says under $SYS is not for the wild [MQTT-4.7.2-1].
      if (!topic.startsWith('$') || !wild) this.#matched.push(hear);
    };
    this.#aedes.subscribe(filter, deliver, ignore);
    this.#replay(filter, hear, () => ended);
    return () => {
      if (ended) return false;
      ended = true;
      this.#aedes.unsubscribe(filter, deliver, ignore);
      return true;
    };
  }

  /**
   * The message was matched: those whom it goes to hear it. They may publish themselves; that is
   * heard in the next turn, when all have heard what it is said upon.
   */
  speak(topic: string, payload: Uint8Array): void {
    if (this.#matched.length === 0) return;
    this.#said.push({ topic, payload, to: this.#matched });
    this.#matched = [];
    if (!this.#speaking) this.#tell();
  }

  #tell(): void {
    this.#speaking = true;
    for (let left = this.#said.size; left > 0; left--) {
      const { topic, payload, to } = this.#said.shift() as Said;
      for (const listener of to) listener(topic, payload, false);
    }
    this.#speaking = this.#said.size > 0;
    if (this.#speaking) setImmediate(this.#speak);
  }

  /** A slice per turn of the event loop. */
  #replay(filter: string, hear: Listener, isOver: () => boolean): void {
    if (this.#retained.size === 0) return;
    const candidates: Iterator<RetainedMessage> = this.#retained.candidates(filter);
    const advance = () => {
      for (let left = SLICE; left > 0; left--) {
        if (isOver()) return;
        const { value: message, done } = candidates.next();
        if (done) return;
        if (this.#retained.isSelected(filter, message)) hear(message.topic, message.payload, true);
      }
      setImmediate(advance);
    };
    setImmediate(advance);
  }
}

function ignore(): void {}
