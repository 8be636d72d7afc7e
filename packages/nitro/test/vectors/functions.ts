/** Functions of N2O's module nitro as ours. */
import { createPage, escapeHtml, escapeScript, hte } from '../../src/index.ts';
import { type Term, textOf } from './lines.ts';

/** Why functions of N2O are not here. */
export const WITHOUT_COUNTERPART: Readonly<Record<string, string>> = {
  js_escape:
    'of undefined it is nothing in Erlang; here that does not compile; a </script> is escaped as well',
  hte: 'characters beyond 255 in a list become numbers; here text is text',
  html_encode: 'with a second argument it encodes spaces, or nothing at all',
  to_list: 'Erlang has several kinds of text',
  to_binary: 'Erlang has several kinds of text',
  to_atom: 'Erlang has several kinds of text',
  atom: 'Erlang has several kinds of text',
  coalesce: 'the operator ?? does that',
  compact: 'prints Erlang terms for the log',
  num: 'reads sizes in the notation of a shell',
  meg: 'prints sizes in the notation of a shell',
};

/** What our function gives; `undefined` where there is none for these arguments. */
export function resultOf(name: string, args: readonly Term[]): string | undefined {
  const [first = {}] = args;
  const text = textOf(first);
  const page = createPage({ module: 'index', pickle: () => '' });
  if (name === 'js_escape' && first.a === undefined && !/<\/script/.test(text))
    return escapeScript(text);
  if (name === 'hte' && !/[\u0100-\uffff]/.test(text)) return page.html(hte(text));
  if (name === 'html_encode' && args.length === 1) return escapeHtml(text);
  return undefined;
}
