/** Addresses: code in place of an address, and text inside of one. */

/** What N2O's links have where they go nowhere; runs nothing. */
export const NOWHERE = 'javascript:void(0);';

/** The address, or one that leads nowhere if a browser would run it as code. */
export function harmless(address: string): string {
  if (address === NOWHERE) return address;
  // Browsers drop these signs before they look at the scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const plain = address.replace(/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028\u2029\ufeff]/g, '');
  return /^(?:javascript|vbscript):/i.test(plain) ? 'about:blank' : address;
}

/** Attributes and properties whose value a browser may load, open or run. */
const ADDRESSES: ReadonlySet<string> = new Set(
  'action cite data formaction href icon location manifest poster src xlink:href'.split(' '),
);

/** The value of an attribute or property: where that is an address, a harmless one. */
export function harmlessAs(name: string, value: string): string {
  return ADDRESSES.has(name.toLowerCase()) ? harmless(value) : value;
}

/** Text as a part of a query: a space is `+`. */
export function urlEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** The text of a part of a query; what is not well formed stands for itself. */
export function urlDecode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
