/** The requests of one device: what was asked, acknowledged and answered, and whether it was so in order. */
import type { Findings } from './findings.ts';
import type { Kind } from './kinds.ts';
import { readAnswer } from './kinds.ts';

/** One that is not answered yet. */
export interface Request {
  readonly n: number;
  readonly payload: string;
  /** When it was first asked, in milliseconds of a monotonic clock. */
  readonly at: number;
  /** When it was last said, acknowledged, or refused. */
  touched: number;
  /** Its PUBLISH is not acknowledged yet. */
  inFlight: boolean;
  /** An error came since it was last said: it is to be asked again. */
  refused: boolean;
  /** An error came while it was waiting: it may be answered behind later ones. */
  excused: boolean;
  /** The connection on which it was asked; 1 is the first. */
  readonly connection: number;
}

export interface RequestsOptions {
  readonly client: string;
  readonly kind: Kind;
  /** The session is kept, so that order holds from one connection to the next. */
  readonly kept: boolean;
  readonly findings: Findings;
  /** Called with what must not be. */
  readonly fault: (text: string) => void;
}

export class Requests {
  /** In the order in which they were asked. */
  readonly open = new Map<number, Request>();
  readonly #options: RequestsOptions;
  /** Number → the count in its answer, as it was first heard. */
  readonly #answered = new Map<number, number | undefined>();
  #last = 0;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** How many were asked. */
  get asked(): number {
    return this.#last;
  }

  /** From the oldest that is not answered to the next one: what a window bounds. */
  get width(): number {
    for (const { n } of this.open.values()) return this.#last + 1 - n;
    return 0;
  }

  /** The next one. */
  next(connection: number): Request {
    const n = ++this.#last;
    const at = performance.now();
    const payload = this.#options.kind.ask(n);
    const request: Request = {
      ...{
        n,
        payload,
        at,
        touched: at,
        inFlight: false,
        refused: false,
        excused: false,
        connection,
      },
    };
    this.open.set(n, request);
    return request;
  }

  /** @param connection the one on which the answer came */
  heard(payload: Uint8Array, connection: number): void {
    const answer = readAnswer(payload);
    const { findings } = this.#options;
    if ('error' in answer) {
      findings.count(answer.error);
      // It need not say which of them it answers.
      for (const request of this.open.values()) {
        request.refused = true;
        request.excused = true;
        request.touched = performance.now();
      }
      return;
    }
    const { n, count } = answer;
    const request = this.open.get(n);
    if (request) this.#first(request, count, connection);
    else if (!this.#answered.has(n)) this.#options.fault(`an answer to ${n}, which was not asked`);
    else {
      findings.count('repeated answers');
      const before = this.#answered.get(n);
      if (before !== count) this.#options.fault(`${n} was answered ${before}, then ${count}`);
    }
  }

  /** Looks at all of it when every request is answered. @param journal what the module has written down */
  check(journal: ReadonlySet<string>): void {
    const { kind, client, fault } = this.#options;
    const counts = new Set(this.#answered.values());
    for (let n = 1; n <= this.#last; n++) {
      if (!this.#answered.has(n)) fault(`${n} was not answered`);
      else if (kind.once && !counts.has(n)) fault(`no answer has the count ${n} of ${this.#last}`);
      else if (!kind.once && !journal.has(`${client} ${n}`)) fault(`${n} had no effect`);
    }
  }

  #first(request: Request, count: number | undefined, connection: number): void {
    const { findings, kept } = this.#options;
    const { n } = request;
    this.open.delete(n);
    this.#answered.set(n, count);
    findings.count('answers');
    findings.longest = Math.max(findings.longest, performance.now() - request.at);
    for (const before of this.open.values()) {
      if (before.n > n) return;
      if (before.excused) continue;
      // A new session knows nothing of what was asked in the one before.
      if (!kept && before.connection < connection && request.connection < connection) continue;
      this.#options.fault(`${n} was answered before ${before.n}`);
      return;
    }
  }
}
