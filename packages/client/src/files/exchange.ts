/** A channel over a connection that only sends and receives: knows by its reference what an answer is to. */
import { N2OError, readFtp } from '@n2o/shared';
import type { FileChannel } from './channel.ts';

export interface ExchangeOptions {
  /** Sends a message about a file, in order. What it throws is for whoever has asked. */
  readonly send: (message: unknown) => Promise<unknown>;
  /** Milliseconds that an answer may take. Default: 30,000. */
  readonly timeout?: number;
}

interface Question {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class FileExchange implements FileChannel {
  readonly #send: ExchangeOptions['send'];
  readonly #timeout: number;
  readonly #questions = new Map<string, Question>();

  constructor({ send, timeout = 30_000 }: ExchangeOptions) {
    this.#send = send;
    this.#timeout = timeout;
  }

  request(message: unknown): Promise<unknown> {
    const ref = referenceOf('ftp', message);
    if (ref === undefined) {
      return Promise.reject(new N2OError('N2O_FORMAT_ENCODE', 'a message without a reference'));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const text = `no answer within ${this.#timeout} ms`;
        this.#end(ref)?.reject(new N2OError('N2O_CLIENT_TIMEOUT', text));
      }, this.#timeout);
      this.#questions.set(ref, { resolve, reject, timer });
      this.#send(message).catch((reason: unknown) => this.#end(ref)?.reject(reason));
    });
  }

  /** Takes an answer in; false when it is none, or nobody waits for it any more. */
  take(value: unknown): boolean {
    const ref = referenceOf('ftpack', value);
    const question = ref === undefined ? undefined : this.#end(ref);
    question?.resolve(value);
    return question !== undefined;
  }

  /** Whoever waits gets no answer any more. */
  lost(reason: unknown): void {
    for (const ref of [...this.#questions.keys()]) this.#end(ref)?.reject(reason);
  }

  #end(ref: string): Question | undefined {
    const question = this.#questions.get(ref);
    clearTimeout(question?.timer);
    this.#questions.delete(ref);
    return question;
  }
}

function referenceOf(tag: 'ftp' | 'ftpack', value: unknown): string | undefined {
  const message = readFtp(tag, value);
  const number = message?.options?.get('ref');
  return number === undefined ? undefined : `${message?.id} ${number}`;
}
