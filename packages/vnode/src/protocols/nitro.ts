/** The nitro protocol: a page begins a conversation, and says what happened to its elements. */
import {
  type Answer,
  atom,
  type Context,
  Io,
  type Message,
  N2OError,
  type Protocol,
  Reply,
  Tuple,
  tuple,
  unknown,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import { provided } from '../runtime/provided.ts';
import { answerOf, ioOf, mannerOf, noData, type PageProtocolOptions } from './answer.ts';
import { textIn } from './envelope.ts';
import { begin, readInit, readText } from './init.ts';
import { runPickle } from './pickle.ts';
import { renew } from './renewal.ts';

const INIT = atom('init');
const PICKLE = atom('pickle');
const DIRECT = atom('direct');
const FLUSH = atom('flush');

/** Makes the nitro protocol. It throws N2O_EVENT_RESERVED at clients who say what is the server's to say. */
export function createNitro({ conversations }: PageProtocolOptions = {}): Protocol {
  return ({ format, value }, context) => {
    if (typeof value === 'string') {
      const beginning = format === 'text' ? readText(value) : undefined;
      return beginning ? begin(beginning, context, provided(conversations)) : unknown;
    }
    if (value instanceof Io) return reserved(context);
    return value instanceof Tuple ? ofTuple(value.items, format, context, conversations) : unknown;
  };
}

function ofTuple(
  items: readonly unknown[],
  format: Message['format'],
  context: Context,
  conversations: Conversations | undefined,
): Answer | Promise<Answer> {
  switch (items[0]) {
    case INIT: {
      const beginning = readInit(items, format);
      return beginning ? begin(beginning, context, provided(conversations)) : unknown;
    }
    case PICKLE:
      return items.length === 3 || items.length === 4
        ? pickle(items, context, provided(conversations))
        : unknown;
    case DIRECT:
      return items.length === 2 && context.app.event !== undefined
        ? direct(items[1], context, provided(conversations))
        : unknown;
    case FLUSH:
      if (context.origin !== 'server') return reserved(context);
      return items.length === 2 ? flush(items[1], context, provided(conversations)) : unknown;
    default:
      return unknown;
  }
}

async function pickle(
  [, , pickled, linked]: readonly unknown[],
  context: Context,
  conversations: Conversations,
): Promise<Answer> {
  const manner = await mannerOf(context, conversations);
  const token = await renew(context, conversations);
  return runPickle(pickled, linked, context, manner, token);
}

/** `{direct, Message}` is answered with `{direct, Result}`. */
async function direct(
  message: unknown,
  context: Context,
  conversations: Conversations,
): Promise<Answer> {
  const manner = await mannerOf(context, conversations);
  const result = await context.app.event?.(message, context);
  const answer = answerOf(context, manner, result);
  if (!(answer instanceof Reply) || !(answer.value instanceof Io)) return answer;
  const { eval: todo, data } = answer.value;
  return new Reply(new Io(todo, tuple(DIRECT, data)), answer.format);
}

/** `{flush, Code}` of server code lets a page do something. */
async function flush(
  code: unknown,
  context: Context,
  conversations: Conversations,
): Promise<Answer> {
  const manner = await mannerOf(context, conversations);
  const script = textIn(code);
  if (script) context.page.wire(script);
  return ioOf(context, manner, noData(manner));
}

/** @throws N2O_EVENT_RESERVED at a client */
function reserved({ origin }: Context): Answer {
  if (origin === 'server') return unknown;
  throw new N2OError('N2O_EVENT_RESERVED');
}
