/** What the workers make their services from, out of the options. */
import type { Logger } from '@n2o/shared';
import type { ServiceSettings } from '@n2o/vnode/workers';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { secretsOf } from './secret.ts';

/** @throws N2O_CONFIG_OPTION in production without a secret */
export async function servicesOf(
  options: Options,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
  log: Logger,
): Promise<ServiceSettings> {
  const { secret, store, legacyPickles, loginTtl, loginProlong } = options;
  const { auth, cache, fileService: files, kvs, mq, pickler, processes, session, timers } = options;
  const production = env.NODE_ENV === 'production';
  const secrets = await secretsOf({ secret, store, cwd: cwd(), production }, log);
  const names = { auth, cache, files, kvs, mq, pickler, processes, session, timers };
  return { secrets, legacyPickles, loginTtl, loginProlong, names };
}
