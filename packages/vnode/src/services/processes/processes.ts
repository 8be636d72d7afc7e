/** The processes of an application in one worker: found by their names, ended with their owners. */
import {
  type Logger,
  N2OError,
  type Process,
  type Processes,
  type ProcessOptions,
  type Services,
} from '@n2o/shared';
import { withFields } from '../../runtime/log.ts';
import { ask } from './letter.ts';
import { SupervisedProcess } from './process.ts';

const LIMIT = 10_000;
const TIMEOUT_MS = 5_000;
const GRACE_MS = 5_000;

export interface ProcessesOptions {
  readonly log: Logger;
  /** What processes may use: asked for when one starts. */
  readonly services: () => Services;
  /** Processes that may be there at a time. Default: 10,000. */
  readonly limit?: number;
  /** Milliseconds. Default: the system's clock. */
  readonly now?: () => number;
}

export function createProcesses(options: ProcessesOptions): Processes {
  return new WorkerProcesses(options);
}

class WorkerProcesses implements Processes {
  readonly #options: ProcessesOptions;
  /** Those that have not ended, or not quite. */
  readonly #processes = new Map<string, SupervisedProcess>();
  #closed = false;

  constructor(options: ProcessesOptions) {
    this.#options = options;
  }

  async start<State>(options: ProcessOptions<State>): Promise<Process> {
    const { name } = options;
    let process = this.#processes.get(name);
    while (process?.status === 'ended') {
      await process.ended;
      process = this.#processes.get(name);
    }
    process ??= this.#make(options as ProcessOptions<unknown>);
    await process.running();
    return process;
  }

  pid(name: string): SupervisedProcess | undefined {
    const process = this.#processes.get(name);
    return process?.status === 'ended' ? undefined : process;
  }

  async stop(name: string): Promise<void> {
    await this.#processes.get(name)?.stop();
  }

  async restart(name: string): Promise<void> {
    await this.#need(name).restart();
  }

  async send(name: string, message: unknown, timeout = TIMEOUT_MS): Promise<unknown> {
    const process = this.#need(name);
    return ask((letter) => process.post(letter), message, timeout);
  }

  cast(name: string, message: unknown): void {
    this.#need(name).post({ message });
  }

  async endOwned(owner: string): Promise<void> {
    const owned = [...this.#processes.values()].filter((process) => process.owner === owner);
    await Promise.all(owned.map((process) => process.stop()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#processes.values()].map((process) => process.stop()));
  }

  /** @throws N2O_HOST_CLOSED, N2O_PROCESS_LIMIT */
  #make(options: ProcessOptions<unknown>): SupervisedProcess {
    const { log, services, limit = LIMIT, now = Date.now } = this.#options;
    if (this.#closed) throw new N2OError('N2O_HOST_CLOSED');
    if (this.#processes.size >= limit) throw new N2OError('N2O_PROCESS_LIMIT');
    const { name } = options;
    const about = { name, log: withFields(log, { process: name }), services: services() };
    const onEnd = () => this.#processes.delete(name);
    const process = new SupervisedProcess({ options, about, now, grace: GRACE_MS, onEnd });
    this.#processes.set(name, process);
    return process;
  }

  /** @throws N2O_PROCESS_UNKNOWN */
  #need(name: string): SupervisedProcess {
    const process = this.pid(name);
    if (process) return process;
    throw new N2OError('N2O_PROCESS_UNKNOWN', `there is no process ${name}`);
  }
}
