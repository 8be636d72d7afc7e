/** The host's side: the store of its broker, asked over whatever carries bytes there and back. */
import {
  type Change,
  type Extent,
  type Fence,
  type Follow,
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
  /** Whether groups can be followed: what carries the answers keeps their order with all else that is heard. Default: false. */
  readonly follows?: boolean;
}

export function createRemoteStore(
  carrier: Carrier,
  { timeout = 10_000, durable = true, follows = false }: RemoteStoreOptions = {},
): RemoteStore {
  return new BrokerStore(carrier, timeout, durable, follows);
}

class BrokerStore implements RemoteStore {
  readonly #carrier: Carrier;
  readonly #timeout: number;
  readonly #waiting = new Map<number, Waiter>();
  readonly follow: Follow | undefined;
  /** Told of a change, by the number under which they asked. */
  readonly #following = new Map<number, () => void>();
  #durable: boolean;
  #number = 0;
  #idle: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(carrier: Carrier, timeout: number, durable: boolean, follows: boolean) {
    this.#carrier = carrier;
    this.#timeout = timeout;
    this.#durable = durable;
    if (follows) this.follow = (...what) => this.#follow(...what);
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
    return valuesIn(await this.#ask({ ask: 'get', group, fields }), fields);
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
    if (!heard) return;
    const { number, what } = heard;
    if (what.say === 'changed') this.#changed(number);
    else this.#waiting.get(number)?.take(what);
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

  async #follow(group: string, fields: readonly string[], changed: () => void): Promise<Values> {
    const number = this.#next();
    this.#following.set(number, changed);
    try {
      return valuesIn(await this.#ask({ ask: 'follow', group, fields }, undefined, number), fields);
    } catch (thrown) {
      this.#changed(number);
      throw thrown;
    }
  }

  #changed(number: number): void {
    const changed = this.#following.get(number);
    this.#following.delete(number);
    changed?.();
  }

  async #finish(): Promise<void> {
    if (this.#waiting.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this.#carrier.close();
  }

  #next(): number {
    // Who follows a group may do so for longer than the numbers last.
    do this.#number = (this.#number + 1) % 0x7fffffff;
    while (this.#waiting.has(this.#number) || this.#following.has(this.#number));
    return this.#number;
  }

  #ask(
    what: Request,
    more: (entries: Entries) => void = () => {},
    number = this.#next(),
  ): Promise<Answer> {
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

function valuesIn(answer: Answer, fields: readonly string[]): Values {
  return answer.say === 'values' ? answer.values : fields.map(() => undefined);
}
