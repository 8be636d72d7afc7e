/** Reads XML documents as elements; document types, and with them entities, are refused. */
import type { N2OError } from '../../errors.ts';
import { beyond, type FormatLimits, malformed } from '../formatter.ts';
import { NAME_PATTERN, REFUSED_NAME, XmlElement } from './element.ts';
import { FOREIGN, unescapeXml } from './escape.ts';

const NAME = new RegExp(NAME_PATTERN, 'y');
const ATTRIBUTE = new RegExp(
  `[ \\t\\n]+(${NAME_PATTERN})[ \\t\\n]*=[ \\t\\n]*(?:"([^"<]*)"|'([^'<]*)')`,
  'y',
);
const TAG_END = /[ \t\n]*(\/?>)/y;
const SPACE = /[ \t\n]*/y;

/** Reads one document after the other. */
export class XmlReader {
  readonly #limits: FormatLimits;
  #text = '';
  #at = 0;
  /** How many elements and attributes may still come. */
  #terms = 0;

  constructor(limits: FormatLimits) {
    this.#limits = limits;
  }

  /** The root element. @throws N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT */
  read(text: string): XmlElement {
    if (FOREIGN.test(text)) throw malformed('xml', 'a control character');
    // All ends of lines are one character [XML 1.0, 2.11].
    this.#text = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
    this.#terms = this.#limits.terms;
    this.#skipAround();
    const root = this.#element(this.#limits.depth);
    this.#skipAround();
    if (this.#at < this.#text.length) throw this.#malformed('something follows the root element');
    this.#text = '';
    return root;
  }

  /** Reads the element that begins here. */
  #element(depth: number): XmlElement {
    if (depth === 0) throw beyond('xml', 'depth', this.#limits);
    if (this.#text.startsWith('<!', this.#at)) throw this.#malformed('a document type');
    if (this.#text[this.#at] !== '<') throw this.#malformed('no element');
    this.#at++;
    const name = this.#match(NAME)?.[0];
    if (name === undefined || name === REFUSED_NAME) throw this.#malformed('no name');
    this.#count();
    const attributes = this.#attributes();
    const end = this.#match(TAG_END)?.[1];
    if (end === undefined) throw this.#malformed('a malformed tag');
    return new XmlElement(name, attributes, end === '>' ? this.#children(name, depth) : []);
  }

  #attributes(): Record<string, string> {
    const attributes: Record<string, string> = {};
    for (let found = this.#match(ATTRIBUTE); found !== null; found = this.#match(ATTRIBUTE)) {
      const [, name = '', double, single = ''] = found;
      if (name === REFUSED_NAME) throw this.#malformed('no name');
      if (Object.hasOwn(attributes, name)) throw this.#malformed('the same attribute twice');
      attributes[name] = unescapeXml(double ?? single);
      this.#count();
    }
    return attributes;
  }

  /** Reads up to the end of an element, and over it. */
  #children(name: string, depth: number): (XmlElement | string)[] {
    const children: (XmlElement | string)[] = [];
    let text = '';
    for (;;) {
      const next = this.#text.indexOf('<', this.#at);
      if (next < 0) throw this.#malformed(`the element ${name} does not end`);
      text += unescapeXml(this.#text.slice(this.#at, next));
      this.#at = next;
      if (this.#text.startsWith('<![CDATA[', next)) {
        text += this.#skip(9, ']]>');
      } else if (!this.#skipComment()) {
        if (text !== '') children.push(text);
        text = '';
        if (this.#text[next + 1] === '/') break;
        children.push(this.#element(depth - 1));
      }
    }
    this.#at += 2;
    const end = this.#match(NAME)?.[0];
    if (end !== name || this.#match(TAG_END)?.[1] !== '>') {
      throw this.#malformed(`not the end of the element ${name}`);
    }
    return children;
  }

  /** Skips what may stand before and after the root element. */
  #skipAround(): void {
    do this.#match(SPACE);
    while (this.#skipComment());
  }

  /** Skips a comment, a declaration, or a processing instruction, if there is one. */
  #skipComment(): boolean {
    if (this.#text.startsWith('<?', this.#at)) this.#skip(2, '?>');
    else if (this.#text.startsWith('<!--', this.#at)) this.#skip(4, '-->');
    else return false;
    return true;
  }

  /** Steps over so many characters and on to the end of what they began; what is between. */
  #skip(begin: number, end: string): string {
    const from = this.#at + begin;
    const to = this.#text.indexOf(end, from);
    if (to < 0) throw this.#malformed(`no ${end}`);
    this.#at = to + end.length;
    return this.#text.slice(from, to);
  }

  /** Steps over what a sticky pattern finds here. */
  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #count(): void {
    if (this.#terms-- === 0) throw beyond('xml', 'terms', this.#limits);
  }

  #malformed(what: string): N2OError {
    return malformed('xml', `${what}, at character ${this.#at}`);
  }
}
