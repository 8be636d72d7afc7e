/** A bus for workers that are there before the broker is: what is said to it waits until then. */
import {
  type Bus,
  type Logger,
  N2OError,
  type Publication,
  requireHearable,
  requireMember,
  requirePublishable,
  type Subscription,
} from '@n2o/shared';

/** What may wait for the bus to come, and bytes of it. */
const MAX_WAITING = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

export interface LateBus {
  /**
   * Takes all from the beginning: a module may speak and listen in its `init`, and the broker starts
   * when that has ended. What comes too early is accepted, and said in its order when the bus comes;
   * what goes wrong then is logged. @throws N2O_BUS_UNAVAILABLE when too much waits
   */
  readonly bus: Bus;
  /** The bus has come. */
  arrive(bus: Bus): void;
}

export function createLateBus(log: Logger): LateBus {
  const late = new Waiting(log);
  return { bus: late, arrive: (bus) => late.arrive(bus) };
}

class Waiting implements Bus {
  readonly #log: Logger;
  #bus: Bus | undefined;
  #waiting: ((bus: Bus) => Promise<unknown>)[] = [];
  #bytes = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  async publish(...[topic, payload, options]: Parameters<Bus['publish']>): Promise<void> {
    if (this.#bus) return this.#bus.publish(topic, payload, options);
    requirePublishable(topic);
    this.#wait(payload.length, (bus) => bus.publish(topic, payload, options));
  }

  async tell(...[member, payload]: Parameters<Bus['tell']>): Promise<void> {
    if (this.#bus) return this.#bus.tell(member, payload);
    requireMember(member);
    this.#wait(payload.length, (bus) => bus.tell(member, payload));
  }

  async subscribe(
    filter: string,
    listener: (publication: Publication) => void,
  ): Promise<Subscription> {
    if (this.#bus) return this.#bus.subscribe(filter, listener);
    requireHearable(filter);
    let subscription: Promise<Subscription> | undefined;
    let ended = false;
    this.#wait(0, async (bus) => {
      if (ended) return;
      subscription = bus.subscribe(filter, listener);
      await subscription;
    });
    return {
      async unsubscribe() {
        ended = true;
        await (await subscription)?.unsubscribe();
      },
    };
  }

  arrive(bus: Bus): void {
    this.#bus = bus;
    for (const say of this.#waiting.splice(0)) {
      say(bus).catch((err: unknown) => {
        this.#log.error({ err }, 'what server code said before the broker was there is lost');
      });
    }
    this.#bytes = 0;
  }

  #wait(bytes: number, say: (bus: Bus) => Promise<unknown>): void {
    if (this.#waiting.length >= MAX_WAITING || this.#bytes + bytes > MAX_BYTES) {
      throw new N2OError('N2O_BUS_UNAVAILABLE', 'too much waits for the broker to start');
    }
    this.#bytes += bytes;
    this.#waiting.push(say);
  }
}
