/** Elements whose body is not HTML but code, a style sheet or another document: it is the application's own. */
import type { Element } from '@n2o/shared';
import { html as asHtml } from '../text/html.ts';
import { embeddable } from '../text/script.ts';
import { define } from './define.ts';
import type { OptionsOf, Row } from './options.ts';
import { printTag } from './print.ts';
import type { Tagged } from './tag.ts';

const SCRIPT = {
  tag: 'script',
  names: 'async charset defer src type',
} as const satisfies Row;
const STYLE = { tag: 'style', names: 'media scoped type' } as const satisfies Row;
const IFRAME = {
  tag: 'iframe',
  names: 'height sandbox seamless src srcdoc name width',
  void: true,
} as const satisfies Row;
const HTML = { tag: 'html', names: 'manifest' } as const satisfies Row;

type Coded<R extends Row> = Omit<OptionsOf<R>, 'body'> & { readonly body?: string | undefined };

/** Code of the page, or with `src` the address of it. */
export const script: (options?: Coded<typeof SCRIPT>) => Tagged = define(
  SCRIPT,
  ({ given, attributes }) =>
    printTag('script', attributes, given.src === undefined ? embeddable(codeOf(given.body)) : ''),
);

/** A style sheet. */
export const style: (options?: Coded<typeof STYLE>) => Tagged = define(
  STYLE,
  ({ given, attributes }) =>
    printTag('style', attributes, codeOf(given.body).replace(/<(?=\/style)/gi, '<\\')),
);

export const iframe = define(IFRAME, ({ attributes }) => printTag('iframe', attributes, ''));

const root = define(HTML);

/** Of text: HTML that is shown as it is, for text that the application itself has written. Of options: the root element of a document. */
export function html(text: string): Element;
export function html(options?: OptionsOf<typeof HTML>): Tagged;
export function html(given?: string | OptionsOf<typeof HTML>): Element {
  return typeof given === 'string' ? asHtml(given) : root(given);
}

function codeOf(body: unknown): string {
  return typeof body === 'string' ? body : '';
}
