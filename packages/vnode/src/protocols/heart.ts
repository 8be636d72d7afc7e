/** The heart protocol: a client asks whether anybody is there. */
import { type Answer, type Message, nothing, reply, unknown } from '@n2o/shared';

/** Answers `PING` with `PONG`, and takes an empty text for a sign of life that needs no answer. */
export function heart({ format, value }: Message): Answer {
  if (format !== 'text') return unknown;
  if (value === 'PING') return reply('PONG', 'text');
  return value === '' ? nothing : unknown;
}
