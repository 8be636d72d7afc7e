/** Server code that hears what is published: followers of filters that are no sessions. */
import type { Aedes, AedesPublishPacket } from 'aedes';
import type { Retained, RetainedMessage } from './retained.ts';

/** Must not throw. */
export type Listener = (topic: string, payload: Uint8Array, retained: boolean) => void;

/** Retained messages that are looked at in one turn. */
const SLICE = 2_000;

export class Audience {
  readonly #aedes: Aedes;
  readonly #retained: Retained;
  /** Those whom the message at hand goes to. */
  #matched: Listener[] = [];

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

  /** The message was matched: those whom it goes to hear it. They may publish themselves. */
  speak(topic: string, payload: Uint8Array): void {
    if (this.#matched.length === 0) return;
    const matched = this.#matched;
    this.#matched = [];
    for (const listener of matched) listener(topic, payload, false);
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
