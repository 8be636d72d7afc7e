/** How a client begins a conversation: it shows its token, and is given the one of its session. */
import {
  atom,
  binary,
  type Context,
  type Format,
  type Identity,
  Io,
  isQuery,
  type Message,
  N2OError,
  QUERY_LIMIT,
  type Reply,
  type Runtime,
  Tuple,
  tuple,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import { ioOf } from './answer.ts';
import { textIn } from './envelope.ts';

/** What a client says to begin. */
export interface Beginning {
  readonly token: string;
  readonly runtime: Runtime;
  /** In which it is spoken to. */
  readonly format: Format;
  /** Of the page's address. */
  readonly query: string;
}

const TEXT = 'N2O,';
const INIT = atom('init');
const TOKEN = atom('Token');
const AUTH = atom('Auth');

/**
 * Reads `N2O,<token>[,<runtime>[,<query>]]`, which is answered in BERT; `undefined` for any other text.
 * @throws N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT for a runtime or query that is none
 */
export function readText(text: string): Beginning | undefined {
  if (!text.startsWith(TEXT)) return undefined;
  const [token = '', runtime, ...query] = text.slice(TEXT.length).split(',');
  return { token, runtime: runtimeOf(runtime), format: 'bert', query: queryOf(query.join(',')) };
}

/** Reads what follows on the tag of `{init, Token[, Runtime[, Query]]}`. @throws as `readText` */
export function readInit(items: readonly unknown[], format: Format): Beginning | undefined {
  const [, token, runtime, query] = items;
  const text = textIn(token) ?? (Array.isArray(token) && token.length === 0 ? '' : undefined);
  if (text === undefined || items.length > 4) return undefined;
  const asked = queryOf(textIn(query) ?? '');
  return { token: text, runtime: runtimeOf(textIn(runtime)), format, query: asked };
}

/** Will it begin a conversation, so that what is known of an earlier one does not matter? */
export function isBeginning({ value }: Pick<Message, 'value'>): boolean {
  if (typeof value === 'string') return value.startsWith(TEXT);
  return value instanceof Tuple && value.items[0] === INIT;
}

/**
 * Finds the session of the token, else of the one that came with the connection, else a new one;
 * lets the module know, and answers with what it wants of the page and with the token.
 * @throws N2O_STORE_UNAVAILABLE, and what the module throws
 */
export async function begin(
  { token, runtime, format, query }: Beginning,
  context: Context,
  conversations: Conversations,
): Promise<Reply> {
  const identity = await authenticate(token, context);
  const manner = { runtime, format: context.app.formatter ?? format };
  context.session.adopt(identity);
  await conversations.begin(context, { identity, ...manner, query });
  await context.app.event?.('init', context);
  return ioOf(context, manner, tokenData(identity.token));
}

/** A token that leads nowhere is none: its session may have got another one, which the browser has in a cookie. */
async function authenticate(shown: string, { token, services }: Context): Promise<Identity> {
  const { sessions } = services;
  const isDoubtful = shown !== '' && token !== '' && shown !== token;
  const isNone = isDoubtful && (await sessions.find(shown)) === undefined;
  return sessions.authenticate(isNone ? token : shown || token);
}

/** The data of an answer that gives the client a token: `{'Token', Token}`. */
export function tokenData(token: string): unknown {
  return tuple(TOKEN, binary(token));
}

/**
 * What a client is told whose session goes on under another token, besides all answers: N2O's clients
 * keep the token of `{'Auth', Token}` too, and ours never take that for an answer.
 */
export function renewed(token: string): Io {
  return new Io(binary(''), tuple(AUTH, binary(token)));
}

/** @throws N2O_FORMAT_LIMIT, N2O_FORMAT_DECODE for what cannot stand in an address */
function queryOf(text: string): string {
  if (isQuery(text)) return text;
  if (text.length > QUERY_LIMIT) {
    throw new N2OError('N2O_FORMAT_LIMIT', `the query is longer than ${QUERY_LIMIT} characters`);
  }
  throw new N2OError('N2O_FORMAT_DECODE', 'the query is none that an address can have');
}

/** @throws N2O_FORMAT_DECODE if there is no such runtime */
function runtimeOf(name: string | undefined): Runtime {
  if (name === undefined || name === '' || name === 'script') return 'script';
  if (name === 'instructions') return name;
  throw new N2OError('N2O_FORMAT_DECODE', `there is no runtime '${name.slice(0, 20)}'`);
}
