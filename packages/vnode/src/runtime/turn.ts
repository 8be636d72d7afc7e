/** An event whose turn it is: decoded, with what it runs on. */
import { type Answer, type Event, info, type Message, nothing } from '@n2o/shared';
import type { EventContext } from './context.ts';
import type { Generation } from './generation.ts';

export interface Turn {
  readonly event: Event;
  readonly message: Message;
  readonly context: EventContext;
  /** The code that it runs on. */
  readonly generation: Generation;
}

/** Asks the protocols, unless there is nothing to run. */
export function ask(turn: Turn): Answer | Promise<Answer> {
  const { message, context, generation } = turn;
  return isSpared(turn) ? nothing : info(message, context, generation.protocols);
}

/** Has the event had its effect before, or cannot be read what it runs on? */
export function isSpared({ context: { effect } }: Turn): boolean {
  return effect?.repeated !== undefined || effect?.failure !== undefined;
}
