/** The key of a message, put where the server looks for it. */
import { type Format, N2OError } from '@n2o/shared';

const MEMBER = 'idempotencyKey';

/**
 * A message with a key, as a member of it; the message itself without one.
 *
 * @param format in which it will be written; `undefined` for the one that it has by its type
 * @throws N2OError `N2O_FORMAT_ENCODE` where it has no place in the message
 */
export function withKey(
  message: unknown,
  key: string | number | undefined,
  format: Format | undefined,
): unknown {
  if (key === undefined) return message;
  if (key !== '' && (format === undefined || format === 'json' || format === 'bert')) {
    if (message instanceof Map) return new Map([...message, [MEMBER, key]]);
    if (isPlain(message)) return { ...message, [MEMBER]: key };
  }
  const text = 'a key that is not empty can be put into an object or a map, in JSON or BERT';
  throw new N2OError('N2O_FORMAT_ENCODE', text);
}

function isPlain(message: unknown): message is object {
  if (typeof message !== 'object' || message === null) return false;
  const prototype: unknown = Object.getPrototypeOf(message);
  return prototype === null || prototype === Object.prototype;
}
