/** PUBACK and PUBREC of one connection: in the order of what they acknowledge [MQTT-4.6.0-2] [MQTT-4.6.0-3]. */
import { Queue } from '@n2o/shared';
import type { Pledge } from '../keeping/pledge.ts';
import { PUBACK, PUBREC, type QoS } from '../wire/packet.ts';
import type { Output } from './output.ts';

interface Acknowledgement {
  readonly header: number;
  readonly id: number;
  readonly pledge: Pledge | undefined;
}

export class Acknowledgements {
  readonly #output: Output;
  /** Those that wait for what they promise, or behind one that does; made when first needed. */
  #waiting: Queue<Acknowledgement> | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Those that wait. */
  get size(): number {
    return this.#waiting?.size ?? 0;
  }

  /** Acknowledges a message when what that promises is kept. */
  add(qos: QoS, id: number, pledge?: Pledge): void {
    const header = (qos === 1 ? PUBACK : PUBREC) << 4;
    const waits = (this.#waiting?.size ?? 0) > 0;
    if (!waits && (!pledge || pledge.isKept)) {
      this.#output.identifier(header, id);
      return;
    }
    this.#waiting ??= new Queue();
    this.#waiting.push({ header, id, pledge });
    if (pledge && !pledge.isKept) pledge.whenKept(() => this.#pump());
  }

  #pump(): void {
    for (let next = this.#waiting?.peek(); next; next = this.#waiting?.peek()) {
      if (next.pledge && !next.pledge.isKept) return;
      this.#waiting?.shift();
      this.#output.identifier(next.header, next.id);
    }
  }
}
