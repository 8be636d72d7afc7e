/** The name under which the outcome of an event is remembered. */
import { hash } from 'node:crypto';

/** Characters of a name: 132 bits. */
export const NAME_LENGTH = 22;

/**
 * Names an event of a client by its module, its key and its payload: who counts from 1 again under
 * the same client id, but says something else, is not given the replies of before.
 * @param payload `undefined` where the key alone decides
 */
export function nameOf(module: string, key: string, payload: Uint8Array = NOTHING): string {
  // A module has no line break in its name: it is a level of a topic and the name of a file.
  const head = `${module}\n${key.length}\n${key}`;
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(head) + payload.length);
  bytes.set(payload, bytes.write(head));
  return hash('sha256', bytes, 'base64url').slice(0, NAME_LENGTH);
}

const NOTHING = new Uint8Array();
