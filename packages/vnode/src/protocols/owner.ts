/** Whose a button is: of the session that it was rendered for, and of nobody who has only seen it. */
import { type Context, type Identity, N2OError } from '@n2o/shared';

/** What names an owner is a secret of the server's: it travels in pickles alone. One letter tells the two kinds apart. */
export function ownerOf(
  identity: (Pick<Identity, 'sid'> & Partial<Identity>) | undefined,
  { client, services }: Pick<Context, 'client' | 'services'>,
): string {
  if (identity === undefined) return `c${client}`;
  const { sid } = identity;
  return `s${services.sessions.bondOf?.(sid) ?? sid}`;
}

/**
 * Names the owner of what a client keeps here. What is known of a client may be of a session that has
 * ended since, or goes on under another name, with somebody else: that one has nothing here any more.
 * @throws N2O_SESSION_NONE when it has ended, N2O_STORE_UNAVAILABLE
 */
export async function lastingOwnerOf(
  identity: (Pick<Identity, 'sid'> & Partial<Identity>) | undefined,
  at: Pick<Context, 'client' | 'services'>,
): Promise<string> {
  const { token } = identity ?? {};
  if (token !== undefined && (await at.services.sessions.find(token)) === undefined) {
    throw new N2OError('N2O_SESSION_NONE', 'the session has ended');
  }
  return ownerOf(identity, at);
}

/**
 * Whether the client may press a button of this owner: it is the client's own, or its session's while
 * that lasts. A browser has also the session that came with its connection: its page may be of that
 * one, and yet show another token. Sets the session as it was found, so that reading it costs nothing more.
 * @param owner `undefined` for what was rendered for everybody
 * @throws N2O_STORE_UNAVAILABLE
 */
export async function isOwn(owner: string | undefined, context: Context): Promise<boolean> {
  if (owner === undefined || owner === ownerOf(undefined, context)) return true;
  const { session, token } = context;
  const { sessions } = context.services;
  const identity = await session.believed();
  if (identity !== undefined && owner === ownerOf(identity, context)) {
    const found = await sessions.find(identity.token);
    if (found !== undefined) session.adopt(found);
    return found !== undefined;
  }
  const brought = token === '' ? undefined : await sessions.find(token);
  return brought !== undefined && owner === ownerOf(brought, context);
}
