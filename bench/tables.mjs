/** Figures as Markdown, and their place in the documentation. */
import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench:begin: written by `npm run bench -- --write`, not by hand -->';
const END = '<!-- bench:end -->';

/** The middle one of those that are there. */
export function median(numbers) {
  const sorted = numbers.filter((number) => number !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** A Markdown table; the first column is text, the rest are numbers. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

/** With thousands set apart; a dash for what could not be measured. */
export function figure(number, digits = 0) {
  if (number === undefined || Number.isNaN(number)) return '–';
  return number.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Puts the text between the markers of a page, which must have them. */
export function writeInto(page, text) {
  const before = readFileSync(page, 'utf8');
  const from = before.indexOf(BEGIN);
  const to = before.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${page} lacks the markers ${BEGIN} and ${END}`);
  writeFileSync(page, `${before.slice(0, from + BEGIN.length)}\n\n${text}\n\n${before.slice(to)}`);
}
