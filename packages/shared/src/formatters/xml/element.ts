/** An element of XML, and how it is written. */
import { unwritable } from '../formatter.ts';
import { escapeAttribute, escapeText, FOREIGN } from './escape.ts';

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

const START =
  ':A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u3001-\\ud7ff';

/** What a name looks like [XML 1.0, 2.3], of the characters that fit in 16 bits. */
export const NAME_PATTERN = `[${START}][-${START}.0-9\\xb7\\u0300-\\u036f]*`;

const NAME = new RegExp(`^${NAME_PATTERN}$`);

/** The name that no property of an object can have without harm. */
export const REFUSED_NAME = '__proto__';

/** May an element or attribute have this name? */
function isName(name: string): boolean {
  return NAME.test(name) && name !== REFUSED_NAME;
}

/** Writes an element. @throws N2O_FORMAT_ENCODE */
export function writeElement(element: XmlElement, depth: number): string {
  if (depth === 0) throw unwritable('xml', 'a value nested so deeply');
  const { name, attributes, children } = element;
  if (!isName(name)) throw unwritable('xml', `an element named ${JSON.stringify(name)}`);
  let xml = `<${name}`;
  for (const key of Object.keys(attributes)) {
    if (!isName(key)) throw unwritable('xml', `an attribute named ${JSON.stringify(key)}`);
    xml += ` ${key}="${escapeAttribute(need(attributes[key] as string))}"`;
  }
  if (children.length === 0) return `${xml}/>`;
  xml += '>';
  for (const child of children) {
    xml += typeof child === 'string' ? escapeText(need(child)) : writeElement(child, depth - 1);
  }
  return `${xml}</${name}>`;
}

function need(text: string): string {
  if (FOREIGN.test(text)) throw unwritable('xml', 'a control character');
  return text;
}

/** Leaves out the white space that a writer puts between elements */
export function withoutSpace(children: readonly (XmlElement | string)[]): (XmlElement | string)[] {
  return children.filter((child) => typeof child !== 'string' || /[^\t\n\r ]/.test(child));
}
