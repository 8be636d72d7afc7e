/** One loading of the application's code: what new events run on until the next one replaces it. */
import {
  type LogDial,
  type Logger,
  type ModuleContext,
  type ModuleDefinition,
  N2OError,
  type Protocol,
  reason,
  type Services,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import type { Provided } from '../services/provided.ts';
import { withFields } from './log.ts';
import { provided } from './provided.ts';

/** Module name → module. */
export type Modules = ReadonlyMap<string, ModuleDefinition>;

/** What all generations of a runtime are given. */
export interface Surroundings {
  readonly log: Logger;
  readonly dial: LogDial | undefined;
  /** Makes what a generation uses of the host's services; without it there are none. */
  readonly provide: (() => Provided) | undefined;
  readonly conversations: Conversations | undefined;
}

class InitContext implements ModuleContext {
  readonly module: string;
  readonly log: Logger;
  readonly #services: Services | undefined;

  constructor(module: string, log: Logger, services: Services | undefined) {
    this.module = module;
    this.log = withFields(log, { module });
    this.#services = services;
  }

  get services(): Services {
    return provided(this.#services);
  }
}

export class Generation {
  readonly modules: Modules;
  readonly protocols: readonly Protocol[];
  readonly around: Surroundings;
  readonly #own: Provided | undefined;
  #underway = 0;
  #idle: (() => void) | undefined;

  private constructor(modules: Modules, protocols: readonly Protocol[], around: Surroundings) {
    this.modules = modules;
    this.protocols = protocols;
    this.around = around;
    this.#own = around.provide?.();
  }

  /**
   * Makes a generation and runs `init` of its modules, in their order.
   * @throws N2O_MODULE_LOAD if one throws; those before it have been terminated
   */
  static async start(
    modules: Modules,
    protocols: readonly Protocol[],
    around: Surroundings,
  ): Promise<Generation> {
    const generation = new Generation(modules, protocols, around);
    const started: [string, ModuleDefinition][] = [];
    for (const [name, module] of modules) {
      try {
        await module.init?.(new InitContext(name, around.log, generation.services));
        started.push([name, module]);
      } catch (thrown) {
        await generation.#terminate(started);
        const text = `init of module '${name}' threw: ${reason(thrown)}`;
        throw new N2OError('N2O_MODULE_LOAD', text, { cause: thrown });
      }
    }
    return generation;
  }

  get services(): Services | undefined {
    return this.#own?.services;
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
    await this.#terminate(this.modules);
  }

  async #terminate(modules: Iterable<readonly [string, ModuleDefinition]>): Promise<void> {
    for (const [module, definition] of modules) {
      try {
        await definition.terminate?.();
      } catch (thrown) {
        this.around.log.error({ err: thrown, module }, 'terminate threw');
      }
    }
    await this.#own?.close();
  }
}
