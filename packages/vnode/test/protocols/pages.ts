/** A runtime with services, for modules that have pages, and what it is sent. */
import {
  atom,
  type Bus,
  binary,
  createBert,
  type Event,
  type HttpRequest,
  type HttpResponse,
  type Kvs,
  type ModuleDefinition,
  N2OError,
  type Outcome,
  type Protocol,
  type Route,
  readResponse,
  type Services,
  tuple,
  writeRequest,
} from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { onTestFinished } from 'vitest';
import type { Conversations } from '../../src/conversations/conversation.ts';
import { createConversations } from '../../src/conversations/conversations.ts';
import type { PageProtocolOptions } from '../../src/protocols/answer.ts';
import { DEFAULT_PROTOCOLS } from '../../src/protocols/defaults.ts';
import { resolveProtocols } from '../../src/protocols/protocols.ts';
import { createRuntime } from '../../src/runtime/runtime.ts';
import { createBusMq } from '../../src/services/mq/mq.ts';
import { createPickler } from '../../src/services/pickler/pickler.ts';
import { createStoreSessions } from '../../src/services/sessions/sessions.ts';
import { formatters, type Line, logInto } from '../runtime/started.ts';

/** How an event ended. */
export interface Ended {
  readonly outcome: Outcome;
  readonly bytes: Uint8Array | undefined;
  /** What the bytes say, read as whoever gets them would. */
  readonly value: unknown;
  readonly format: string | undefined;
}

export interface PagesOptions {
  /** Modules by name; clients speak to `index` unless told otherwise. */
  readonly modules: Readonly<Record<string, ModuleDefinition>>;
  readonly prolong?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly exposeErrors?: boolean;
  readonly browserFiles?: string;
  readonly deadline?: number;
  readonly kvs?: Kvs;
  /** Names, by default all; or what makes them. */
  readonly protocols?: readonly string[] | ((has: PageProtocolOptions) => readonly Protocol[]);
  /** `false` for a host without services. */
  readonly services?: false;
}

export interface Pages {
  readonly services: Services;
  readonly conversations: Conversations;
  readonly lines: readonly Line[];
  /** What server code has published, by topic. */
  readonly actions: readonly { readonly topic: string; readonly value: unknown }[];
  /** Sends a payload, or a value as BERT. */
  say(message: unknown, route?: Partial<Route>): Promise<Ended>;
  /** Asks as the HTTP port does. */
  get(request: Partial<HttpRequest>): Promise<HttpResponse<Uint8Array>>;
}

const bert = createBert();

/** Starts a runtime with all protocols, which is closed when the test is over. */
export async function startPages(options: PagesOptions): Promise<Pages> {
  const lines: Line[] = [];
  const store = createMemoryStore();
  const { now = Date.now } = options;
  const actions: Pages['actions'][number][] = [];
  const bus: Bus = {
    async publish(topic, payload) {
      actions.push({ topic, value: bert.decode(payload.slice()) });
    },
    tell: () => Promise.resolve(),
    subscribe: () => Promise.resolve({ unsubscribe: () => Promise.resolve() }),
  };
  const services = servicesOf(options, store, bus);
  const conversations = createConversations({ store, now });
  const { modules, exposeErrors = false, deadline = 10_000 } = options;
  const { protocols = DEFAULT_PROTOCOLS } = options;
  const has = options.services === false ? {} : { conversations };
  const runtime = await createRuntime({
    modules: new Map(Object.entries(modules)),
    protocols:
      typeof protocols === 'function'
        ? protocols(has)
        : await resolveProtocols(protocols, {
            load: (name) => Promise.reject(new RangeError(name)),
            exposeErrors,
            browserFiles: options.browserFiles,
            ...has,
          }),
    formatters,
    deadline,
    exposeErrors,
    log: logInto(lines),
    provide: () => ({ services, close: () => Promise.resolve() }),
    conversations,
  });
  onTestFinished(async () => {
    await runtime.close(0);
    await store.close();
  });

  const say: Pages['say'] = (message, route = {}) =>
    new Promise((resolve) => {
      runtime.deliver({
        ...eventOf(message),
        route: { ...ROUTE, ...route },
        settle: (outcome, bytes) => resolve(ended(outcome, bytes)),
      });
    });
  return {
    services,
    conversations,
    lines,
    actions,
    say,
    async get(request) {
      const asked = writeRequest({ ...REQUEST, ...request });
      const module = request.resource ?? REQUEST.resource;
      const { value } = await say(asked, { origin: 'http', client: 'browser', module });
      const response = readResponse(value);
      if (response === undefined) throw new TypeError(`no response: ${String(value)}`);
      return response;
    },
  };
}

const ROUTE: Route = {
  client: 'c',
  module: 'index',
  version: '1',
  vnode: 7,
  user: '',
  token: '',
};

const REQUEST: HttpRequest = {
  kind: 'app',
  scheme: 'http',
  method: 'GET',
  path: '/app/index',
  query: '',
  headers: new Map(),
  body: binary(''),
  resource: 'index',
  id: '',
};

function servicesOf(
  { prolong = false, kvs, now = Date.now }: PagesOptions,
  store: ReturnType<typeof createMemoryStore>,
  bus: Bus,
): Services {
  const pickler = createPickler({ secrets: ['ThisIsClassified'], legacy: true });
  const sessions = createStoreSessions({ store, pickler, prolong, ttl: 900_000, now });
  const missing = (): never => {
    throw new N2OError('N2O_SERVICE_MISSING');
  };
  const mq = createBusMq({ bus, store, formatters });
  return {
    pickler,
    sessions,
    get auth() {
      return missing();
    },
    get cache() {
      return missing();
    },
    get files() {
      return missing();
    },
    get kvs() {
      return kvs ?? missing();
    },
    mq,
    get processes() {
      return missing();
    },
    get timers() {
      return missing();
    },
  } as Services;
}

function eventOf(message: unknown): Pick<Event, 'payload' | 'qos' | 'dup'> {
  const payload =
    typeof message === 'string'
      ? binary(message)
      : message instanceof Uint8Array
        ? message
        : bert.encode(message).slice();
  return { payload, qos: 1, dup: false };
}

function ended(outcome: Outcome, bytes: Uint8Array | undefined): Ended {
  if (bytes === undefined) return { outcome, bytes, value: undefined, format: undefined };
  const { value, format } = formatters.decode(bytes.slice());
  return { outcome, bytes, value, format };
}

/** `{Tag, Items…}`, as BERT has N2O's messages. */
export function say(tag: string, ...items: readonly unknown[]): unknown {
  return tuple(atom(tag), ...items);
}
