/** What a page's module hears when the page is gone. */
import { binary, eventsTopic } from '@n2o/shared';
import type { Settings, Will } from '../settings.ts';

/** For a broker: N2O's WebSocket tells the module by itself. */
export function goodbyeOf({ version, node, id }: Settings, module: string): Will {
  const topic = eventsTopic(version, node, module, id);
  return { topic, payload: binary('BYE'), qos: 0, retain: false };
}
