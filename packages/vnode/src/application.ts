/** An application in one thread: its modules and protocols on a runtime, as they are on disk. */
import type { Files, Formatters, Link, LogDial, Logger, Protocol } from '@n2o/shared';
import type { Conversations } from './conversations/conversation.ts';
import { createConversations } from './conversations/conversations.ts';
import type { EffectLimits, Keeping } from './effects/effect.ts';
import { Effects } from './effects/effects.ts';
import { createFiles, type FileSettings } from './files/create-files.ts';
import { loadModules } from './modules/load.ts';
import { createSources } from './modules/sources.ts';
import { resolveProtocols } from './protocols/protocols.ts';
import type { Resources } from './resources.ts';
import type { Modules } from './runtime/generation.ts';
import { createRuntime, type Observer } from './runtime/runtime.ts';
import { createServices, type ServiceHouse } from './services/services.ts';
import type { ServiceSettings } from './services/settings.ts';

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
  /** Address of N2O's own browser files, which pages for its runtime load; ours without one. */
  readonly browserFiles?: string | undefined;
  /** Names under which sources import this project → files. */
  readonly alias: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** What of it is wanted at the moment. */
  readonly dial?: LogDial;
  readonly observe?: Observer;
  /** What keeps effects, and its bounds; without it nothing is kept. */
  readonly keeping?: Keeping | undefined;
  readonly limits?: EffectLimits | undefined;
  /** What services are built on; without it there are none. */
  readonly resources?: Resources | undefined;
  /** Which services those are; goes with the resources. */
  readonly services?: ServiceSettings | undefined;
  /** Where files lie that clients send; without it they can send none. */
  readonly files?: FileSettings | undefined;
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

/** Loads the modules and starts them. @throws N2O_MODULE_LOAD, N2O_PROTOCOL_LOAD, N2O_SERVICE_LOAD */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const { keeping, limits } = options;
  const effects = keeping && limits && new Effects({ keeping, limits });
  const { files, conversations, house } = await furnish(options);
  const load = () => loadCode(options, { files, conversations });
  const runtime = await createRuntime({
    ...options,
    ...(await load()),
    ...(effects && { effects }),
    provide: house && (() => house.provide()),
    conversations,
  });
  let last: Promise<unknown> = Promise.resolve();
  const reload = async () => {
    const { modules, protocols } = await load();
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
    forget(vnode) {
      effects?.memory.forget(vnode);
      conversations?.forget(vnode);
    },
    get known() {
      const { clients = 0, bytes = 0 } = effects?.memory ?? {};
      return { clients, bytes };
    },
    async close() {
      await runtime.close();
      await files?.close();
      house?.close();
    },
  };
}

/** What handlers and protocols use beside the message, as far as the host has it. */
interface Furniture {
  readonly files: Files | undefined;
  readonly conversations: Conversations | undefined;
  readonly house: ServiceHouse | undefined;
}

async function furnish(options: ApplicationOptions): Promise<Furniture> {
  const { folder, alias, resources, services: settings, log } = options;
  if (!resources || !settings) {
    const files = options.files && createFiles({ ...options.files, log });
    return { files, conversations: undefined, house: undefined };
  }
  const load = async (specifier: string) => {
    const sources = await createSources({ alias });
    return sources.import(specifier, folder);
  };
  const { files } = options;
  const house = await createServices({ ...resources, settings, files, log, load });
  const conversations = createConversations({ store: resources.store });
  return { files: house.files, conversations, house };
}

async function loadCode(
  options: ApplicationOptions,
  has: Pick<Furniture, 'files' | 'conversations'>,
): Promise<{ modules: Modules; protocols: readonly Protocol[] }> {
  const { folder, alias, protocols, exposeErrors, browserFiles } = options;
  const sources = await createSources({ alias });
  return {
    modules: await loadModules(folder, sources),
    protocols: await resolveProtocols(protocols, {
      ...has,
      load: (specifier) => sources.import(specifier, folder),
      exposeErrors,
      browserFiles,
    }),
  };
}
