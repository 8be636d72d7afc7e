/** A runtime that takes files, with services, and what clients say to it and hear from it. */
import {
  createFormatters,
  type Files,
  type FtpMessage,
  type ModuleDefinition,
  readFtp,
  type Services,
  writeFtp,
} from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { onTestFinished } from 'vitest';
import { createConversations } from '../../src/conversations/conversations.ts';
import { createFtp, type FtpOptions } from '../../src/protocols/ftp.ts';
import { createRuntime } from '../../src/runtime/runtime.ts';
import { createBusMq } from '../../src/services/mq/mq.ts';
import { createPickler } from '../../src/services/pickler/pickler.ts';
import { createStoreSessions } from '../../src/services/sessions/sessions.ts';
import { newFolder, start } from '../files/kept.ts';
import { type Line, logInto } from '../runtime/started.ts';

export interface Exchange {
  /** In a folder of their own, unless told otherwise. */
  readonly files: Files;
  readonly services: Services;
  readonly lines: readonly Line[];
  /** What server code has published, by topic. */
  readonly actions: readonly { readonly topic: string; readonly value: unknown }[];
  /** Says a value as BERT; resolves with what comes back, `undefined` for nothing. */
  say(value: unknown, client?: string): Promise<unknown>;
  /** Asks in N2O's form of today. */
  ask(message: Partial<FtpMessage>, client?: string): Promise<FtpMessage>;
}

const nothing: FtpMessage = {
  id: 't1',
  sid: '',
  name: 'f.txt',
  meta: 'x',
  size: 0,
  offset: 0,
  block: 1,
  data: new Uint8Array(),
  status: 'init',
  options: new Map(),
};

export async function startExchange(
  app: ModuleDefinition,
  options: FtpOptions & { readonly deadline?: number } = {},
): Promise<Exchange> {
  const formatters = createFormatters();
  const { bert } = formatters;
  const store = createMemoryStore();
  const { deadline = 10_000, ...given } = options;
  const files = given.files ?? start(await newFolder());
  const conversations = createConversations({ store });
  const pickler = createPickler({ secrets: ['ThisIsClassified'], legacy: false });
  const sessions = createStoreSessions({ store, pickler, prolong: false, ttl: 900_000 });
  const actions: { topic: string; value: unknown }[] = [];
  const bus = {
    async publish(topic: string, payload: Uint8Array) {
      actions.push({ topic, value: bert.decode(payload.slice()) });
    },
    tell: () => Promise.reject(new RangeError('tell')),
    subscribe: () => Promise.reject(new RangeError('subscribe')),
  };
  const services = { pickler, sessions, mq: createBusMq({ bus, store, formatters }) } as Services;
  const lines: Line[] = [];
  const runtime = await createRuntime({
    modules: new Map([['index', app]]),
    protocols: [createFtp({ files, ...given, conversations })],
    formatters,
    deadline,
    log: logInto(lines),
    provide: () => ({ services, close: () => Promise.resolve() }),
    conversations,
  });
  onTestFinished(async () => {
    await runtime.close(0);
    await store.close();
  });
  const say: Exchange['say'] = (value, client = 'c') =>
    new Promise((resolve) => {
      runtime.deliver({
        route: { client, module: 'index', version: '1', vnode: 7, user: '', token: '' },
        payload: bert.encode(value).slice(),
        qos: 1,
        dup: false,
        settle: (_, bytes) => resolve(bytes && bert.decode(bytes.slice())),
      });
    });
  return {
    files,
    services,
    lines,
    actions,
    say,
    async ask(message, client) {
      const answer = await say(writeFtp('ftp', { ...nothing, ...message }), client);
      const read = readFtp('ftpack', answer);
      if (read === undefined) throw new TypeError(`no ftpack: ${String(answer)}`);
      return read;
    },
  };
}
