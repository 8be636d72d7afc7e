/** Reads XML documents as elements; a document type, and so an entity, is refused. */
import { XMLParser } from 'fast-xml-parser';
import { beyond, type FormatLimits, malformed } from '../formatter.ts';
import { isName, withoutSpace, XmlElement } from './element.ts';
import { FOREIGN, unescapeXml } from './escape.ts';

/** What the parser makes of an element, a text or a CDATA section; attributes are beside the name. */
type Node = Readonly<Record<string, unknown>>;

const ATTRIBUTES = ':@';
const TEXT = '#text';
const CDATA = '#cdata';

/** Reads one document after the other. */
export class XmlReader {
  private readonly limits: FormatLimits;
  private readonly parser: XMLParser;

  constructor(limits: FormatLimits) {
    this.limits = limits;
    this.parser = new XMLParser({
      attributeNamePrefix: '',
      cdataPropName: CDATA,
      ignoreAttributes: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
      jPath: false,
      // What is nested too deeply is refused below, with its own code.
      maxNestedTags: Number.POSITIVE_INFINITY,
      onDangerousProperty: (name) => name,
      parseAttributeValue: false,
      parseTagValue: false,
      preserveOrder: true,
      processEntities: false,
      textNodeName: TEXT,
      trimValues: false,
    });
  }

  /** The root element. @throws N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT */
  read(text: string): XmlElement {
    this.count(text);
    if (text.includes('<!DOCTYPE')) throw malformed('xml', 'a document type');
    if (FOREIGN.test(text)) throw malformed('xml', 'a control character');
    const [root, ...others] = withoutSpace(this.children(this.parse(text), this.limits.depth));
    // The parser leaves out what follows the last tag.
    const tail = text.slice(text.lastIndexOf('>') + 1).trim();
    if (!(root instanceof XmlElement) || others.length > 0 || tail !== '') {
      throw malformed('xml', 'something beside the root element');
    }
    return root;
  }

  private parse(text: string): readonly Node[] {
    try {
      return this.parser.parse(text, true);
    } catch (error) {
      throw malformed('xml', 'not well formed', error);
    }
  }

  /** Bounds what the parser builds before it builds it: tags, and attributes. */
  private count(text: string): void {
    const { terms } = this.limits;
    if (text.length < terms) return;
    let count = 0;
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i);
      if (char === 60 || char === 61) count++; // < and =
    }
    if (count > terms) throw beyond('xml', 'terms', this.limits);
  }

  private children(nodes: readonly Node[], depth: number): (XmlElement | string)[] {
    const children: (XmlElement | string)[] = [];
    let text = '';
    for (const node of nodes) {
      if (TEXT in node) {
        text += unescapeXml(node[TEXT] as string);
      } else if (CDATA in node) {
        text += cdata(node[CDATA] as readonly Node[]);
      } else {
        if (text !== '') children.push(text);
        text = '';
        children.push(this.element(node, depth));
      }
    }
    if (text !== '') children.push(text);
    return children;
  }

  private element(node: Node, depth: number): XmlElement {
    if (depth === 0) throw beyond('xml', 'depth', this.limits);
    const attributes: Record<string, string> = {};
    let name = '';
    for (const key of Object.keys(node)) if (key !== ATTRIBUTES) name = key;
    if (!isName(name)) throw malformed('xml', `an element named ${JSON.stringify(name)}`);
    const raw = (node[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>;
    for (const key of Object.keys(raw)) {
      if (!isName(key)) throw malformed('xml', `an attribute named ${JSON.stringify(key)}`);
      attributes[key] = unescapeXml(raw[key] as string);
    }
    return new XmlElement(
      name,
      attributes,
      this.children(node[name] as readonly Node[], depth - 1),
    );
  }
}

/** The text of a CDATA section: nothing in it is an escape. */
function cdata(nodes: readonly Node[]): string {
  return nodes.map((node) => node[TEXT] as string).join('');
}
