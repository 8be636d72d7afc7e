/** What the services of a host are built on, where it has both. */
import type { HostSettings } from '../host.ts';
import type { Resources } from '../resources.ts';

export function resourcesOf({ store, bus }: HostSettings): Resources | undefined {
  return store && bus && { store, bus };
}
