/** In which format a module is spoken to, where it says so itself. */
import {
  type Format,
  type Formatters,
  type Message,
  type ModuleDefinition,
  type Route,
  textOf,
} from '@n2o/shared';

/** What pages and brokers say for themselves: a sign of life, the end, the beginning. */
const WORDS = /^(?:PING|BYE|N2O,.*)$/s;

/** What a module wants holds for its clients; server code and the HTTP port have forms of their own. */
export function formatOf({ origin }: Route, { formatter }: ModuleDefinition): Format | undefined {
  return origin === undefined ? formatter : undefined;
}

/**
 * Reads what a client has sent. Words that keep a conversation going are text in every module that
 * cannot read them in its own format.
 * @throws what the formatter throws
 */
export function readEvent(
  formatters: Formatters,
  { payload, route }: { readonly payload: Uint8Array; readonly route: Route },
  app: ModuleDefinition,
): Message {
  const format = formatOf(route, app);
  try {
    return formatters.decode(payload, format);
  } catch (thrown) {
    if (format === undefined || !WORDS.test(textOf(payload) ?? '')) throw thrown;
    return formatters.decode(payload, 'text');
  }
}
