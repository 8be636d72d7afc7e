/** Work that waits for its turn: so many pieces at a time, or one at a time of a kind. */
import { Queue } from '@n2o/shared';

/** Lets at most `limit` pieces of work run at once. */
export class Turns {
  readonly #limit: number;
  readonly #waiting = new Queue<() => void>();
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

/** Runs what is asked for under one name in the order in which it was asked for. */
export class Lines {
  readonly #lines = new Map<string, { readonly turns: Turns; users: number }>();

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(name) ?? { turns: new Turns(1), users: 0 };
    this.#lines.set(name, line);
    line.users++;
    try {
      return await line.turns.run(work);
    } finally {
      line.users--;
      if (line.users === 0) this.#lines.delete(name);
    }
  }
}
