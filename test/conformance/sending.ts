/** A client that says numbers until each is acknowledged, over as many connections as it takes. */
import { publish, pubrel } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { Progress } from './progress.ts';

/** So many are under way at a time. */
const WINDOW = 64;

type State = 'said' | 'received';

export class Sending {
  /** How many are acknowledged to the end. */
  done = 0;
  readonly #topic: string;
  readonly #qos: 1 | 2;
  readonly #count: number;
  /** Number → how far it is, in the order of saying. */
  readonly #unacknowledged = new Map<number, State>();
  readonly #progress = new Progress();
  #next = 0;

  /** Says the numbers below `count`; as packet identifiers they are one more. */
  constructor(topic: string, qos: 1 | 2, count: number) {
    this.#topic = topic;
    this.#qos = qos;
    this.#count = count;
  }

  /** Goes on, on a connection of a session that knows what was said before [MQTT-4.4.0-1]. */
  speak(peer: Peer): void {
    peer.say(
      ...[...this.#unacknowledged].map(([number, state]) =>
        state === 'received' ? pubrel(number + 1) : this.#packet(number, true),
      ),
    );
    this.#fill(peer);
    void this.#read(peer);
  }

  /** Resolves when so many are done. */
  until(done: number): Promise<void> {
    return this.#progress.until(() => this.done >= done);
  }

  async #read(peer: Peer): Promise<void> {
    const over = this.#progress.connection();
    for (;;) {
      const packet = await peer.nextPacket().catch(over);
      if (!packet) return;
      const number = Number(packet.messageId) - 1;
      if (packet.cmd === 'pubrec') {
        this.#unacknowledged.set(number, 'received');
        peer.say(pubrel(number + 1));
      } else if (this.#unacknowledged.delete(number)) {
        this.done++;
        this.#fill(peer);
        this.#progress.move();
      }
    }
  }

  #fill(peer: Peer): void {
    while (this.#next < this.#count && this.#unacknowledged.size < WINDOW) {
      const number = this.#next++;
      this.#unacknowledged.set(number, 'said');
      peer.say(this.#packet(number, false));
    }
  }

  #packet(number: number, dup: boolean): Uint8Array {
    return publish(this.#topic, `${number}`, { qos: this.#qos, id: number + 1, dup });
  }
}
