/** A host whose handlers run in worker threads, each of which serves some of the vnodes. */
import { createFormatters, N2OError } from '@n2o/shared';
import type { EffectLimits } from '../effects/effect.ts';
import type { Host, HostSettings } from '../host.ts';
import { createFrames } from '../pool/frames.ts';
import { Thread, type ThreadOptions } from '../pool/thread.ts';
import { createKeeper, effectsStatus } from './keeper.ts';
import { resourcesOf } from './resources.ts';

/** @throws N2O_MODULE_LOAD, N2O_WORKER_FAILED */
export async function hostInWorkers(
  settings: HostSettings,
  workers: number,
): Promise<Omit<Host, 'own' | 'highestEpoch'>> {
  const threadOf = (vnode: number) => threads[(vnode - 1) % workers] as Thread;
  const keeper = createKeeper(settings, (vnode) => threadOf(vnode).forget(vnode));
  const options: Omit<ThreadOptions, 'number'> = {
    settings: workerSettings(settings),
    slots: settings.slots,
    watchdog: settings.watchdog,
    log: settings.log,
    dial: settings.dial,
    resources: resourcesOf(settings),
    frame: createFrames(createFormatters(), settings.protocols),
    settle: keeper
      ? (event, outcome, bytes, effect) => keeper.settle(event, outcome, bytes, effect)
      : (event, outcome, bytes) => event.settle(outcome, bytes),
    load: (client, vnode) =>
      keeper?.load(client, vnode) ?? Promise.reject(new N2OError('N2O_STORE_UNAVAILABLE')),
  };
  const threads = Array.from({ length: workers }, (_, i) => {
    return new Thread({ ...options, number: i + 1 });
  });
  const close = async () => {
    await Promise.all(threads.map((thread) => thread.close()));
    await keeper?.close();
  };
  const [first, ...others] = threads;
  // The first one fills the cache of transformed sources, which is what takes time.
  const started = await Promise.allSettled([first?.start()]);
  if (started[0]?.status === 'fulfilled') {
    started.push(...(await Promise.allSettled(others.map((thread) => thread.start()))));
  }
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  return {
    get workers() {
      return threads.map(({ status }) => status);
    },
    get effects() {
      return effectsStatus(
        keeper,
        threads.map(({ status }) => status.known),
      );
    },
    deliver: (event) => threadOf(event.route.vnode).deliver(event),
    forget: (vnode) => keeper?.forget(vnode),
    async reload() {
      await Promise.all(threads.map((thread) => thread.reload()));
    },
    close,
    kill: (worker) => threads[worker]?.kill() ?? Promise.resolve(),
    [Symbol.asyncDispose]: close,
  };
}

function workerSettings(settings: HostSettings): ThreadOptions['settings'] {
  const { folder, protocols, deadline, mailboxLimit, exposeErrors, alias, watchdog } = settings;
  const pulse = Math.max(5, watchdog / 16);
  const effects = settings.store && limitsOf(settings);
  const store = resourcesOf(settings)?.store;
  const resources = store && { durable: store.durable, follows: store.follow !== undefined };
  const { services, files, browserFiles } = settings;
  const application = { folder, protocols, deadline, mailboxLimit, exposeErrors, alias };
  return { ...application, pulse, effects, resources, services, files, browserFiles };
}

/** The bounds alone: the rest of the settings does not travel to another thread. */
function limitsOf(settings: HostSettings): EffectLimits {
  const { effectTtl, effectCount, effectBytes, effectMemory, stateBytes } = settings;
  return { effectTtl, effectCount, effectBytes, effectMemory, stateBytes };
}
