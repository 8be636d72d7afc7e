import { describe, expect, test } from 'vitest';
import { type Exchange, type Fate, fateOf } from '../src/fate.ts';
import type { Parcel } from '../src/outbox.ts';

interface Case {
  readonly kind?: Exchange['kind'];
  readonly qos?: 0 | 1 | 2;
  readonly isSent?: boolean;
  readonly isAcknowledged?: boolean;
  readonly isAwaited?: boolean;
  readonly isOurs?: boolean;
  readonly isResumed?: boolean;
}

function fate({
  kind = 'call',
  qos = 1,
  isSent = true,
  isAcknowledged = false,
  isAwaited = true,
  isOurs = true,
  isResumed,
}: Case): Fate {
  const state = { sent: isSent, acknowledged: isAcknowledged, received: false, held: false };
  const message = { topic: 't', payload: new Uint8Array(), retain: false, id: 1, settle() {} };
  const parcel: Parcel | undefined = qos === 0 ? undefined : { ...message, ...state, qos };
  return fateOf({ kind, parcel, isAwaited }, isOurs, isResumed);
}

const bools = [true, false];

test('with QoS 0 nobody can tell', () => {
  for (const isOurs of bools) expect(fate({ qos: 0, isOurs })).toBe('lost');
});

test('what was not sent yet has nothing to lose', () => {
  for (const isOurs of bools) {
    for (const isResumed of bools) {
      expect(fate({ isSent: false, isOurs, isResumed })).toBe('kept');
    }
  }
});

describe('on our broker', () => {
  test('whatever is waited for is answered, since it is repeated', () => {
    for (const isAcknowledged of bools) {
      for (const isResumed of bools) {
        expect(fate({ isAcknowledged, isResumed })).toBe('kept');
      }
    }
  });

  test('what was acknowledged and nobody waits for is over with its session', () => {
    const over = { isAcknowledged: true, isAwaited: false };
    expect(fate({ ...over, isResumed: false })).toBe('gone');
    expect(fate({ ...over, isResumed: true })).toBe('kept');
    expect(fate({ isAwaited: false, isResumed: false })).toBe('kept');
  });
});

describe('on a standard broker', () => {
  const isOurs = false;

  test('a request is known by its id', () => {
    for (const isAcknowledged of bools) {
      expect(fate({ kind: 'request', isOurs, isAcknowledged, isResumed: false })).toBe('kept');
    }
  });

  test('an acknowledged call is answered if its session is kept', () => {
    expect(fate({ isOurs, isAcknowledged: true, isResumed: true })).toBe('kept');
    expect(fate({ isOurs, isAcknowledged: true })).toBe('kept');
    expect(fate({ isOurs, isAcknowledged: true, isResumed: false })).toBe('lost');
  });

  test('a repetition is known to be one with QoS 2 alone, in a session that is kept', () => {
    expect(fate({ isOurs, qos: 1, isResumed: true })).toBe('lost');
    expect(fate({ isOurs, qos: 2, isResumed: true })).toBe('kept');
    expect(fate({ isOurs, qos: 2, isResumed: false })).toBe('lost');
  });
});
