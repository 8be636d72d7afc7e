/** Whose files a message is about. */
import { type Context, type FtpMessage, type Identity, N2OError } from '@n2o/shared';
import { lastingOwnerOf, ownerOf as nameOf } from './owner.ts';

/**
 * The session that the message shows the token of, as N2O's browser files do; else that of the
 * client; else, for a client that has none, the client itself.
 * @throws N2O_SESSION_NONE when its session has ended, N2O_STORE_UNAVAILABLE
 */
export async function ownerOf({ sid: token }: FtpMessage, context: Context): Promise<string> {
  const own = await identityOf(context);
  if (token === '' || token === own?.token) return lastingOwnerOf(own, context);
  const shown = await context.services.sessions.find(token);
  return shown === undefined ? lastingOwnerOf(own, context) : nameOf(shown, context);
}

/** A host without sessions has clients without them. */
async function identityOf(context: Context): Promise<Identity | undefined> {
  try {
    return await context.session.believed();
  } catch (thrown) {
    if (thrown instanceof N2OError && thrown.code === 'N2O_SERVICE_MISSING') return undefined;
    throw thrown;
  }
}
