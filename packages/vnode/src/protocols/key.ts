/** The key of an event: what makes it one and the same each time that it is sent. */
import type { Context, Message, Protocol } from '@n2o/shared';
import { isNamed, textIn } from './envelope.ts';

/** A protocol whose messages say by themselves which of them are the same. */
export interface KeyedProtocol extends Protocol {
  /** The key of a message, `undefined` where it has none or is none of the protocol's own. */
  readonly key?: (message: Message, context: Context) => string | undefined;
}

/** The member of an object or map that is its key. */
const MEMBER = 'idempotencyKey';

/** What the module says, else the first protocol that knows a key; an empty one is none. */
export function keyOf(
  protocols: readonly KeyedProtocol[],
  message: Message,
  context: Context,
): string | undefined {
  const { app } = context;
  if (app.key !== undefined) return keyIn(app.key(message.value, context));
  for (const { key } of protocols) {
    const found = key?.(message, context);
    if (found) return found;
  }
  return undefined;
}

/** The key that the sender of an object, or of a map as BERT has them, has put into it. */
export function memberKey({ value }: Message): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!(value instanceof Map)) {
    return Object.hasOwn(value, MEMBER)
      ? keyIn((value as Readonly<Record<string, unknown>>)[MEMBER])
      : undefined;
  }
  for (const [name, key] of value) if (isNamed(name, MEMBER)) return keyIn(key);
  return undefined;
}

/** Keys are text or numbers, in whichever form BERT has for them. */
export function keyIn(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return textIn(value) || undefined;
}
