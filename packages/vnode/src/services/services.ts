/** The services of a worker: each as its name in the settings says, built in or the application's own. */
import {
  type Auth,
  type Cache,
  createFormatters,
  type Files,
  type Kvs,
  type Logger,
  type Mq,
  N2OError,
  type Pickler,
  type Processes,
  reason,
  type Services,
  type Sessions,
  type Timers,
} from '@n2o/shared';
import { createFiles, type FileSettings } from '../files/create-files.ts';
import type { Resources } from '../resources.ts';
import { provided } from '../runtime/provided.ts';
import { createStoreAuth } from './auth/auth.ts';
import { createMemoryCache } from './cache/cache.ts';
import { createOwnedFiles } from './files/owned-files.ts';
import { createStoreKvs } from './kvs/kvs.ts';
import { createBusMq } from './mq/mq.ts';
import { createOwnMq } from './mq/own.ts';
import { createPickler } from './pickler/pickler.ts';
import { createPlainPickler } from './pickler/plain.ts';
import { createProcesses } from './processes/processes.ts';
import type { Provided } from './provided.ts';
import { createStoreSessions } from './sessions/sessions.ts';
import type { ServiceName, ServiceSettings } from './settings.ts';
import { createTimers } from './timers/timers.ts';

/** What a service is made with; an application's own module exports a function of it by default. */
export interface ServiceParts extends Resources {
  readonly log: Logger;
  readonly settings: ServiceSettings;
  /** Where files lie that clients send, and their bounds. */
  readonly files?: FileSettings | undefined;
  /** The services, which MUST NOT be asked for before all are made. */
  readonly services: () => Services;
}

export interface ServicesOptions extends Resources {
  readonly settings: ServiceSettings;
  /** Without it no files are kept, whatever the settings name. */
  readonly files?: FileSettings | undefined;
  readonly log: Logger;
  /** Runs a module of the application, named as in an import, and returns what it exports. */
  readonly load: (specifier: string) => Promise<Readonly<Record<string, unknown>>>;
}

/** What all loadings of the application's code share, and what each has of its own. */
export interface ServiceHouse {
  /** What keeps the files that clients send; for its user to close. */
  readonly files: Files | undefined;
  provide(): Provided;
  close(): void;
}

type Make<Service> = (parts: ServiceParts) => Service;
type Choice<Service> = Readonly<Record<string, Make<Service>>>;

const AUTH: Choice<Auth> = { store: ({ store }) => createStoreAuth({ store }) };
const CACHE: Choice<Cache> = { memory: () => createMemoryCache() };
const FILES: Choice<Files> = {
  disk: ({ files, log }) => createFiles({ ...provided(files), log }),
};
const KVS: Choice<Kvs> = { store: ({ store }) => createStoreKvs({ store }) };
const MQ: Choice<Mq> = {
  bus: ({ bus, store }) => createBusMq({ bus, store, formatters: createFormatters() }),
};
const PICKLER: Choice<Pickler> = {
  'aes-gcm': ({ settings: { secrets, legacyPickles: legacy } }) =>
    createPickler({ secrets, legacy }),
  plain: () => createPlainPickler(),
};
const SESSION: Choice<Sessions> = {
  store({ store, settings: { loginTtl: ttl, loginProlong: prolong }, services }) {
    const pickler: Pickler = {
      pickle: (value) => services().pickler.pickle(value),
      depickle: (text) => services().pickler.depickle(text),
    };
    return createStoreSessions({ store, pickler, ttl, prolong });
  },
};
const PROCESSES: Choice<Processes> = {
  worker: ({ log, services }) => createProcesses({ log, services }),
};
const TIMERS: Choice<Timers> = { worker: ({ log }) => createTimers({ log }) };

/** The names of what is built in. */
export const BUILT_IN_SERVICES: Readonly<Record<ServiceName, readonly string[]>> = {
  auth: Object.keys(AUTH),
  cache: Object.keys(CACHE),
  files: Object.keys(FILES),
  kvs: Object.keys(KVS),
  mq: Object.keys(MQ),
  pickler: Object.keys(PICKLER),
  processes: Object.keys(PROCESSES),
  session: Object.keys(SESSION),
  timers: Object.keys(TIMERS),
};

/** Finds the services and makes those that are shared. @throws N2O_SERVICE_LOAD naming the service */
export async function createServices(options: ServicesOptions): Promise<ServiceHouse> {
  const { settings, load } = options;
  const find = <Service>(name: ServiceName, builtIn: Choice<Service>) =>
    findOne(name, settings.names[name], builtIn, load);
  const make = {
    auth: await find('auth', AUTH),
    cache: await find('cache', CACHE),
    files: await find('files', FILES),
    kvs: await find('kvs', KVS),
    mq: await find('mq', MQ),
    pickler: await find('pickler', PICKLER),
    sessions: await find('session', SESSION),
  };
  const makeProcesses = await find('processes', PROCESSES);
  const makeTimers = await find('timers', TIMERS);
  let shared: Omit<Services, 'processes' | 'timers'>;
  const parts: ServiceParts = { ...options, services: () => shared as Services };
  const files = options.files && make.files(parts);
  shared = {
    auth: make.auth(parts),
    cache: make.cache(parts),
    files: createOwnedFiles(files, parts.services),
    kvs: make.kvs(parts),
    mq: make.mq(parts),
    pickler: make.pickler(parts),
    sessions: make.sessions(parts),
  };
  return {
    files,
    provide() {
      const own: ServiceParts = { ...parts, services: () => services };
      const processes = makeProcesses(own);
      const timers = makeTimers(own);
      const mq = createOwnMq(shared.mq, options.log);
      const services: Services = {
        ...shared,
        mq: mq.mq,
        sessions: endingProcesses(shared.sessions, processes),
        processes,
        timers,
      };
      return {
        services,
        async close() {
          timers.close();
          await processes.close();
          await mq.close();
        },
      };
    },
    close: () => shared.cache.close(),
  };
}

/** Sessions with whose end the processes end that they own in this worker. */
function endingProcesses(sessions: Sessions, processes: Processes): Sessions {
  return {
    authenticate: (token) => sessions.authenticate(token),
    find: (token) => sessions.find(token),
    variables: (sid, found) => sessions.variables(sid, found),
    bondOf: (sid) => sessions.bondOf?.(sid) ?? sid,
    async renew(sid) {
      const next = await sessions.renew(sid);
      await processes.endOwned(sid);
      return next;
    },
    async end(sid) {
      await Promise.all([sessions.end(sid), processes.endOwned(sid)]);
    },
  };
}

async function findOne<Service>(
  service: ServiceName,
  name: string,
  builtIn: Choice<Service>,
  load: ServicesOptions['load'],
): Promise<Make<Service>> {
  const known = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
  if (known) return known;
  const wrong = (what: string, cause?: unknown) =>
    new N2OError('N2O_SERVICE_LOAD', `${service} '${name}': ${what}`, { cause });
  const exports = await load(name).catch((thrown) => {
    throw wrong(reason(thrown), thrown);
  });
  if (typeof exports.default !== 'function') {
    throw wrong('exports no function by default that makes the service');
  }
  return exports.default as Make<Service>;
}
