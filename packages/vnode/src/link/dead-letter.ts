/** What is published of an event that nobody could handle, for an operator to look at. */
import { deadTopic, ERRORS, withoutToken } from '@n2o/shared';
import type { LinkEvent } from './event.ts';

/**
 * Topic and payload of a dead letter.
 * @param whole has the event's payload in it; that of a request of HTTP has cookies, which are not for everybody
 */
export function deadLetter(
  { route, payload, qos }: LinkEvent,
  whole = route.origin !== 'http',
): { topic: Buffer; payload: Buffer } {
  const letter = {
    error: { code: 'N2O_EVENT_DEAD', message: ERRORS.N2O_EVENT_DEAD },
    topic: withoutToken(route.topic),
    client: route.client,
    module: route.module,
    qos,
    payload: whole ? Buffer.from(payload).toString('base64') : '',
  };
  return {
    topic: Buffer.from(deadTopic(route.module, route.client)),
    payload: Buffer.from(JSON.stringify(letter)),
  };
}
