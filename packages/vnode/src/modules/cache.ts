/** Where transformed sources are kept from one start to the next. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder in the user's own cache (`$XDG_CACHE_HOME/n2o`, else `~/.cache/n2o`), or `false` when
 * the user has no home. Never a shared place such as `/tmp`: what lies in it is executed.
 */
export function cacheFolder(): string | false {
  const caches = process.env.XDG_CACHE_HOME;
  if (caches) return join(caches, 'n2o');
  try {
    return join(homedir(), '.cache', 'n2o');
  } catch {
    return false; // a container may run as a user that /etc/passwd does not know
  }
}
