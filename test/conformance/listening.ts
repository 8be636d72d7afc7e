/** A client that keeps its side of the bargain over many connections, and knows what it may expect. */
import { expect } from 'vitest';
import { puback, pubcomp, pubrec } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { Progress } from './progress.ts';

/** Hears messages that are numbers, counted up by who speaks; acknowledges each as its quality asks. */
export class Listening {
  /** Numbers in the order in which each came first. */
  readonly seen = new Set<number>();
  /** What went against the rules, in words. */
  readonly faults: string[] = [];
  /** Number → packet identifier with which it came. */
  readonly #ids = new Map<number, number>();
  /** Packet identifier → number, from PUBLISH to PUBREL. */
  readonly #unreleased = new Map<number, number>();
  readonly #progress = new Progress();
  #connections = 0;

  /** Takes all that comes on a connection, until it is over. */
  hear(peer: Peer): void {
    void this.#read(peer, this.#connections++ === 0);
  }

  /** Resolves when enough was heard. */
  until(enough: (seen: ReadonlySet<number>) => boolean): Promise<void> {
    return this.#progress.until(() => enough(this.seen));
  }

  /** All numbers below came, in order, and nothing went wrong. */
  verify(count: number): void {
    expect(this.faults).toEqual([]);
    expect([...this.seen]).toEqual(Array.from({ length: count }, (_, i) => i));
  }

  async #read(peer: Peer, isFirst: boolean): Promise<void> {
    const over = this.#progress.connection();
    let last = -1;
    for (;;) {
      const packet = await peer.nextPacket().catch(over);
      if (!packet) return;
      const id = Number(packet.messageId);
      if (packet.cmd === 'pubrel') {
        this.#unreleased.delete(id);
        peer.say(pubcomp(id));
      }
      if (packet.cmd !== 'publish') continue;
      const { qos, dup, payload } = packet;
      const number = Number(payload);
      if (number <= last) this.faults.push(`${number} behind ${last} on one connection`);
      last = number;
      if (dup && isFirst) this.faults.push(`${number} with DUP on the first connection`);
      if (qos > 0) this.#judge(number, id, qos, dup);
      else if (this.seen.has(number)) this.faults.push(`${number} twice at QoS 0`);
      this.seen.add(number);
      if (qos === 1) peer.say(puback(id));
      if (qos === 2) peer.say(pubrec(id));
      this.#progress.move();
    }
  }

  #judge(number: number, id: number, qos: number, dup: boolean): void {
    const open = this.#unreleased.get(id);
    if (open !== undefined && open !== number)
      this.faults.push(`${number} has identifier ${id} of ${open}, which is in flight`);
    if (this.seen.has(number)) {
      if (!dup) this.faults.push(`${number} twice without DUP`);
      if (id !== this.#ids.get(number)) this.faults.push(`${number} again as ${id}`);
      if (qos === 2 && open === undefined) this.faults.push(`${number} again after its PUBREL`);
    }
    this.#ids.set(number, id);
    if (qos === 2) this.#unreleased.set(id, number);
  }
}
