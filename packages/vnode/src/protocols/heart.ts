/** The heart protocol: a client asks whether anybody is there, and one that leaves is missed. */
import { type Answer, type Context, type Message, nothing, reply, unknown } from '@n2o/shared';
import { isThenable } from './thenable.ts';

/**
 * Answers `PING` with `PONG`, and takes an empty text for a sign of life that needs no answer.
 * `BYE` is said for a client that is gone: its module is told, and nobody is answered.
 */
export function heart({ format, value }: Message, context: Context): Answer | Promise<Answer> {
  if (format !== 'text') return unknown;
  switch (value) {
    case 'PING':
      return reply('PONG', 'text');
    case 'BYE':
      return end(context);
    default:
      return value === '' ? nothing : unknown;
  }
}

/** N2O's `event(terminate)`. */
function end(context: Context): Answer | Promise<Answer> {
  const result = context.app.event?.('terminate', context);
  return isThenable(result) ? Promise.resolve(result).then(() => nothing) : nothing;
}
