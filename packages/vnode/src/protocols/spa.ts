/** The spa protocol: clients speak to the application, and the server to its clients. */
import {
  type Answer,
  atom,
  type Context,
  N2OError,
  nothing,
  type Protocol,
  Tuple,
  unknown,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import { provided } from '../runtime/provided.ts';
import { answerOf, mannerOf, type PageProtocolOptions } from './answer.ts';

const CLIENT = atom('client');
const SERVER = atom('server');

/** Makes the spa protocol: `{client, Message}`, and `{server, Message}` from server code alone. */
export function createSpa({ conversations }: PageProtocolOptions = {}): Protocol {
  return ({ value }, context) => {
    if (!(value instanceof Tuple) || value.length !== 2) return unknown;
    const [tag, message] = value.items;
    const { app } = context;
    if (tag === SERVER && context.origin !== 'server') throw new N2OError('N2O_EVENT_RESERVED');
    const handler = tag === CLIENT ? app.client : tag === SERVER ? app.server : undefined;
    if (handler === undefined) return unknown;
    return run(() => handler.call(app, message, context), context, provided(conversations));
  };
}

/** A handler that returns nothing, and asks nothing of the page, is not answered. */
async function run(
  handle: () => unknown,
  context: Context,
  conversations: Conversations,
): Promise<Answer> {
  const manner = await mannerOf(context, conversations);
  const result = await handle();
  return result === undefined && context.page.isEmpty ? nothing : answerOf(context, manner, result);
}
