/** The host's side: the store of its broker, asked over whatever carries bytes there and back. */
import {
  type Change,
  type Extent,
  type Fence,
  N2OError,
  type Range,
  type Store,
} from '@n2o/shared';
import { type Answer, type Entries, readAnswer, type Values } from './answer.ts';
import { type Request, writeRequest } from './request.ts';

/** What carries requests to the broker. */
export interface Carrier {
  /** @throws N2O_STORE_UNAVAILABLE when there is no connection */
  send(request: Uint8Array): void;
  close(): Promise<void>;
}

export interface RemoteStore extends Store {
  /** Resolves when whoever serves the store has said of what kind it is, which takes no store. @throws N2O_STORE_UNAVAILABLE */
  greet(): Promise<void>;
  /** Takes what the broker said. */
  hear(answer: Uint8Array): void;
  /** The connection is gone: whatever waits for an answer gets none. */
  lost(error: N2OError): void;
}

interface Waiter {
  readonly take: (answer: Answer) => void;
  readonly late: NodeJS.Timeout;
}

export interface RemoteStoreOptions {
  /** Milliseconds that the broker has to answer. Default: 10,000. */
  readonly timeout?: number;
  /** Whether the broker's store is durable, until the broker says so itself. Default: true. */
  readonly durable?: boolean;
}

export function createRemoteStore(
  carrier: Carrier,
  { timeout = 10_000, durable = true }: RemoteStoreOptions = {},
): RemoteStore {
  return new BrokerStore(carrier, timeout, durable);
}

class BrokerStore implements RemoteStore {
  readonly #carrier: Carrier;
  readonly #timeout: number;
  readonly #waiting = new Map<number, Waiter>();
  #durable: boolean;
  #number = 0;
  #idle: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(carrier: Carrier, timeout: number, durable: boolean) {
    this.#carrier = carrier;
    this.#timeout = timeout;
    this.#durable = durable;
  }

  get durable(): boolean {
    return this.#durable;
  }

  async greet(): Promise<void> {
    const answer = await this.#ask({ ask: 'greet' });
    if (answer.say === 'welcome') this.#durable = answer.durable;
  }

  async commit(changes: readonly Change[], fence?: Fence): Promise<void> {
    await this.#ask({ ask: 'commit', changes, fence });
  }

  async get(group: string, fields: readonly string[]): Promise<Values> {
    const answer = await this.#ask({ ask: 'get', group, fields });
    return answer.say === 'values' ? answer.values : fields.map(() => undefined);
  }

  async extent(group: string): Promise<Extent | undefined> {
    const answer = await this.#ask({ ask: 'extent', group });
    return answer.say === 'extent' ? answer.extent : undefined;
  }

  async range(group: string, range: Range): Promise<Entries> {
    const parts: Entries[] = [];
    await this.#ask({ ask: 'range', group, range }, (part) => parts.push(part));
    return parts.flat();
  }

  async *entries(group: string): AsyncIterable<Entries> {
    const parts: Entries[] = [];
    await this.#ask({ ask: 'entries', group }, (part) => parts.push(part));
    yield* parts;
  }

  hear(bytes: Uint8Array): void {
    const heard = readAnswer(bytes);
    if (heard) this.#waiting.get(heard.number)?.take(heard.what);
  }

  lost(error: N2OError): void {
    for (const { take } of [...this.#waiting.values()]) take({ say: 'error', error });
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #finish(): Promise<void> {
    if (this.#waiting.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this.#carrier.close();
  }

  #ask(what: Request, more: (entries: Entries) => void = () => {}): Promise<Answer> {
    this.#number = (this.#number + 1) % 0x7fffffff;
    const number = this.#number;
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) {
        reject(new N2OError('N2O_STORE_UNAVAILABLE', 'the store is closed'));
        return;
      }
      const take = (answer: Answer) => {
        if (answer.say === 'more') return more(answer.entries);
        clearTimeout(late);
        this.#waiting.delete(number);
        if (this.#waiting.size === 0) this.#idle();
        if (answer.say === 'error') reject(answer.error);
        else resolve(answer);
      };
      const late = setTimeout(() => {
        const error = new N2OError('N2O_STORE_UNAVAILABLE', 'the broker did not answer in time');
        take({ say: 'error', error });
      }, this.#timeout);
      this.#waiting.set(number, { take, late });
      try {
        this.#carrier.send(writeRequest(number, what));
      } catch (thrown) {
        clearTimeout(late);
        this.#waiting.delete(number);
        reject(thrown);
      }
    });
  }
}
