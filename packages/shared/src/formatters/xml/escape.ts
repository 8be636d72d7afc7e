/** Text in XML: what must be escaped, and the escapes that are understood. */
import { malformed } from '../formatter.ts';

/** What XML cannot hold, escaped or not [XML 1.0, 2.2]. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const FOREIGN = /[\0-\x08\x0b\x0c\x0e-\x1f\p{Surrogate}\ufffe\uffff]/u;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Escapes a text between tags, so that it comes back as it is. */
export function escapeText(text: string): string {
  return text.replace(/[&<\r]|\]\]>/g, escapeOne);
}

/** Escapes a text between double quotes, so that it comes back as it is. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<"\t\n\r]/g, escapeOne);
}

function escapeOne(found: string): string {
  switch (found) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '"':
      return '&quot;';
    case ']]>':
      return ']]&gt;';
    default:
      return `&#${found.charCodeAt(0)};`;
  }
}

/** Undoes the five escapes that XML has of itself, and numeric ones. @throws N2O_FORMAT_DECODE for others */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,5}));|&/g, (found, ...groups) => {
    const [hex, decimal, name]: readonly (string | undefined)[] = groups;
    const char = name === undefined ? fromCode(hex, decimal) : ENTITIES.get(name);
    if (char === undefined) throw malformed('xml', `an unknown escape ${found}`);
    return char;
  });
}

function fromCode(hex: string | undefined, decimal: string | undefined): string | undefined {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (!(code <= 0x10ffff)) return undefined;
  const char = String.fromCodePoint(code);
  return FOREIGN.test(char) ? undefined : char;
}
