/** Holds a JSON text to the limits before it is parsed. */
import type { Format } from '../../message.ts';
import { beyond, type FormatLimits } from '../formatter.ts';

/**
 * Counts levels and elements; whether the text is JSON at all is left to the parser.
 * @throws N2O_FORMAT_LIMIT
 */
export function scan(text: string, limits: FormatLimits, format: Format): void {
  // What is nested beyond the limit is longer than this, with the brackets that close it.
  if (text.length <= 2 * limits.depth) return;
  let depth = 0;
  let elements = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 34: // "
        i = stringEnd(text, i + 1);
        break;
      case 44: // ,
        elements++;
        break;
      case 91: // [
      case 123: // {
        elements++;
        if (++depth > limits.depth) throw beyond(format, 'depth', limits);
        break;
      case 93: // ]
      case 125: // }
        depth--;
        break;
    }
  }
  if (elements > limits.terms) throw beyond(format, 'terms', limits);
}

/** Where the string ends whose first character is at `from`. */
function stringEnd(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Do an odd number of backslashes stand before this character? */
function isEscaped(text: string, at: number): boolean {
  let i = at;
  while (text.charCodeAt(i - 1) === 92) i--;
  return (at - i) % 2 === 1;
}
