/** The small parts that a client is made of. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { addressOf } from '../src/address.ts';
import { type Arrival, Arrivals } from '../src/arrivals.ts';
import { delayOf } from '../src/backoff.ts';
import { Emitter } from '../src/emitter.ts';
import { Outbox } from '../src/outbox.ts';
import { PacketIds } from '../src/packet-ids.ts';
import { responseOf } from '../src/rpc.ts';
import { settingsOf } from '../src/settings.ts';

describe('an address', () => {
  test.each([
    ['mqtt://localhost', { protocol: 'mqtt', hostname: 'localhost' }],
    ['tcp://10.0.0.1:2883', { protocol: 'mqtt', hostname: '10.0.0.1', port: 2883 }],
    ['mqtts://[::1]:8883', { protocol: 'mqtts', hostname: '::1', port: 8883 }],
    ['ws://[::1]:80/mqtt?a=1', { protocol: 'ws', hostname: '[::1]', path: '/mqtt?a=1' }],
    ['wss://n2o.example/mqtt', { protocol: 'wss', hostname: 'n2o.example', path: '/mqtt' }],
    ['mqtt://a%40b:p%2Fw@h', { protocol: 'mqtt', hostname: 'h', username: 'a@b', password: 'p/w' }],
    ['mqtt://h/', { protocol: 'mqtt', hostname: 'h' }],
    ['MQTT://h', { protocol: 'mqtt', hostname: 'h' }],
    ['mqtt://u:100%@h', { protocol: 'mqtt', hostname: 'h', username: 'u', password: '100%' }],
  ])('%s', (url, address) => {
    expect(addressOf(url)).toEqual(address);
  });

  test.each([
    ...['', 'localhost:1883', 'http://h', 'mqtt://', 'mqtt:/h', 'mqtt://::1:1883'],
    ...[
      'mqtt://h:0',
      'ws://h:0/mqtt',
      'mqtt://h:65536',
      'mqtt://h/x',
      'mqtt://h?x=1',
      'mqtt://h#x',
    ],
    // User and password with signs of their own: else "u" would be the host.
    ...['mqtt://u:12/3@h', 'mqtt://u:12#3@h', 'ws://u:12#3@h/mqtt'],
    undefined as unknown as string,
  ])('"%s" is refused', (url) => {
    expect(() => addressOf(url)).toThrow(expect.objectContaining({ code: 'N2O_CONFIG_OPTION' }));
  });

  test('that is not there is refused without advice on passwords', () => {
    expect(() => addressOf(undefined as unknown as string)).toThrow(/got "undefined"$/);
  });

  test('that is refused keeps its password', () => {
    expect(() => addressOf('amqp://user:secret@h')).toThrow(/amqp:\/\/\*\*\*@h/);
    for (const url of ['mqtt://user:secret/w@h', 'mqtt://u:12#secret@h', 'user:secret@h']) {
      expect(() => addressOf(url)).toThrow(/got "[^"]*\*\*\*@h" \(in user and password/);
      expect(() => addressOf(url)).not.toThrow(/secret/);
    }
  });
});

describe('settings', () => {
  test('have a random id that is one level, and another each time', () => {
    const ids = Array.from({ length: 100 }, () => settingsOf('mqtt://h', {}).id);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^n2o-[0-9a-z]{12}$/);
  });

  test.each([
    { id: '' },
    { id: 'a/b' },
    { id: '+' },
    { version: '#' },
    { vnodes: 0 },
    { vnodes: 257 },
    { keepalive: -1 },
    { timeout: 0 },
    { timeout: Number.NaN },
    { inflight: 0 },
    { qos: 3 as never },
    { format: 'yaml' as never },
  ])('%j are refused', (options) => {
    const [name = ''] = Object.keys(options);
    expect(() => settingsOf('mqtt://h', options)).toThrow(
      expect.objectContaining({
        code: 'N2O_CONFIG_OPTION',
        message: expect.stringContaining(name),
      }),
    );
  });
});

test('the wait between attempts doubles, differs, and has its bounds', () => {
  const bounds = { min: 100, max: 30_000 };
  expect(delayOf(0, bounds, 0)).toBe(50);
  expect(delayOf(3, bounds, 0.5)).toBe(600);
  fc.assert(
    fc.property(
      fc.nat(),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const delay = delayOf(attempt, bounds, random);
        expect(delay).toBeGreaterThanOrEqual(50);
        expect(delay).toBeLessThanOrEqual(30_000);
      },
    ),
  );
});

test('packet identifiers go round, from 1 to 65535, and pass over those in use', () => {
  const ids = new PacketIds(65_533);
  expect([ids.take(), ids.take(), ids.take()]).toEqual([65_534, 65_535, 1]);
  const round = new PacketIds(0);
  for (let i = 0; i < 65_535; i++) round.take();
  round.free(7);
  round.free(3);
  expect([round.take(), round.take()]).toEqual([3, 7]);
});

test('what is in flight is bounded', () => {
  const outbox = new Outbox(new PacketIds(0));
  const message = { topic: 't', payload: new Uint8Array(), qos: 1, retain: false } as const;
  for (let i = 0; i < 32_768; i++) outbox.add(message, () => {});
  const busy = expect.objectContaining({ code: 'N2O_BUSY_CLIENT' });
  expect(() => outbox.add(message, () => {})).toThrow(busy);
  outbox.acknowledged(1);
  outbox.add(message, () => {});
});

describe('arrivals', () => {
  const arrival = (id: number, text: string, dup = false): Arrival => ({
    topic: 'a',
    payload: new TextEncoder().encode(text),
    qos: 1,
    retain: false,
    dup,
    id,
  });

  test('are repetitions when an earlier connection had the same, and only with DUP', () => {
    const arrivals = new Arrivals(true);
    expect(arrivals.accept(arrival(1, 'x'))).toBe(true);
    expect(arrivals.accept(arrival(1, 'x', true))).toBe(true);
    arrivals.connected(true);
    expect(arrivals.accept(arrival(1, 'y', true))).toBe(true);
    arrivals.connected(true);
    expect(arrivals.accept(arrival(1, 'y', true))).toBe(false);
    arrivals.connected(true);
    expect(arrivals.accept(arrival(1, 'y', true))).toBe(false);
    expect(arrivals.accept(arrival(1, 'y'))).toBe(true);
  });

  test('of QoS 2 are repetitions until their identifier is released', () => {
    const arrivals = new Arrivals(true);
    const delivery = { ...arrival(1, 'x'), qos: 2 } as const;
    expect(arrivals.accept(delivery)).toBe(true);
    expect(arrivals.accept(delivery)).toBe(false);
    arrivals.connected(true);
    expect(arrivals.accept(delivery)).toBe(false);
    arrivals.released(1);
    expect(arrivals.accept(delivery)).toBe(true);
    arrivals.connected(false);
    expect(arrivals.accept(delivery)).toBe(true);
  });

  test('of a session that is gone are forgotten', () => {
    const arrivals = new Arrivals(true);
    arrivals.accept(arrival(1, 'x'));
    arrivals.connected(false);
    expect(arrivals.accept(arrival(1, 'x', true))).toBe(true);
  });
});

test('a listener that throws harms neither the others nor who emits', () => {
  const later: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (task: () => void) => later.push(task));
  const emitter = new Emitter<{ tick: readonly [number] }>();
  const heard: number[] = [];
  emitter.on('tick', () => {
    throw new RangeError('mine');
  });
  const stop = emitter.on('tick', (n) => heard.push(n));
  emitter.emit('tick', 1);
  stop();
  emitter.emit('tick', 2);
  vi.unstubAllGlobals();
  expect(heard).toEqual([1]);
  expect(later[0]).toThrow('mine');
});

test('responses are read in each form that BERT has for text', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const response = new Map<unknown, unknown>([
    [bytes('jsonrpc'), bytes('2.0')],
    ['id', 'a'],
    [bytes('result'), 1],
  ]);
  expect(responseOf(response)).toEqual({ id: 'a', result: 1 });
  expect(responseOf({ jsonrpc: '2.0', id: 1, result: 1 })).toEqual({ id: undefined, result: 1 });
  expect(responseOf({ id: 'a', result: 1 })).toBeUndefined();
  expect(responseOf(null)).toBeUndefined();
});
