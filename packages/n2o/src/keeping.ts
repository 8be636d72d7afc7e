/** Opens the store that the options name, waits for one that is not there yet, and tells how it is. */
import { setTimeout as elapsed } from 'node:timers/promises';
import { createStatusServer } from '@n2o/broker';
import { type Logger, N2OError, type Store } from '@n2o/shared';
import { isRedisUrl, openStore } from '@n2o/store';
import { masked } from './config/secret.ts';
import type { ServerOptions } from './options.ts';

/** Why something is not ready whose store cannot be reached. */
export const UNREACHABLE = 'the store does not answer';

/** Milliseconds until a store that was lost is read again. */
const RETRY = 1_000;

/** What a store is opened by, and where it is told meanwhile that it is waited for. */
export type KeepingOptions = Pick<
  ServerOptions,
  'store' | 'storePrefix' | 'storeSync' | 'host' | 'httpPort'
>;

/** A store that is open. */
export interface Keeping {
  readonly store: Store;
  /** Why it is waited for; `undefined` while it can be reached. */
  notReady(): string | undefined;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Resolves when the store is there. Redis is waited for, and `/readyz` says so.
 * @param signal gives up waiting
 * @throws N2O_STORE_UNAVAILABLE for a folder that cannot be opened
 */
export async function startKeeping(
  options: KeepingOptions,
  log: Logger,
  signal?: AbortSignal,
): Promise<Keeping> {
  const { store: url, storePrefix: prefix, storeSync: sync } = options;
  if (url === 'broker') {
    throw new N2OError(
      'N2O_CONFIG_OPTION',
      'store: only a vnode host may use the store of a broker',
    );
  }
  const place = masked(url);
  let isOpen = false;
  let down: N2OError | undefined;
  let waiting: ReturnType<typeof tellOfWaiting> | undefined;
  const onState = (error: N2OError | undefined) => {
    if (error) {
      log.error({ store: place, reason: error.message }, 'store cannot be reached, trying again');
      if (!isOpen) waiting ??= tellOfWaiting(options, log);
    } else if (down) log.info({ store: place }, 'store can be reached');
    down = error;
  };
  try {
    const store = await openStore(url, { prefix, sync, onState, ...(signal && { signal }) });
    isOpen = true;
    return {
      store,
      notReady: () => (down ? UNREACHABLE : undefined),
      close: () => store.close(),
    };
  } catch (cause) {
    throw explained(cause, place);
  } finally {
    await (await waiting)?.close();
  }
}

/**
 * Starts what reads the whole store first; again, as long as Redis is lost while it does so.
 * @param signal gives up
 * @throws what starting throws for another reason, or with a store that does not come back by itself
 */
export async function outlasting<Started>(
  start: () => Promise<Started>,
  options: KeepingOptions,
  log: Logger,
  signal?: AbortSignal,
): Promise<Started> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const isLost = error instanceof N2OError && error.code === 'N2O_STORE_UNAVAILABLE';
      if (!isLost || !isRedisUrl(options.store) || signal?.aborted) throw error;
      log.error({ reason: error.message }, 'store was lost while it was read, trying again');
      const waiting = await tellOfWaiting(options, log);
      await elapsed(RETRY, undefined, { signal }).catch(() => {});
      await waiting?.close();
      if (signal?.aborted) throw error;
    }
  }
}

/** The port of the broker that is to come answers already, if it can. */
async function tellOfWaiting({ host, httpPort }: KeepingOptions, log: Logger) {
  if (httpPort === 'off' || httpPort === 0) return undefined;
  const status = { notReady: () => UNREACHABLE, metrics: () => '' };
  return createStatusServer({ host, port: httpPort, log }, status).catch((error: unknown) => {
    log.warn({ err: error }, 'nobody is told that the store is waited for');
    return undefined;
  });
}

function explained(cause: unknown, place: string): unknown {
  if (!(cause instanceof N2OError) || cause.code !== 'N2O_STORE_UNAVAILABLE') return cause;
  const hint = isRedisUrl(place) ? '' : '; --store names another, or memory';
  return new N2OError('N2O_STORE_UNAVAILABLE', `${cause.message}${hint}`, { cause });
}
