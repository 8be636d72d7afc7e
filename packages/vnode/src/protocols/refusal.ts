/** How a protocol says in its own words that something went wrong with one of its messages. */
import { type Answer, type ErrorFrame, type Message, type Protocol, unknown } from '@n2o/shared';

/**
 * A protocol that has errors of its own form. Where an event fails outside of the protocol (its
 * deadline passes, its reply cannot be encoded, its payload cannot be decoded) `refuse` is asked
 * what to answer instead of the error frame: `unknown` where the message is none of its own.
 */
export interface RefusingProtocol extends Protocol {
  /** @param message as decoded; if that failed, its value is the payload */
  readonly refuse?: (message: Message, frame: ErrorFrame) => Answer;
}

/** What is sent for an error: the form of the first protocol that has one, else the frame itself. */
export function refusalOf(
  protocols: readonly RefusingProtocol[],
  message: Message,
  frame: ErrorFrame,
): unknown {
  for (const { refuse } of protocols) {
    const answer = refuse?.(message, frame) ?? unknown;
    if (answer !== unknown) return answer.value;
  }
  return frame;
}
