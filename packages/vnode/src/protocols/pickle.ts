/** How an event of a page runs: its pickle says which function of the module gets what. */
import {
  atom,
  type Context,
  ERRORS,
  ErrorFrame,
  type ModuleDefinition,
  type Postback,
  Reply,
  tuple,
} from '@n2o/shared';
import { ioOf, type Manner, noData } from './answer.ts';
import { textIn } from './envelope.ts';
import { tokenData } from './init.ts';
import { isOwn } from './owner.ts';
import { readData, readLinked, readPostback } from './postback.ts';

/** N2O's words for a pickle that is none of its own. */
const REFUSED = tuple(atom('error'), 'EV expected');

/**
 * Runs the function that a pickle names; what that returns is dropped, as N2O does: a page is spoken
 * to by what it is asked to do. A pickle that is forged, of another module or of another session runs
 * nothing. The module matters because topics, and who may publish to them, go by modules.
 * @param token of the session, where the client is to be given a new one
 * @throws what the function throws
 */
export async function runPickle(
  pickled: unknown,
  linked: unknown,
  context: Context,
  manner: Manner,
  token: string | undefined,
): Promise<Reply> {
  const text = textIn(pickled);
  const postback = text && readPostback(context.services.pickler.depickle(text));
  const run = postback ? runOf(postback, linked, context) : undefined;
  const { module, name, owner } = postback || {};
  if (run === undefined) {
    context.log.warn({ code: 'N2O_EVENT_PICKLE', module, function: name }, ERRORS.N2O_EVENT_PICKLE);
    return ioOf(context, manner, REFUSED);
  }
  if (!(await isOwn(owner, context))) {
    const code = 'N2O_EVENT_SESSION';
    context.log.warn({ code, module, function: name }, ERRORS[code]);
    return new Reply(new ErrorFrame(code, ERRORS[code]), manner.format);
  }
  await run();
  return ioOf(context, manner, token === undefined ? noData(manner) : tokenData(token));
}

/** `undefined` where the module has no such function, or is another. */
function runOf(
  { module, message, trigger, name }: Postback,
  linked: unknown,
  context: Context,
): (() => unknown) | undefined {
  if (module !== context.module) return undefined;
  const { app } = context;
  const values = readLinked(linked);
  if (values.size > 0) context.page.bring(values);
  switch (name) {
    case 'event':
      return app.event && (() => app.event?.(message, context));
    case 'api_event':
      return (
        app.apiEvent && (() => app.apiEvent?.(textIn(message) ?? '', readData(linked), context))
      );
    default:
      return handlerOf(app, name, message, trigger, context);
  }
}

function handlerOf(
  { handlers }: ModuleDefinition,
  name: string,
  message: unknown,
  trigger: string,
  context: Context,
): (() => unknown) | undefined {
  if (handlers === undefined || !Object.hasOwn(handlers, name)) return undefined;
  return () => handlers[name]?.(message, trigger, context);
}
