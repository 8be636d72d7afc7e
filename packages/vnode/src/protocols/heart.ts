/** The heart protocol: a client asks whether anybody is there, and one that leaves is missed. */
import {
  type Answer,
  type Context,
  isPageId,
  nothing,
  type Protocol,
  reply,
  unknown,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import type { PageProtocolOptions } from './answer.ts';
import { isThenable } from './thenable.ts';

/**
 * Makes the heart protocol. It answers `PING` with `PONG`, and takes an empty text for a sign of life
 * that needs no answer. `BYE` is said for a client that is gone: its module is told, and nobody is
 * answered.
 */
export function createHeart({ conversations }: PageProtocolOptions = {}): Protocol {
  return ({ format, value }, context) => {
    if (format !== 'text') return unknown;
    switch (value) {
      case 'PING':
        return reply('PONG', 'text');
      case 'BYE':
        return conversations !== undefined && isPageId(context.client)
          ? endForGood(context, conversations)
          : end(context);
      default:
        return value === '' ? nothing : unknown;
    }
  };
}

/** N2O's `event(terminate)`. */
function end(context: Context): Answer | Promise<Answer> {
  const result = context.app.event?.('terminate', context);
  return isThenable(result) ? Promise.resolve(result).then(() => nothing) : nothing;
}

/** The page comes back as another client, if it does: with its token, and a conversation that it begins. */
async function endForGood(context: Context, conversations: Conversations): Promise<Answer> {
  try {
    return await end(context);
  } finally {
    await conversations.end(context);
  }
}
