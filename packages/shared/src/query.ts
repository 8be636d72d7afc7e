/** The query of a page, as its client says it again over its connection: anybody may say anything there. */

/** Characters of it at most. */
export const QUERY_LIMIT = 2_048;

/** Is it what can stand after the `?` of an address, and not too long to be kept for each client? */
export function isQuery(text: string): boolean {
  return text.length <= QUERY_LIMIT && /^[!-~]*$/.test(text);
}
