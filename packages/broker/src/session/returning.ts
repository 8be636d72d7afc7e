/**
 * Actions for who was pushed off by another connection with its client id that did not stay.
 *
 * One terminal listens as `dev1`, another says something as `dev1` and leaves, without having
 * subscribed to anything. The one that was pushed off comes back within a second or so, subscribes
 * to its actions again, and finds the answer.
 */

import type { QoS } from '../wire/packet.ts';
import type { Session } from './session.ts';

/** Milliseconds: who stays longer than this was not a passer-by, and who stays away longer gets nothing. */
export const PASSING = 5_000;

const MAX_CLIENTS = 256;
const MAX_ACTIONS = 16;
/** Bytes of one payload; a larger one is not kept. */
const MAX_PAYLOAD = 16 * 1024;

interface Held {
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
  readonly qos: QoS;
}

export class Returning {
  readonly #now: () => number;
  readonly #clients = new Map<string, { readonly until: number; readonly actions: Held[] }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** A passer-by has left: from now on its client's actions are kept, beginning with those it was sent. */
  expect(client: string, sent: readonly Held[]): void {
    const now = this.#now();
    this.#clients.delete(client);
    for (const [other, { until }] of this.#clients) {
      if (until >= now && this.#clients.size < MAX_CLIENTS) break;
      this.#clients.delete(other);
    }
    this.#clients.set(client, { until: now + PASSING, actions: [] });
    for (const { topic, payload, qos } of sent) this.hold(client, topic, payload, qos);
  }

  /** Keeps an action, if its client is expected. */
  hold(client: string, topic: Uint8Array, payload: Uint8Array, qos: QoS): void {
    const actions = this.#clients.get(client)?.actions;
    if (!actions || actions.length >= MAX_ACTIONS || payload.length > MAX_PAYLOAD) return;
    // Copied: the payload may be a view of something large.
    actions.push({ topic, payload: new Uint8Array(payload), qos });
  }

  /** The client is back and listens. */
  welcome({ client, outbox }: Session): void {
    const expected = this.#clients.get(client);
    if (!expected) return;
    this.#clients.delete(client);
    if (expected.until < this.#now()) return;
    for (const { topic, payload, qos } of expected.actions) outbox.send(topic, payload, qos, false);
  }
}
