/** How findings are counted, judged and shown. */
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/doctor/audit.ts';
import { type Finding, judge, type Verdict } from '../../src/doctor/finding.ts';
import { exitCodeOf, lineOf, summaryOf } from '../../src/doctor/table.ts';
import { targetOf } from '../../src/doctor/target.ts';

const series = (...numbers: readonly number[]) =>
  numbers.map((number, i) => ({ number, dup: numbers.indexOf(number) < i && number > 9 }));

describe('the audit of a series', () => {
  test.each([
    ['complete', [0, 1, 2], { missing: 0, inverted: 0, repeated: 0 }],
    ['lacks two', [1], { missing: 2, inverted: 0, repeated: 0 }],
    ['one late', [0, 2, 1], { missing: 0, inverted: 1, repeated: 0 }],
    ['one twice', [0, 1, 1, 2], { missing: 0, inverted: 0, repeated: 1 }],
    ['all backwards', [2, 1, 0], { missing: 0, inverted: 2, repeated: 0 }],
  ])('%s', (_, numbers, expected) => {
    expect(audit(series(...numbers), 3)).toMatchObject(expected);
  });

  test('does not mind a repetition that says so', () => {
    expect(audit(series(10, 11, 10), 2).repeated).toBe(0);
  });
});

describe('the table', () => {
  const finding = (verdict: Verdict): Finding => ({
    promise: 'this',
    verdict,
    figure: '1 of 2',
    sentence: 'so it is',
    advice: 'do that',
  });

  test('shows what to do unless the promise is kept', () => {
    expect(lineOf(finding('kept'))).toMatch(/^kept +this +1 of 2 +so it is\n$/);
    expect(lineOf(finding('limited'))).toMatch(/^limited .*\n +→ do that\n$/);
    expect(lineOf(finding('broken'))).toMatch(/^broken .*\n +→ do that\n$/);
  });

  test.each([
    [['kept', 'kept'], 0, 'all 2 promises are kept'],
    [['kept', 'limited'], 0, 'all 2 promises are kept, 1 of them within a bound'],
    [['kept', 'not tested'], 2, '1 of 2 promises could not be tested'],
    [['broken', 'not tested'], 1, '1 of 2 promises is broken'],
  ] as const)('%j ends with %i', (verdicts, code, summary) => {
    const findings = verdicts.map(finding);
    expect(exitCodeOf(findings)).toBe(code);
    expect(summaryOf(findings)).toBe(summary);
  });

  test('tells all faults of a promise in one sentence', () => {
    const promised = { promise: 'this', advice: 'do that' };
    const kept = { ...promised, verdict: 'kept', figure: '1', sentence: 'fine' };
    expect(judge(promised, [], '1', 'fine')).toEqual(kept);
    const broken = { ...promised, verdict: 'broken', figure: '1', sentence: 'a; b' };
    expect(judge(promised, ['a', 'b'], '1', 'fine')).toEqual(broken);
  });
});

describe('an address', () => {
  test.each([
    ['mqtt://broker', { host: 'broker', port: 1_883, tls: false }],
    ['mqtts://broker', { host: 'broker', port: 8_883, tls: true }],
    ['mqtt://[::1]:7', { host: '::1', port: 7, tls: false }],
    ['mqtt://a:b%40c@h', { host: 'h', port: 1_883, tls: false, username: 'a', password: 'b@c' }],
  ])('%s', (url, target) => {
    expect(targetOf(url)).toEqual(target);
  });

  test.each(['h:1883', 'mqtt://h:0', 'mqtt://h/x', 'mqtt://h?x=1', 'ws://h'])(
    'is not %s',
    (url) => {
      expect(() => targetOf(url)).toThrow(expect.objectContaining({ code: 'N2O_CONFIG_OPTION' }));
    },
  );
});
