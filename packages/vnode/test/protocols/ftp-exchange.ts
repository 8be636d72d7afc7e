/** What clients that send files say to a runtime with services, and hear from it. */
import {
  type Files,
  type FtpMessage,
  type Identity,
  type ModuleDefinition,
  readFtp,
  type Services,
  writeFtp,
} from '@n2o/shared';
import { createFtp, type FtpOptions } from '../../src/protocols/ftp.ts';
import { newFolder, start } from '../files/kept.ts';
import { formatters, type Line } from '../runtime/started.ts';
import { startPages } from './pages.ts';

export interface Exchange {
  /** In a folder of their own, unless told otherwise. */
  readonly files: Files;
  readonly services: Services;
  readonly lines: readonly Line[];
  /** What server code has published, by topic. */
  readonly actions: readonly { readonly topic: string; readonly value: unknown }[];
  /** Says a value as BERT; resolves with what comes back, `undefined` for nothing. */
  say(value: unknown, client?: string): Promise<unknown>;
  /** A client has begun a conversation with a session. */
  begin(identity: Identity, client: string): Promise<void>;
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
  { deadline = 10_000, ...options }: FtpOptions & { readonly deadline?: number } = {},
): Promise<Exchange> {
  const files = options.files ?? start(await newFolder());
  const { services, lines, actions, ...pages } = await startPages({
    modules: { index: app },
    deadline,
    protocols: (has) => [createFtp({ files, ...options, ...has })],
  });
  const say: Exchange['say'] = async (value, client = 'c') =>
    (await pages.say(formatters.bert.encode(value).slice(), { client })).value;
  return {
    files,
    services,
    lines,
    actions,
    say,
    begin: (identity, client) =>
      pages.conversations.begin(
        { client, vnode: 0 },
        { identity, runtime: 'instructions', format: 'bert', query: '' },
      ),
    async ask(message, client) {
      const answer = await say(writeFtp('ftp', { ...nothing, ...message }), client);
      const read = readFtp('ftpack', answer);
      if (read === undefined) throw new TypeError(`no ftpack: ${String(answer)}`);
      return read;
    },
  };
}
