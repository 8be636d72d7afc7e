import { N2OError } from '@n2o/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Opened } from '../src/envelopes.ts';
import type { Parcel } from '../src/outbox.ts';
import { Replies, type Slot } from '../src/replies.ts';

const action = (value: unknown): Opened => ({
  module: 'm',
  payload: new Uint8Array(),
  message: { format: 'json', value },
});

const parcel = (): Parcel => ({
  topic: 'events/1//m/c',
  payload: new Uint8Array(),
  qos: 1,
  retain: false,
  id: 1,
  sent: true,
  received: false,
  acknowledged: false,
  held: false,
  settle() {},
});

/** A queue with a record of what its slots were settled with. */
function recorded(doubt = false) {
  const replies = new Replies(doubt);
  const got: Record<string, unknown> = {};
  const settle = (name: string) => (reply: Opened | N2OError) => {
    got[name] =
      reply instanceof N2OError || reply.message instanceof N2OError
        ? 'error'
        : reply.message.value;
  };
  return {
    replies,
    got,
    call: (name: string, sent?: Parcel) => replies.call(settle(name), sent),
    request: (id: string, sent?: Parcel) => replies.request(id, settle(id), sent),
    plain: (value: unknown) => replies.take(action(value), undefined, false),
    response: (id: string) => replies.take(action(`response ${id}`), id, false),
    error: (value: unknown) => replies.take(action(value), undefined, true),
  };
}

describe('plain replies', () => {
  test('go to the calls in their order', () => {
    const { call, plain, got } = recorded();
    call('a');
    call('b');
    expect([plain(1), plain(2), plain(3)]).toEqual([true, true, false]);
    expect(got).toEqual({ a: 1, b: 2 });
  });

  test('pass over requests', () => {
    const { call, request, plain, response, got } = recorded();
    request('r');
    call('a');
    expect(plain(1)).toBe(true);
    expect(response('r')).toBe(true);
    expect(got).toEqual({ a: 1, r: 'response r' });
  });

  test('of an abandoned call are not those of the next', () => {
    const { replies, call, plain, got } = recorded();
    const late = call('late');
    call('next');
    replies.abandon(late);
    expect([plain('late'), plain('next')]).toEqual([false, true]);
    expect(got).toEqual({ next: 'next' });
  });

  test('to what was never sent are not expected', () => {
    const { replies, call, plain, got } = recorded();
    const unsent = call('unsent');
    call('next');
    replies.cancel(unsent);
    expect(plain('next')).toBe(true);
    expect(got).toEqual({ next: 'next' });
  });
});

describe('doubt', () => {
  test('is there after a send, an abandoned call, and in a session that is older', () => {
    const sent = recorded();
    sent.replies.send(undefined);
    const abandoned = recorded();
    abandoned.replies.abandon(abandoned.call('a'));
    const fresh = recorded();
    fresh.call('a');
    expect(sent.replies.isDoubtful).toBe(true);
    expect(abandoned.replies.isDoubtful).toBe(true);
    expect(recorded(true).replies.isDoubtful).toBe(true);
    expect(fresh.replies.isDoubtful).toBe(false);
  });

  test('ends with a request that follows, and is over with its response', () => {
    const { replies, call, request, plain, response, got } = recorded();
    replies.send(undefined);
    request('mark');
    expect(replies.isDoubtful).toBe(false);
    call('next');
    response('mark');
    expect(plain('next')).toBe(true);
    expect(got).toMatchObject({ next: 'next' });
  });

  test('holds back what comes before the response', () => {
    const { replies, call, request, plain, response, got } = recorded();
    replies.send(undefined);
    request('mark');
    call('next');
    expect(plain('to what was sent')).toBe(false);
    response('mark');
    plain('next');
    expect(got).toMatchObject({ next: 'next' });
  });
});

describe('error frames', () => {
  test('are for the first that waits, whatever it is', () => {
    const { call, request, error, got } = recorded();
    request('r');
    call('a');
    expect([error('one'), error('two'), error('three')]).toEqual([true, true, false]);
    expect(got).toEqual({ r: 'one', a: 'two' });
  });

  test('of what was sent before hit no call', () => {
    const { replies, request, error, got } = recorded();
    replies.send(undefined);
    request('r');
    expect(error('one')).toBe(false);
    expect(got).toEqual({});
  });
});

describe('after the connection broke', () => {
  const broken = new N2OError('N2O_CLIENT_CONNECT');

  test('what may never be answered is rejected, and what could not be told from it', () => {
    const { replies, call, request, plain, got } = recorded();
    call('kept before');
    call('lost', parcel());
    call('behind it');
    request('mark');
    call('kept after');
    replies.reconnect(broken, (exchange) => (exchange.parcel ? 'lost' : 'kept'));
    expect(got).toEqual({ lost: 'error', 'behind it': 'error' });
    expect(plain(1)).toBe(true);
    expect(plain('maybe of the lost one')).toBe(false);
    replies.take(action('response'), 'mark', false);
    expect(plain(2)).toBe(true);
    expect(got).toMatchObject({ 'kept before': 1, 'kept after': 2 });
  });

  test('what is gone is not waited for', () => {
    const { replies, call, plain, got } = recorded();
    replies.send(parcel());
    call('a');
    replies.reconnect(broken, (exchange) => (exchange.parcel ? 'gone' : 'kept'));
    expect(plain(1)).toBe(true);
    expect(got).toEqual({ a: 1 });
  });
});

test('a response tells that what came before it will not be answered', () => {
  const { call, request, response, got } = recorded();
  call('silent');
  request('r');
  response('r');
  expect(got).toEqual({ silent: 'error', r: 'response r' });
});

test('what nobody waits for is kept small', () => {
  const { replies, call, request, plain, response, got } = recorded();
  for (let i = 0; i < 10_000; i++) {
    replies.send(undefined);
    replies.request(`mark ${i}`, undefined, undefined);
    replies.abandon(call(`call ${i}`));
  }
  request('last mark');
  call('next');
  for (let i = 0; i < 300; i++) plain(i);
  response('last mark');
  plain('next');
  expect(got).toMatchObject({ next: 'next' });
});

test('no call ever gets the reply of another', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant('call' as const) },
    { weight: 1, arbitrary: fc.constant('request' as const) },
    { weight: 1, arbitrary: fc.constant('silent call' as const) },
    { weight: 1, arbitrary: fc.constantFrom('send', 'answered send', 'failed send') },
    { weight: 2, arbitrary: fc.constant('time out' as const) },
    { weight: 4, arbitrary: fc.constant('reply' as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const replies = new Replies(false);
      /** What the server is going to say, in its order. */
      const coming: { value: string; id?: string; isError?: boolean }[] = [];
      const live: { slot: Slot; name: string }[] = [];
      const wrong: string[] = [];
      const settled = new Set<string>();
      let count = 0;

      const settle = (name: string) => (reply: Opened | N2OError) => {
        settled.add(name);
        if (reply instanceof N2OError || reply.message instanceof N2OError) return;
        if (reply.message.value !== name) wrong.push(`${name} got ${reply.message.value}`);
      };
      const mark = () => {
        if (!replies.isDoubtful) return;
        const id = `mark ${++count}`;
        replies.request(id, undefined, undefined);
        coming.push({ value: id, id });
      };
      const deliver = () => {
        const next = coming.shift();
        if (next) replies.take(action(next.value), next.id, next.isError ?? false);
      };

      for (const kind of steps) {
        const name = `${kind} ${++count}`;
        if (kind === 'call') {
          mark();
          live.push({ name, slot: replies.call(settle(name), undefined) });
          coming.push({ value: name });
        } else if (kind === 'request') {
          live.push({ name, slot: replies.request(name, settle(name), undefined) });
          coming.push({ value: name, id: name });
        } else if (kind === 'silent call') {
          // Nobody can tell whose reply comes while it waits: it is waited for alone.
          while (coming.length > 0) deliver();
          mark();
          const slot = replies.call(settle(name), undefined);
          while (coming.length > 0) deliver();
          replies.abandon(slot);
        } else if (kind === 'time out') {
          const index = live.findIndex((one) => !settled.has(one.name));
          const [oldest] = index < 0 ? [] : live.splice(index, 1);
          if (oldest) replies.abandon(oldest.slot);
        } else if (kind === 'reply') deliver();
        else {
          replies.send(undefined);
          if (kind === 'answered send') coming.push({ value: name });
          if (kind === 'failed send') coming.push({ value: name, isError: true });
        }
      }
      while (coming.length > 0) deliver();
      expect(wrong).toEqual([]);
      // Nor is one forgotten: the property would hold for a queue that answers nobody.
      const waiting = live.filter(({ name, slot }) => !settled.has(name) && slot.settle);
      expect(waiting).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});
