import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits.ts';
import { Retained } from '../../src/routing/retained.ts';

function open(limits: Partial<Limits> = {}) {
  const retained = new Retained({ ...DEFAULT_LIMITS, ...limits });
  const store = (topic: string, payload: string) =>
    retained.store({ topic, payload: Buffer.from(payload), qos: 1, retain: true });
  const select = (filter: string) =>
    [...retained.candidates(filter)]
      .filter((message) => retained.isSelected(filter, message))
      .map(({ topic, payload }) => `${topic}=${Buffer.from(payload)}`);
  return { retained, store, select };
}

describe('Retained', () => {
  it('keeps the last message of each topic [MQTT-3.3.1-5]', () => {
    const { retained, store, select } = open();
    store('a', '1');
    store('b', '2');
    store('a', '33');
    expect(select('#').sort()).toEqual(['a=33', 'b=2']);
    expect([retained.size, retained.bytes]).toEqual([2, 3]);
  });

  it('forgets a topic when an empty message comes, and keeps that one not [MQTT-3.3.1-10] [MQTT-3.3.1-11]', () => {
    const { retained, store, select } = open();
    store('a', '1');
    expect(store('a', '')).toBe(true);
    expect(store('never', '')).toBe(true);
    expect(select('#')).toEqual([]);
    expect([retained.size, retained.bytes]).toEqual([0, 0]);
  });

  it.each([
    ['a/b', ['a/b=1']],
    ['a/+', ['a/b=1', 'a/c=2']],
    ['a/#', ['a/b=1', 'a/c=2', 'a=0']],
    ['+', ['a=0']],
    ['+/+', ['/x=5', 'a/b=1', 'a/c=2', 'ab/c=3']],
    ['/+', ['/x=5']],
    ['#', ['/x=5', 'a/b=1', 'a/c=2', 'a=0', 'ab/c=3']],
    ['$SYS/#', ['$SYS/up=4']],
    ['$SYS/+', ['$SYS/up=4']],
    ['+/up', []],
    ['a', ['a=0']],
    ['a/b/#', ['a/b=1']],
    ['a/b/+', []],
    ['nothing', []],
  ])('selects with %s what the filter matches', (filter, expected) => {
    const { store, select } = open();
    const topics = { a: '0', 'a/b': '1', 'a/c': '2', 'ab/c': '3', '$SYS/up': '4', '/x': '5' };
    for (const [topic, payload] of Object.entries(topics)) store(topic, payload);
    expect(select(filter).sort()).toEqual(expected);
  });

  it.each(['a', '#'])('shows with %s what is kept when it is looked at, not before', (filter) => {
    const { retained, store } = open();
    store('a', 'old');
    const candidates = retained.candidates(filter);
    store('a', 'new');
    expect([...candidates].map(({ payload }) => `${payload}`)).toEqual(['new']);
  });

  it('is not confused by names that objects inherit', () => {
    const { store, select } = open();
    expect(select('__proto__')).toEqual([]);
    store('__proto__', 'x');
    expect(select('__proto__')).toEqual(['__proto__=x']);
    expect(select('constructor')).toEqual([]);
  });

  it('keeps as many as it may, and still replaces and forgets what it has', () => {
    const { store, select } = open({ retained: 2 });
    expect(['a', 'b', 'c'].map((topic) => store(topic, '1'))).toEqual([true, true, false]);
    expect(store('b', '2')).toBe(true);
    expect(store('a', '')).toBe(true);
    expect(store('c', '3')).toBe(true);
    expect(select('#').sort()).toEqual(['b=2', 'c=3']);
  });

  it('keeps as many bytes as it may; what does not fit leaves the old message as it was', () => {
    const { retained, store, select } = open({ retainedBytes: 10 });
    expect([store('a', '12345'), store('b', '12345'), store('c', '1')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(store('a', '123456')).toBe(false);
    expect(select('a')).toEqual(['a=12345']);
    expect(store('a', '1')).toBe(true);
    expect(retained.bytes).toBe(6);
  });
});
