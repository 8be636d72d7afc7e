/** An element of XML, and how it is written. */
import { unwritable } from '../formatter.ts';
import { escapeXml, FOREIGN } from './escape.ts';

/** An element: its attributes in order, and its children: elements, and texts between them. */
export class XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];

  constructor(
    name: string,
    attributes: Readonly<Record<string, string>> = {},
    children: readonly (XmlElement | string)[] = [],
  ) {
    this.name = name;
    this.attributes = attributes;
    this.children = children;
  }
}

/** [XML 1.0, 2.3], of the characters that fit in 16 bits. */
const START =
  ':A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u3001-\\ud7ff';
const NAME = new RegExp(`^[${START}][${START}\\-.0-9\\xb7\\u0300-\\u036f]*$`);

/** Names that mean something to JavaScript: refused, whichever way they come. */
const REFUSED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** May an element or attribute have this name? */
export function isName(name: string): boolean {
  return NAME.test(name) && !REFUSED.has(name);
}

/** Writes an element. @throws N2O_FORMAT_ENCODE */
export function writeElement(element: XmlElement, depth: number): string {
  if (depth === 0) throw unwritable('xml', 'a value nested so deeply');
  const { name, attributes, children } = element;
  if (!isName(name)) throw unwritable('xml', `an element named ${JSON.stringify(name)}`);
  let xml = `<${name}`;
  for (const key of Object.keys(attributes)) {
    if (!isName(key)) throw unwritable('xml', `an attribute named ${JSON.stringify(key)}`);
    xml += ` ${key}="${escapeXml(need(attributes[key] as string))}"`;
  }
  if (children.length === 0) return `${xml}/>`;
  xml += '>';
  for (const child of children) {
    xml += typeof child === 'string' ? escapeXml(need(child)) : writeElement(child, depth - 1);
  }
  return `${xml}</${name}>`;
}

function need(text: string): string {
  if (FOREIGN.test(text)) throw unwritable('xml', 'a control character');
  return text;
}

/** Leaves out the white space that a writer puts between elements, and a byte order mark. */
export function withoutSpace(children: readonly (XmlElement | string)[]): (XmlElement | string)[] {
  return children.filter((child) => typeof child !== 'string' || /[^\t\n\r \ufeff]/.test(child));
}
