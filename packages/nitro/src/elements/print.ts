/** Tags and attributes as HTML. */
import { N2OError } from '@n2o/shared';
import { escapeHtml } from '../text/html.ts';
import { harmlessAs } from '../text/url.ts';

/** Attributes that are there or not. */
const FLAGS: ReadonlySet<string> = new Set(
  'async autofocus autoplay checked controls default defer disabled formnovalidate hidden ismap loop multiple muted novalidate open readonly required scoped seamless selected'.split(
    ' ',
  ),
);
const RENAMED: Readonly<Record<string, string>> = {
  acceptCharset: 'accept-charset',
  bind: 'data-bind',
  dataToggle: 'data-toggle',
  httpEquiv: 'http-equiv',
};
const NAME = /^[A-Za-z_][\w:.-]*$/;

/** HTML of an attribute with the space before it; nothing where it has no value. */
export function printAttribute(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  const printed = RENAMED[name] ?? name;
  const flag = FLAGS.has(name);
  if (flag && typeof value === 'boolean') return value ? ` ${printed}="${printed}"` : '';
  const text = textOf(name, value);
  return ` ${printed}="${escapeHtml(harmlessAs(name, text))}"`;
}

/** An attribute whose name is the application's own. @throws N2O_PAGE_NAME */
export function printField(name: string, value: unknown): string {
  if (!NAME.test(name)) throw new N2OError('N2O_PAGE_NAME', `there is no attribute "${name}"`);
  const lower = name.toLowerCase();
  return printAttribute(FLAGS.has(lower) ? lower : name, value);
}

/** @param body `undefined` where the tag can have none */
export function printTag(tag: string, attributes: string, body: string | undefined): string {
  return body === undefined ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${body}</${tag}>`;
}

function textOf(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    const words = value.filter((word) => typeof word === 'string');
    return words.join(name === 'style' ? ';' : ' ');
  }
  if (name === 'autocomplete' && typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}
