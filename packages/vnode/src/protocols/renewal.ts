/** Sessions of pages that are used go on, where the service for sessions prolongs them. */
import type { Context } from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';

/**
 * Prolongs the session of a client, now and then; returns its token where that has changed.
 * @throws N2O_STORE_UNAVAILABLE
 */
export async function renew(
  context: Context,
  conversations: Conversations,
): Promise<string | undefined> {
  if (!conversations.isAging(context)) return undefined;
  const conversation = await conversations.of(context);
  const identity = conversation?.identity;
  if (conversation === undefined || identity === undefined) return undefined;
  const next = await context.services.sessions.authenticate(identity.token);
  // Another session would be a new one: this one has ended meanwhile.
  if (next.sid !== identity.sid) return undefined;
  await conversations.begin(context, { ...conversation, identity: next });
  context.session.adopt(next);
  return next.token === identity.token ? undefined : next.token;
}
