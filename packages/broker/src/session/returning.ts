/**
 * Actions for a client that was pushed off its connection by another one with the same client id
 * which did not stay: one terminal listens as `dev1`, another says something as `dev1` and leaves.
 * The one that was pushed off comes back within a second or so, and finds the answer.
 */

import type { QoS } from '../wire/packet.ts';
import type { Outbox } from './outbox.ts';

/** Milliseconds: who stays longer than this was not a passer-by, and who stays away longer gets nothing. */
export const PASSING = 5_000;

const MAX_CLIENTS = 1_024;
const MAX_ACTIONS = 16;

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
    const [oldest] = this.#clients.keys();
    if (this.#clients.size >= MAX_CLIENTS && oldest !== undefined) this.#clients.delete(oldest);
    this.#clients.delete(client);
    this.#clients.set(client, { until: this.#now() + PASSING, actions: sent.slice(-MAX_ACTIONS) });
  }

  /** Keeps an action, if its client is expected. */
  hold(client: string, topic: Uint8Array, payload: Uint8Array, qos: QoS): void {
    const actions = this.#clients.get(client)?.actions;
    if (actions && actions.length < MAX_ACTIONS) actions.push({ topic, payload, qos });
  }

  /** The client is back. */
  welcome(client: string, outbox: Outbox): void {
    const expected = this.#clients.get(client);
    if (!expected) return;
    this.#clients.delete(client);
    if (expected.until < this.#now()) return;
    for (const { topic, payload, qos } of expected.actions)
      outbox.send(topic, payload, qos, false, undefined);
  }
}
