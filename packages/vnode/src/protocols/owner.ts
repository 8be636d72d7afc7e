/** Whose a button is: of the session that it was rendered for, and of nobody who has only seen it. */
import type { Context, Identity } from '@n2o/shared';

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
  const identity = await session.identity();
  if (identity !== undefined && owner === ownerOf(identity, context)) {
    const found = await sessions.find(identity.token);
    if (found !== undefined) session.adopt(found);
    return found !== undefined;
  }
  const brought = token === '' ? undefined : await sessions.find(token);
  return brought !== undefined && owner === ownerOf(brought, context);
}
