/** A host whose handlers run in the thread that it was made in. */
import { createFormatters } from '@n2o/shared';
import { startApplication } from '../application.ts';
import { AttendedEvent, attend } from '../effects/attended.ts';
import type { Host, HostSettings } from '../host.ts';
import { createKeeper, effectsStatus } from './keeper.ts';
import { resourcesOf } from './resources.ts';

/** @throws N2O_MODULE_LOAD */
export async function hostInThisThread(settings: HostSettings): Promise<Omit<Host, 'own'>> {
  const keeper = createKeeper(settings, (vnode) => application.forget(vnode));
  const application = await startApplication({
    ...settings,
    formatters: createFormatters(),
    keeping: keeper && attend(keeper),
    limits: settings,
    resources: resourcesOf(settings),
  });
  const close = async () => {
    await application.close();
    await keeper?.close();
  };
  return {
    workers: [],
    get effects() {
      return effectsStatus(keeper, [application.known]);
    },
    deliver: (event) => application.deliver(keeper ? new AttendedEvent(event, keeper) : event),
    forget: (vnode) => keeper?.forget(vnode),
    reload: () => application.reload(),
    close,
    kill: () => Promise.resolve(),
    [Symbol.asyncDispose]: close,
  };
}
