/** An application in one thread: its modules and protocols on a runtime, as they are on disk. */
import type { Formatters, Link, Logger, Protocol } from '@n2o/shared';
import type { EffectLimits, Keeping } from './effects/effect.ts';
import { Effects } from './effects/effects.ts';
import { loadModules } from './modules/load.ts';
import { createSources } from './modules/sources.ts';
import { resolveProtocols } from './protocols/protocols.ts';
import type { Modules } from './runtime/generation.ts';
import { createRuntime, type Observer } from './runtime/runtime.ts';

export interface ApplicationOptions {
  /** Folder of the modules. */
  readonly folder: string;
  /** Protocols in their order: built-in names, or modules as an import in the folder names them. */
  readonly protocols: readonly string[];
  readonly formatters: Formatters;
  /** Milliseconds per event. */
  readonly deadline: number;
  /** Events that may wait behind one client's present one. */
  readonly mailboxLimit: number;
  /** Whether error frames carry the text of what a handler threw. */
  readonly exposeErrors: boolean;
  /** Names under which sources import this project → files. */
  readonly alias: Readonly<Record<string, string>>;
  readonly log: Logger;
  readonly observe?: Observer;
  /** What keeps effects, and its bounds; without it nothing is kept. */
  readonly keeping?: Keeping | undefined;
  readonly limits?: EffectLimits | undefined;
}

export interface Application extends Link {
  /** Reads all anew; events under way end on the old code. @throws N2O_MODULE_LOAD, N2O_PROTOCOL_LOAD: the old code stays */
  reload(): Promise<void>;
  /** Believes nothing any more of what is kept of the clients of a vnode. */
  forget(vnode: number): void;
  /** Clients of which it knows what is kept, and in how many bytes. */
  readonly known: { readonly clients: number; readonly bytes: number };
  /** Lets what is under way end, then lets the modules go. Idempotent. */
  close(): Promise<void>;
}

/** Loads the modules and starts them. @throws N2O_MODULE_LOAD, N2O_PROTOCOL_LOAD */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const { keeping, limits, formatters } = options;
  const effects = keeping && limits && new Effects({ keeping, limits, formatters });
  const loaded = await load(options);
  const runtime = await createRuntime({ ...options, ...loaded, ...(effects && { effects }) });
  let last: Promise<unknown> = Promise.resolve();
  const reload = async () => {
    const { modules, protocols } = await load(options);
    await runtime.replace(modules, protocols);
  };
  return {
    deliver: (event) => runtime.deliver(event),
    reload() {
      // One after the other: what is asked for last is read last.
      const next = last.then(reload);
      last = next.catch(() => {});
      return next;
    },
    forget: (vnode) => effects?.memory.forget(vnode),
    get known() {
      const { clients = 0, bytes = 0 } = effects?.memory ?? {};
      return { clients, bytes };
    },
    close: () => runtime.close(),
  };
}

async function load(
  options: ApplicationOptions,
): Promise<{ modules: Modules; protocols: readonly Protocol[] }> {
  const { folder, alias, protocols, exposeErrors } = options;
  const sources = await createSources({ alias });
  return {
    modules: await loadModules(folder, sources),
    protocols: await resolveProtocols(protocols, {
      load: (specifier) => sources.import(specifier, folder),
      exposeErrors,
    }),
  };
}
