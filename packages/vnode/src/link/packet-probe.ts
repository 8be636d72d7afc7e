/** Whether a broker takes a packet of some size, tried out on a connection of its own. */
import { randomUUID } from 'node:crypto';
import type { Line } from './line.ts';
import { type LineSettings, openLine } from './open-line.ts';
import { HEAD } from './send-limit.ts';
import { presenceTopic } from './words.ts';

/**
 * @param host its name
 * @returns `undefined` where the broker does not take small ones either, cannot be reached, or is too slow
 */
export async function takesPacket(
  settings: LineSettings,
  host: string,
  bytes: number,
): Promise<boolean | undefined> {
  const taken = await attempt(settings, host, bytes);
  // A connection may end for other reasons as well, though hardly twice at this point.
  return taken === false ? attempt(settings, host, bytes) : taken;
}

async function attempt(
  settings: LineSettings,
  host: string,
  bytes: number,
): Promise<boolean | undefined> {
  const client = `n2o-host-${host}-${randomUUID().slice(0, 8)}-size`;
  const line = await openLine(
    { ...settings, client, clean: true },
    { publish() {}, closed() {} },
  ).catch(() => undefined);
  if (line === undefined) return undefined;
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    line.drop();
  }, settings.connectTimeout);
  line.resume();
  // Nobody listens there.
  const topic = `${presenceTopic(host)}/size`;
  const small = await passes(line, topic, 0);
  const size = Math.max(0, bytes - HEAD - Buffer.byteLength(topic));
  const taken = small && (await passes(line, topic, size));
  clearTimeout(late);
  await line.end();
  return small && !isLate ? taken : undefined;
}

async function passes({ dialogue }: Line, topic: string, bytes: number): Promise<boolean> {
  return dialogue.publish(topic, Buffer.alloc(bytes), 1, false).then(
    () => true,
    () => false,
  );
}
