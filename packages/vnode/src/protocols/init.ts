/** How a client begins a conversation: it shows its token, and is given the one of its session. */
import {
  atom,
  binary,
  type Context,
  type Format,
  N2OError,
  type Reply,
  type Runtime,
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
}

const TEXT = 'N2O,';
const TOKEN = atom('Token');

/** Reads `N2O,<token>[,<runtime>]`, which is answered in BERT; `undefined` for any other text. */
export function readText(text: string): Beginning | undefined {
  if (!text.startsWith(TEXT)) return undefined;
  const [token = '', runtime] = text.slice(TEXT.length).split(',');
  return { token, runtime: runtimeOf(runtime), format: 'bert' };
}

/** Reads what follows on the tag of `{init, Token[, Runtime]}`. */
export function readInit(items: readonly unknown[], format: Format): Beginning | undefined {
  const [, token, runtime] = items;
  const text = textIn(token) ?? (Array.isArray(token) && token.length === 0 ? '' : undefined);
  if (text === undefined || items.length > 3) return undefined;
  return { token: text, runtime: runtimeOf(textIn(runtime)), format };
}

/**
 * Finds the session of the token, else of the one that came with the connection, else a new one;
 * lets the module know, and answers with what it wants of the page and with the token.
 * @throws N2O_STORE_UNAVAILABLE, and what the module throws
 */
export async function begin(
  { token, runtime, format }: Beginning,
  context: Context,
  conversations: Conversations,
): Promise<Reply> {
  const identity = await context.services.sessions.authenticate(token || context.token);
  const manner = { runtime, format: context.app.formatter ?? format };
  context.session.adopt(identity);
  await conversations.begin(context, { identity, ...manner });
  await context.app.event?.('init', context);
  return ioOf(context, manner, tokenData(identity.token));
}

/** The data of an answer that gives the client a token: `{'Token', Token}`. */
export function tokenData(token: string): unknown {
  return tuple(TOKEN, binary(token));
}

/** @throws N2O_FORMAT_DECODE if there is no such runtime */
function runtimeOf(name: string | undefined): Runtime {
  if (name === undefined || name === '' || name === 'script') return 'script';
  if (name === 'instructions') return name;
  throw new N2OError('N2O_FORMAT_DECODE', `there is no runtime '${name.slice(0, 20)}'`);
}
