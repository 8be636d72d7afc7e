/** An event whose turn it is: decoded, with what it runs on. */
import { type Answer, type Event, info, isPageId, type Message, nothing } from '@n2o/shared';
import type { Effects } from '../effects/effects.ts';
import { isBeginning } from '../protocols/init.ts';
import type { EventContext } from './context.ts';
import type { Generation } from './generation.ts';

export interface Turn {
  readonly event: Event;
  readonly message: Message;
  readonly context: EventContext;
  /** The code that it runs on. */
  readonly generation: Generation;
}

/**
 * Reads what has to be there before a handler runs: what is kept of the client, and of a page what
 * its client said when it began. `undefined` where all of that is here.
 */
export function prepare(
  { event, message, context, generation }: Turn,
  effects: Effects | undefined,
): Promise<unknown> | undefined {
  const { conversations } = generation.around;
  // Devices, which are many, are not asked for.
  const isPages = context.app.main !== undefined || isPageId(context.client);
  const isMet = !isPages || context.origin === 'http' || isBeginning(message);
  const meeting = isMet ? undefined : conversations?.of(event.route);
  if (!(meeting instanceof Promise)) return effects?.prepare(event, context);
  return meeting
    .catch((thrown) => context.lacksClient(thrown))
    .then(() => effects?.prepare(event, context));
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
