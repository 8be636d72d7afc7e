/** Findings as lines of a table. */
import { count, type Finding } from './finding.ts';

const VERDICT = 12;
const PROMISE = 36;
const FIGURE = 26;

/** The line of one finding, and below it what to do. */
export function lineOf({ verdict, promise, figure, sentence, advice }: Finding): string {
  const line = `${verdict.padEnd(VERDICT)}${promise.padEnd(PROMISE)}${figure.padEnd(FIGURE)}${sentence}\n`;
  if (verdict === 'kept' || verdict === 'not tested') return line;
  return `${line}${' '.repeat(VERDICT)}→ ${advice}\n`;
}

/** The last line: all of it in one sentence. */
export function summaryOf(findings: readonly Finding[]): string {
  const of = (verdict: Finding['verdict']) => findings.filter((one) => one.verdict === verdict);
  const [broken, untold, limited] = [of('broken'), of('not tested'), of('limited')];
  const total = count(findings.length);
  if (broken.length > 0) {
    return `${broken.length} of ${total} promises ${broken.length === 1 ? 'is' : 'are'} broken`;
  }
  if (untold.length > 0) return `${untold.length} of ${total} promises could not be tested`;
  const within = limited.length > 0 ? `, ${limited.length} of them within a bound` : '';
  return `all ${total} promises are kept${within}`;
}

/** 0 when all promises are kept, be it within a bound; 1 when one is broken; 2 when that is not known. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  const verdicts = new Set(findings.map(({ verdict }) => verdict));
  if (verdicts.has('broken')) return 1;
  return verdicts.has('not tested') ? 2 : 0;
}
