/** The keys of JSON-RPC: the id of a request, those of its requests for a batch. */
import type { Context, Message } from '@n2o/shared';
import { isValid, readEnvelope, textIn } from './envelope.ts';
import { keyIn } from './key.ts';

/** A notification has none, nor has a request that runs no method. */
export function requestKey({ value }: Message, context: Context): string | undefined {
  if (!Array.isArray(value)) return idOf(value, context);
  const keys = value.map((item) => idOf(item, context)).filter((key) => key !== undefined);
  return keys.length === 0 ? undefined : keys.join(',');
}

function idOf(value: unknown, { app }: Context): string | undefined {
  const request = readEnvelope(value);
  if (request?.id === undefined || !isValid(request)) return undefined;
  const name = textIn(request.method) as string;
  return app.methods !== undefined && Object.hasOwn(app.methods, name)
    ? keyIn(request.id)
    : undefined;
}
