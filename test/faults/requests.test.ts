/** Whoever verifies is verified first: each kind of fault is found, and what is none is not. */
import { describe, expect, it } from 'vitest';
import { Findings } from './findings.ts';
import { KINDS, type Kind } from './kinds.ts';
import { Requests } from './requests.ts';

const [KEYED, , UNKEYED] = KINDS as [Kind, Kind, Kind];

/** A device that has asked three requests, on its first connection. */
function asked(kind = KEYED, kept = true) {
  const faults: string[] = [];
  const findings = new Findings();
  const fault = (text: string) => void faults.push(text);
  const requests = new Requests({ client: 'dev', kind, kept, findings, fault });
  for (let i = 0; i < 3; i++) requests.next(1);
  /** Hears answers: `n`, or `n:count`. */
  const hear = (connection: number, ...answers: string[]) => {
    for (const answer of answers) {
      const [n, count] = answer.split(':').map(Number);
      requests.heard(Buffer.from(JSON.stringify({ n, count })), connection);
    }
  };
  const refuse = () =>
    requests.heard(Buffer.from('{"error":"N2O_BUSY_STORE","message":"busy"}'), 1);
  return { requests, faults, findings, hear, refuse };
}

describe('answers', () => {
  it('to every request, in order, each effect once, are as they should be', () => {
    const { requests, faults, hear } = asked();
    hear(1, '1:1', '2:2', '3:3');
    requests.check(new Set());
    expect(faults).toEqual([]);
  });

  it('out of order are found', () => {
    const { faults, hear } = asked();
    hear(1, '2:2');
    expect(faults).toEqual(['2 was answered before 1']);
  });

  it('may come again, wherever they were, but must say the same', () => {
    const { faults, findings, hear } = asked();
    hear(1, '1:1', '2:2', '1:1');
    expect(faults).toEqual([]);
    expect(findings.of('repeated answers')).toBe(1);
    hear(1, '2:3');
    expect(faults).toEqual(['2 was answered 2, then 3']);
  });

  it('to nothing are found', () => {
    const { faults, hear } = asked();
    hear(1, '4:4');
    expect(faults).toEqual(['an answer to 4, which was not asked']);
  });

  it('that never came are found', () => {
    const { requests, faults, hear } = asked();
    hear(1, '1:1', '2:2');
    requests.check(new Set());
    expect(faults).toEqual(['3 was not answered']);
  });

  it('behind an error may change their order', () => {
    const { faults, findings, hear, refuse } = asked();
    refuse();
    hear(1, '2:1', '1:2', '3:3');
    expect(faults).toEqual([]);
    expect(findings.errors).toEqual(['N2O_BUSY_STORE']);
  });

  it('to what was asked in a session that is over may come in any order, but not those of one that is kept', () => {
    const clean = asked(KEYED, false);
    clean.hear(2, '2:2');
    expect(clean.faults).toEqual([]);
    const kept = asked(KEYED, true);
    kept.hear(2, '2:2');
    expect(kept.faults).toEqual(['2 was answered before 1']);
  });
});

describe('effects', () => {
  it('that are there twice are found by the count that nobody was told', () => {
    const { requests, faults, hear } = asked();
    hear(1, '1:1', '2:3', '3:4');
    requests.check(new Set());
    expect(faults).toEqual(['no answer has the count 2 of 3']);
  });

  it('that are lost are found by the count that comes again', () => {
    const { requests, faults, hear } = asked();
    hear(1, '1:1', '2:1', '3:2');
    requests.check(new Set());
    expect(faults).toEqual(['no answer has the count 3 of 3']);
  });

  it('of requests without keys must be in the journal, once or more', () => {
    const { requests, faults, hear } = asked(UNKEYED);
    hear(1, '1', '2', '3');
    requests.check(new Set(['dev 1', 'dev 3']));
    expect(faults).toEqual(['2 had no effect']);
  });
});
