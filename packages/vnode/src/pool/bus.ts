/** The bus, as a worker sees it: the main thread has it. */
import {
  type Bus,
  type Logger,
  type Member,
  N2OError,
  type Publication,
  type PublishOptions,
  type Subscription,
} from '@n2o/shared';
import { alone, type BusAnswer, type BusRequest } from './bus-words.ts';

/** Requests, and bytes of what they send, that may wait for an answer. */
const MAX_WAITING = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

type Listener = (publication: Publication) => void;

interface Question {
  readonly bytes: number;
  resolve(): void;
  reject(error: N2OError): void;
}

export class RemoteBus implements Bus {
  readonly #say: (request: BusRequest, memory: readonly ArrayBuffer[]) => void;
  readonly #log: Logger;
  readonly #questions = new Map<number, Question>();
  readonly #listeners = new Map<number, Listener>();
  #tickets = 0;
  #bytes = 0;
  /** What was heard since the main thread was last told. */
  #heard = { count: 0, bytes: 0 };

  /**
   * @param say MUST NOT overtake settlements: a client gets what a handler sends behind the replies
   *            of those before it. The memory is the main thread's afterwards.
   */
  constructor(say: (request: BusRequest, memory: readonly ArrayBuffer[]) => void, log: Logger) {
    this.#say = say;
    this.#log = log;
  }

  publish(topic: string, payload: Uint8Array, options: Required<PublishOptions>): Promise<void> {
    const { qos, retain } = options;
    const bytes = alone(payload);
    return this.#ask(bytes, (ticket) => {
      return { ask: 'publish', ticket, topic, payload: bytes, options: { qos, retain } };
    });
  }

  tell({ client, module, version }: Required<Member>, payload: Uint8Array): Promise<void> {
    const bytes = alone(payload);
    return this.#ask(bytes, (ticket) => {
      return { ask: 'tell', ticket, member: { client, module, version }, payload: bytes };
    });
  }

  async subscribe(filter: string, listener: Listener): Promise<Subscription> {
    let subscription = 0;
    const asked = this.#ask(undefined, (ticket) => {
      subscription = ticket;
      // What is retained may be there before the answer.
      this.#listeners.set(ticket, listener);
      return { ask: 'subscribe', ticket, filter };
    });
    try {
      await asked;
    } catch (error) {
      this.#listeners.delete(subscription);
      throw error;
    }
    return {
      unsubscribe: async () => {
        if (!this.#listeners.delete(subscription)) return;
        await this.#ask(undefined, (ticket) => ({ ask: 'unsubscribe', ticket, subscription }));
      },
    };
  }

  /** The main thread has said something. */
  hear(answer: BusAnswer): void {
    if (answer.say === 'heard') {
      this.#publication(answer.subscription, answer.publication);
      return;
    }
    const question = this.#questions.get(answer.ticket);
    if (question === undefined) return;
    this.#questions.delete(answer.ticket);
    this.#bytes -= question.bytes;
    if (answer.say === 'done') question.resolve();
    else question.reject(new N2OError(answer.code, answer.message));
  }

  #publication(subscription: number, publication: Publication): void {
    if (this.#heard.count === 0) setImmediate(() => this.#more());
    this.#heard.count++;
    this.#heard.bytes += publication.payload.length;
    try {
      this.#listeners.get(subscription)?.(publication);
    } catch (err) {
      this.#log.error({ err, topic: publication.topic }, 'a listener threw');
    }
  }

  #more(): void {
    const { count, bytes } = this.#heard;
    this.#heard = { count: 0, bytes: 0 };
    this.#say({ ask: 'more', count, bytes }, []);
  }

  #ask(
    payload: Uint8Array<ArrayBuffer> | undefined,
    request: (ticket: number) => BusRequest,
  ): Promise<void> {
    const bytes = payload?.length ?? 0;
    if (this.#questions.size >= MAX_WAITING || this.#bytes + bytes > MAX_BYTES) {
      const error = new N2OError('N2O_BUS_UNAVAILABLE', 'too much of this worker waits to be sent');
      return Promise.reject(error);
    }
    const ticket = ++this.#tickets;
    return new Promise((resolve, reject) => {
      this.#questions.set(ticket, { bytes, resolve, reject });
      this.#bytes += bytes;
      this.#say(request(ticket), payload ? [payload.buffer] : []);
    });
  }
}
