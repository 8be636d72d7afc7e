/** The XML formatter: element trees, N2O's own messages, and any other value as JSON in an element. */
import { ErrorFrame, Io } from '../../message.ts';
import { FieldNotation } from '../field.ts';
import type { FormatLimits, Formatter } from '../formatter.ts';
import { type Notation, textual } from '../textual.ts';
import { withoutSpace, writeElement, XmlElement } from './element.ts';
import { escapeText, FOREIGN } from './escape.ts';
import { XmlReader } from './read.ts';

/** Makes an XML formatter. */
export function createXml(limits: FormatLimits): Formatter {
  return textual('xml', new XmlNotation(limits), limits);
}

/**
 * `<io><eval>fire();</eval><data>1</data></io>`, `<error><code>…</code><message>…</message></error>`
 * and `<data>…</data>` stand for what they hold; any other root is an `XmlElement`.
 */
class XmlNotation implements Notation {
  readonly #reader: XmlReader;
  readonly #field: FieldNotation;
  readonly #depth: number;

  constructor(limits: FormatLimits) {
    this.#reader = new XmlReader(limits);
    this.#field = new FieldNotation('xml', FOREIGN, limits);
    this.#depth = limits.depth;
  }

  read(text: string): unknown {
    const root = this.#reader.read(text);
    switch (root.name) {
      case 'io': {
        const parts = partsOf(root, 'eval', 'data')?.map((part) => this.#content(part));
        return parts?.every(isContent) ? new Io(parts[0], parts[1]) : root;
      }
      case 'error': {
        const parts = partsOf(root, 'code', 'message');
        if (!parts?.every(isText)) return root;
        const [code = '', message = ''] = parts.map((part) => this.#field.readString(textIn(part)));
        return new ErrorFrame(code, message);
      }
      case 'data':
        return isText(root) ? this.#field.read(textIn(root)) : root;
      default:
        return root;
    }
  }

  write(value: unknown): string {
    if (value instanceof XmlElement) return writeElement(value, this.#depth);
    if (value instanceof Io) {
      const code = this.#part('eval', value.eval);
      return `<io>${code}${this.#part('data', value.data)}</io>`;
    }
    if (value instanceof ErrorFrame) {
      const code = this.#part('code', value.code);
      return `<error>${code}${this.#part('message', value.message)}</error>`;
    }
    return this.#part('data', value);
  }

  #part(name: string, value: unknown): string {
    const content =
      value instanceof XmlElement
        ? writeElement(value, this.#depth - 2)
        : escapeText(this.#field.write(value));
    return `<${name}>${content}</${name}>`;
  }

  /** What an element holds: one element, or a field. */
  #content(element: XmlElement): unknown {
    if (isText(element)) return this.#field.read(textIn(element));
    const [only, ...others] = withoutSpace(element.children);
    return only instanceof XmlElement && others.length === 0 ? only : noContent;
  }
}

/** What an element holds that is neither one element nor text. */
const noContent: unique symbol = Symbol('no content');

function isContent(content: unknown): boolean {
  return content !== noContent;
}

/** Does the element hold text, and nothing else of its own? */
function isText(element: XmlElement): boolean {
  return isBare(element) && element.children.every((child) => typeof child === 'string');
}

function textIn(element: XmlElement): string {
  return element.children.join('');
}

function isBare(element: XmlElement): boolean {
  return Object.keys(element.attributes).length === 0;
}

/** The two children, if the element has these and nothing else. */
function partsOf(root: XmlElement, first: string, second: string): XmlElement[] | undefined {
  const [a, b, ...others] = withoutSpace(root.children);
  if (!(a instanceof XmlElement && b instanceof XmlElement) || others.length > 0) return undefined;
  if (a.name !== first || b.name !== second) return undefined;
  return [root, a, b].every(isBare) ? [a, b] : undefined;
}
