/** The main thread's side: does with the bus what a worker asks for, for as long as that lives. */
import { type Bus, type Logger, N2OError, type Publication, type Subscription } from '@n2o/shared';
import { alone, type BusAnswer, type BusRequest } from './bus-words.ts';

/** Publications, and their bytes, that a worker may have before it has heard them: others are dropped. */
const MAX_UNHEARD = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

type Say = (answer: BusAnswer, memory: readonly ArrayBuffer[]) => void;

export class ServedBus {
  readonly #bus: Bus;
  readonly #say: Say;
  readonly #log: Logger;
  readonly #subscriptions = new Map<number, Subscription>();
  #unheard = 0;
  #bytes = 0;
  #dropped = 0;
  #ended = false;

  constructor(bus: Bus, say: Say, log: Logger) {
    this.#bus = bus;
    this.#say = say;
    this.#log = log;
  }

  /** Does what the worker asks, and answers it. */
  hear(request: BusRequest): void {
    if (request.ask === 'more') {
      this.#unheard -= request.count;
      this.#bytes -= request.bytes;
      return;
    }
    const { ticket } = request;
    this.#does(request).then(
      () => this.#answer({ say: 'done', ticket }),
      (thrown: unknown) => {
        const { code, message } =
          thrown instanceof N2OError ? thrown : new N2OError('N2O_BUS_UNAVAILABLE');
        this.#answer({ say: 'failed', ticket, code, message });
      },
    );
  }

  /** The worker is gone: what it was subscribed to is of no use any more. */
  end(): void {
    this.#ended = true;
    for (const subscription of this.#subscriptions.values()) leave(subscription);
    this.#subscriptions.clear();
  }

  async #does(request: Exclude<BusRequest, { ask: 'more' }>): Promise<void> {
    switch (request.ask) {
      case 'publish':
        return this.#bus.publish(request.topic, request.payload, request.options);
      case 'tell':
        return this.#bus.tell(request.member, request.payload);
      case 'subscribe':
        return this.#subscribe(request.ticket, request.filter);
      case 'unsubscribe': {
        const subscription = this.#subscriptions.get(request.subscription);
        this.#subscriptions.delete(request.subscription);
        return subscription?.unsubscribe();
      }
    }
  }

  async #subscribe(ticket: number, filter: string): Promise<void> {
    const subscription = await this.#bus.subscribe(filter, (publication) => {
      this.#pass(ticket, publication);
    });
    if (this.#ended) leave(subscription);
    else this.#subscriptions.set(ticket, subscription);
  }

  #pass(subscription: number, { topic, payload, retain }: Publication): void {
    if (this.#ended) return;
    if (this.#unheard >= MAX_UNHEARD || this.#bytes + payload.length > MAX_BYTES) {
      const count = ++this.#dropped;
      // The first, the second, the fourth, …: what is too much shall not fill the log as well.
      if ((count & (count - 1)) === 0)
        this.#log.warn({ count }, 'a worker does not listen: dropped');
      return;
    }
    this.#unheard++;
    this.#bytes += payload.length;
    const bytes = alone(payload);
    const publication = { topic, payload: bytes, retain };
    this.#say({ say: 'heard', subscription, publication }, [bytes.buffer]);
  }

  #answer(answer: BusAnswer): void {
    if (!this.#ended) this.#say(answer, []);
  }
}

function leave(subscription: Subscription): void {
  // Without a broker there is nothing left to be ended.
  subscription.unsubscribe().catch(() => {});
}
