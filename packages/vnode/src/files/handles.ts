/** Open files: the ones used last stay open, so that a block costs no opening, and no more than a bound. */
import { fstatSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Turns } from './turns.ts';

interface Open {
  readonly handle: FileHandle;
  users: number;
  isForgotten: boolean;
}

export class Handles {
  readonly #limit: number;
  readonly #turns: Turns;
  /** By path, the one used last at the end. */
  readonly #open = new Map<string, Open>();

  /** @param limit files that stay open, and that are worked on at once */
  constructor(limit: number) {
    this.#limit = limit;
    this.#turns = new Turns(limit);
  }

  /** Works on a file, which one that is no longer at its path is not. Rejects with what the system says. */
  use<T>(
    path: string,
    flags: 'r' | 'r+',
    work: (handle: FileHandle, size: number) => Promise<T>,
  ): Promise<T> {
    return this.#turns.run(async () => {
      const [file, size] = await this.#current(path, flags);
      try {
        return await work(file.handle, size);
      } finally {
        await this.#leave(file);
      }
    });
  }

  /** What lies at the path now is another file, or none. */
  async forget(path: string): Promise<void> {
    const file = this.#open.get(path);
    if (file === undefined) return;
    this.#open.delete(path);
    file.isForgotten = true;
    if (file.users === 0) await file.handle.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((path) => this.forget(path)));
  }

  async #current(path: string, flags: 'r' | 'r+'): Promise<[Open, number]> {
    const known = this.#open.get(path);
    if (known !== undefined) {
      known.users++;
      // What the system has in memory: asking for it costs less than waiting for a turn to ask.
      const { size, nlink } = fstatSync(known.handle.fd);
      if (nlink > 0) {
        this.#touch(path, known);
        return [known, size];
      }
      // Somebody else has put another file in its place.
      await this.#leave(known);
      await this.forget(path);
    }
    const handle = await open(path, flags);
    const { size } = await handle.stat();
    const file: Open = { handle, users: 1, isForgotten: false };
    await this.forget(path);
    this.#open.set(path, file);
    await this.#shrink();
    return [file, size];
  }

  #touch(path: string, file: Open): void {
    if (file.isForgotten) return;
    this.#open.delete(path);
    this.#open.set(path, file);
  }

  async #leave(file: Open): Promise<void> {
    file.users--;
    if (file.users === 0 && file.isForgotten) await file.handle.close();
  }

  async #shrink(): Promise<void> {
    for (const [path, { users }] of this.#open) {
      if (this.#open.size <= this.#limit) return;
      if (users === 0) await this.forget(path);
    }
  }
}
