/** A process of the command that can be killed at any moment and comes back as it was started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../packages/n2o/dist/bin.js', import.meta.url));

/** So many lines of its log are kept. */
const LINES = 2_000;

export type Line = Readonly<Record<string, unknown>>;

export class Member {
  readonly name: string;
  /** The last lines of the log, of all its lives. */
  readonly log: Line[] = [];
  readonly #args: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #watchers = new Set<(line: Line) => void>();
  #child: ChildProcess | undefined;

  /** @param args of the command `n2o` */
  constructor(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.#args = args;
    this.#env = env;
  }

  /** Starts it; does not wait for it to be ready. */
  launch(): void {
    const child = spawn(process.execPath, [BIN, ...this.#args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#env },
    });
    this.#child = child;
    this.#note({ msg: '-- launched' });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => this.#note(read(line)));
    }
    child.once('exit', (code, signal) => {
      this.#note({ msg: `-- exit ${signal ?? code}` });
      if (this.#child === child) this.#child = undefined;
    });
  }

  /** Starts it, and resolves when it says that it is ready. */
  async start(): Promise<Line> {
    const ready = this.next('ready');
    this.launch();
    return ready;
  }

  /** Is told of every line of the log from now on. */
  watch(look: (line: Line) => void): void {
    this.#watchers.add(look);
  }

  /** The next line of the log with this message; rejects when the process ends before. */
  next(message: string): Promise<Line> {
    return new Promise((resolve, reject) => {
      const look = (line: Line) => {
        const { msg } = line;
        if (msg !== message && !String(msg).startsWith('-- exit')) return;
        this.#watchers.delete(look);
        if (msg === message) resolve(line);
        else reject(new Error(`${this.name} ended before it said '${message}':\n${this.tail(20)}`));
      };
      this.watch(look);
    });
  }

  /** Ends it with a signal; resolves with the exit code when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    const gone = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    const [code] = await gone;
    return code;
  }

  /** The last lines of the log, as text. */
  tail(count: number = LINES): string {
    return this.log
      .slice(-count)
      .map((line) => JSON.stringify(line))
      .join('\n');
  }

  #note(line: Line): void {
    if (this.log.length === LINES) this.log.shift();
    this.log.push({ time: new Date().toISOString(), ...line });
    for (const look of this.#watchers) look(line);
  }
}

function read(line: string): Line {
  return line.startsWith('{') ? (JSON.parse(line) as Line) : { msg: line };
}
