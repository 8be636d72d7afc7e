/** What goes to a worker: packed until the turn of the event loop ends, each client's route once. */
import type { Event } from '@n2o/shared';
import { DUP, encodeRoute, FORGET, Packer, ROUTE, TOLD } from './records.ts';
import { RouteNumbers } from './routes.ts';

/** Bytes of a payload. */
const LARGE = 64 * 1024;

export class Outgoing {
  readonly #send: (packed: Uint8Array<ArrayBuffer>) => void;
  readonly #packer = new Packer();
  readonly #routes = new RouteNumbers();
  #scheduled = false;
  readonly #turnEnds = () => {
    this.#scheduled = false;
    this.flush();
  };

  constructor(send: (packed: Uint8Array<ArrayBuffer>) => void) {
    this.#send = send;
  }

  /** @param again whether a worker may have had it before */
  event(event: Event, slot: number, again: boolean): void {
    const { route, payload, qos, dup } = event;
    const isLarge = payload.length >= LARGE;
    // It goes alone, so that the worker can give its memory back.
    if (isLarge) this.flush();
    const flags = qos | (dup || again ? DUP : 0);
    // The client of a request of HTTP has no other: a number for its route would serve once.
    if (route.origin === 'http') this.#packer.guest(flags, slot, route, payload);
    else {
      const number = this.#routes.get(route) ?? this.#introduce(event);
      this.#packer.event(flags, slot, number, payload);
    }
    if (isLarge) this.flush();
    else this.#packed();
  }

  /** What the store answers. */
  tell(answer: Uint8Array): void {
    this.#packer.record(TOLD, 0, 0, answer);
    this.#packed();
  }

  /** What was packed leaves now: something else is about to be said that must not overtake it. */
  flush(): void {
    if (this.#packer.size > 0) this.#send(this.#packer.take());
  }

  /** The next worker knows nothing of what was sent to this one. */
  clear(): void {
    this.#packer.take();
    this.#routes.clear();
  }

  /** Something was packed: it leaves when the turn ends, or now if it is much. */
  #packed(): void {
    if (this.#packer.isFull) this.#send(this.#packer.take());
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#turnEnds);
    }
  }

  #introduce({ route }: Event): number {
    const { number, forgotten } = this.#routes.add(route);
    if (forgotten !== undefined) this.#packer.head(FORGET, 0, forgotten, 0);
    this.#packer.record(ROUTE, 0, number, encodeRoute(route));
    return number;
  }
}
