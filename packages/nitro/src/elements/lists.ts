/** Lists that are numbered or not, and text that is escaped or not. */
import type { Element } from '@n2o/shared';
import { escapeHtml, html } from '../text/html.ts';
import { define } from './define.ts';
import type { OptionsOf, Row } from './options.ts';
import type { Tagged } from './tag.ts';

const LIST = { tag: 'ul', names: 'id class style' } as const satisfies Row;

const unordered = define(LIST);
const ordered = define({ ...LIST, tag: 'ol' });

/** A list of `li`. */
export function list(
  options: OptionsOf<typeof LIST> & { readonly numbered?: boolean | undefined } = {},
): Tagged {
  return options.numbered ? ordered(options) : unordered(options);
}

/** Text; with `htmlEncode: false` it is HTML, and then never what a user sent. */
export function literal(options: {
  readonly body?: string;
  readonly htmlEncode?: boolean;
  readonly showIf?: boolean;
}): Element {
  const { body = '', htmlEncode = true, showIf = true } = options;
  return html(!showIf ? '' : htmlEncode ? escapeHtml(body) : body);
}
