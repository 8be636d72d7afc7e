/** A host whose handlers run in the thread that it was made in. */
import { createFormatters, type Event } from '@n2o/shared';
import { startApplication } from '../application.ts';
import { AttendedEvent, attend } from '../effects/attended.ts';
import type { Host, HostSettings } from '../host.ts';
import { createKeeper, effectsStatus } from './keeper.ts';
import { resourcesOf } from './resources.ts';

/** @throws N2O_MODULE_LOAD */
export async function hostInThisThread(
  settings: HostSettings,
): Promise<Omit<Host, 'own' | 'highestEpoch'>> {
  const keeper = createKeeper(settings, (vnode) => application.forget(vnode));
  const application = await startApplication({
    ...settings,
    formatters: createFormatters(),
    keeping: keeper && attend(keeper),
    limits: settings,
    resources: resourcesOf(settings),
  });
  const deliver = (event: Event) =>
    application.deliver(keeper ? new AttendedEvent(event, keeper) : event);
  const together = gather(deliver);
  const close = async () => {
    await application.close();
    await keeper?.close();
  };
  return {
    workers: [],
    get effects() {
      return effectsStatus(keeper, [application.known]);
    },
    deliver: (event) => (event.route.origin === 'http' ? together(event) : deliver(event)),
    forget: (vnode) => keeper?.forget(vnode),
    reload: () => application.reload(),
    close,
    kill: () => Promise.resolve(),
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Lets the requests of a turn of the event loop begin together, when all of them are read. Steps that
 * are the same come one behind the other then, which takes about half the time of one request after
 * the other.
 */
function gather(deliver: (event: Event) => void): (event: Event) => void {
  let waiting: Event[] = [];
  const begin = () => {
    const events = waiting;
    waiting = [];
    for (const event of events) deliver(event);
  };
  return (event) => {
    if (waiting.push(event) === 1) setImmediate(begin);
  };
}
