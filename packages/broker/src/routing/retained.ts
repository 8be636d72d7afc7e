/** Retained messages: the last word on each topic [MQTT-3.3.1.3]. */
import { matches } from '@n2o/shared';
import type { Limits } from '../limits.ts';
import type { Publication, QoS } from '../wire/packet.ts';

/** What is kept under a topic. */
export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
}

export class Retained {
  readonly #limits: Limits;
  readonly #messages = new Map<string, RetainedMessage>();
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** Bytes of all payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a message, or forgets the one that is kept when it is empty [MQTT-3.3.1-10]; false when there is no room. */
  store({ topic, payload, qos }: Publication): boolean {
    const old = this.#messages.get(topic);
    const bytes = this.#bytes - (old?.payload.length ?? 0) + payload.length;
    if (payload.length === 0) this.#messages.delete(topic);
    else {
      const { retained, retainedBytes } = this.#limits;
      if (bytes > retainedBytes || (!old && this.#messages.size >= retained)) return false;
      this.#messages.set(topic, { topic, payload, qos });
    }
    this.#bytes = bytes;
    return true;
  }

  /** The messages among which are those that a filter selects, each as it is when its turn comes. */
  candidates(filter: string): IterableIterator<RetainedMessage> {
    return /[+#]/.test(filter) ? this.#messages.values() : this.#on(filter);
  }

  /** Is it among those that a filter selects? */
  isSelected(filter: string, { topic }: RetainedMessage): boolean {
    const wild = filter.search(/[+#]/);
    // `a/#` selects `a` as well, so the slash before the wildcard is not required.
    const prefix = wild < 0 ? filter : filter.slice(0, Math.max(0, wild - 1));
    return topic.startsWith(prefix) && matches(filter, topic);
  }

  *#on(topic: string): Generator<RetainedMessage> {
    const message = this.#messages.get(topic);
    if (message) yield message;
  }
}
