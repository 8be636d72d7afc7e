/** The protocol loop: all that is said goes through here, and the first protocol that knows it answers. */
import type { Context } from './context.ts';
import { type Answer, type Message, unknown } from './message.ts';

/** A protocol: a plain function from a message to a reply, or `unknown`. */
export type Protocol = (message: Message, context: Context) => Answer | Promise<Answer>;

/**
 * Asks the protocols in their order; `unknown` when none knows the message. Stays synchronous as
 * long as the protocols do, so that an event that needs no waiting costs no promise.
 */
export function info(
  message: Message,
  context: Context,
  protocols: readonly Protocol[],
  from = 0,
): Answer | Promise<Answer> {
  for (let i = from; i < protocols.length; i++) {
    const answer = (protocols[i] as Protocol)(message, context);
    if (answer instanceof Promise && i < protocols.length - 1) {
      return answer.then((late) =>
        late === unknown ? info(message, context, protocols, i + 1) : late,
      );
    }
    if (answer !== unknown) return answer;
  }
  return unknown;
}
