/** One loading of the application's code: what new events run on until the next one replaces it. */
import { type Logger, type ModuleDefinition, N2OError, type Protocol, reason } from '@n2o/shared';
import { withFields } from './log.ts';

/** Module name → module. */
export type Modules = ReadonlyMap<string, ModuleDefinition>;

export class Generation {
  readonly modules: Modules;
  readonly protocols: readonly Protocol[];
  readonly #log: Logger;
  #underway = 0;
  #idle: (() => void) | undefined;

  private constructor(modules: Modules, protocols: readonly Protocol[], log: Logger) {
    this.modules = modules;
    this.protocols = protocols;
    this.#log = log;
  }

  /**
   * Makes a generation and runs `init` of its modules, in their order.
   * @throws N2O_MODULE_LOAD if one throws; those before it have been terminated
   */
  static async start(
    modules: Modules,
    protocols: readonly Protocol[],
    log: Logger,
  ): Promise<Generation> {
    const started: [string, ModuleDefinition][] = [];
    for (const [name, module] of modules) {
      try {
        await module.init?.({ module: name, log: withFields(log, { module: name }) });
        started.push([name, module]);
      } catch (thrown) {
        await new Generation(new Map(started), protocols, log).end();
        const text = `init of module '${name}' threw: ${reason(thrown)}`;
        throw new N2OError('N2O_MODULE_LOAD', text, { cause: thrown });
      }
    }
    return new Generation(modules, protocols, log);
  }

  /** An event that runs on this code waits for its handler. */
  enter(): void {
    this.#underway++;
  }

  /** Such an event has ended. */
  leave(): void {
    if (--this.#underway === 0) this.#idle?.();
  }

  /** Waits for its last event, then runs `terminate` of its modules; what they throw is logged. */
  async end(): Promise<void> {
    if (this.#underway > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    for (const [module, definition] of this.modules) {
      try {
        await definition.terminate?.();
      } catch (thrown) {
        this.#log.error({ err: thrown, module }, 'terminate threw');
      }
    }
  }
}
