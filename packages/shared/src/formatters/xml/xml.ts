/** The XML formatter: element trees, N2O's own messages, and any other value as JSON in an element. */
import { ErrorFrame, Io } from '../../message.ts';
import { FieldNotation } from '../field.ts';
import type { FormatLimits, Formatter } from '../formatter.ts';
import { type Notation, textual } from '../textual.ts';
import { writeElement, XmlElement } from './element.ts';
import { escapeXml, FOREIGN } from './escape.ts';
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
  private readonly reader: XmlReader;
  private readonly field: FieldNotation;
  private readonly depth: number;

  constructor(limits: FormatLimits) {
    this.reader = new XmlReader(limits);
    this.field = new FieldNotation('xml', FOREIGN, limits);
    this.depth = limits.depth;
  }

  read(text: string): unknown {
    const root = this.reader.read(text);
    switch (root.name) {
      case 'io': {
        const parts = partsOf(root, 'eval', 'data')?.map((part) => this.content(part));
        return parts?.every(isContent) ? new Io(parts[0], parts[1]) : root;
      }
      case 'error': {
        const parts = partsOf(root, 'code', 'message')?.map((part) => this.content(part));
        const [code, message] = parts ?? [];
        return typeof code === 'string' && typeof message === 'string'
          ? new ErrorFrame(code, message)
          : root;
      }
      case 'data': {
        const content = Object.keys(root.attributes).length === 0 ? this.content(root) : noContent;
        return isContent(content) ? content : root;
      }
      default:
        return root;
    }
  }

  write(value: unknown): string {
    if (value instanceof XmlElement) return writeElement(value, this.depth);
    if (value instanceof Io) {
      const code = this.part('eval', value.eval);
      return `<io>${code}${this.part('data', value.data)}</io>`;
    }
    if (value instanceof ErrorFrame) {
      const code = this.part('code', value.code);
      return `<error>${code}${this.part('message', value.message)}</error>`;
    }
    return this.part('data', value);
  }

  private part(name: string, value: unknown): string {
    const content =
      value instanceof XmlElement
        ? writeElement(value, this.depth - 2)
        : escapeXml(this.field.write(value));
    return `<${name}>${content}</${name}>`;
  }

  /** What an element holds: one element, or a field. */
  private content(element: XmlElement): unknown {
    const { children } = element;
    const [only = ''] = children;
    if (children.length < 2 && typeof only === 'string') return this.field.read(only);
    const elements = withoutSpace(children);
    return elements.length === 1 && elements[0] instanceof XmlElement ? elements[0] : noContent;
  }
}

/** What an element holds that is neither one element nor text. */
const noContent: unique symbol = Symbol('no content');

function isContent(content: unknown): boolean {
  return content !== noContent;
}

/** The two children, if the element has these and nothing else. */
function partsOf(root: XmlElement, first: string, second: string): XmlElement[] | undefined {
  const parts = withoutSpace(root.children);
  const [a, b] = parts;
  if (parts.length !== 2 || Object.keys(root.attributes).length > 0) return undefined;
  if (!(a instanceof XmlElement && b instanceof XmlElement)) return undefined;
  if (a.name !== first || b.name !== second) return undefined;
  const bare = [a, b].every((part) => Object.keys(part.attributes).length === 0);
  return bare ? [a, b] : undefined;
}

/** Leaves out the white space that a writer puts between elements. */
function withoutSpace(children: readonly (XmlElement | string)[]): (XmlElement | string)[] {
  return children.filter((child) => typeof child !== 'string' || /[^\t\n\r ]/.test(child));
}
