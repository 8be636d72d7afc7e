import { atom, type Bus, binary, createFormatters, N2OError, tuple } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { describe, expect, it } from 'vitest';
import { createBusMq, type MqOptions } from '../../../src/services/mq/mq.ts';
import { KnownBus } from './known-bus.ts';

const formatters = createFormatters();

/** A bus on which not everybody can be told. */
class UnevenBus extends KnownBus {
  readonly away = new Set<string>();
  readonly gone = new Set<string>();
  /** How many are told something at once, at most. */
  most = 0;
  #now = 0;

  override async tell(...[member, payload]: Parameters<Bus['tell']>): Promise<void> {
    this.most = Math.max(this.most, ++this.#now);
    await Promise.resolve();
    this.#now--;
    if (this.gone.has(member.client)) throw new N2OError('N2O_MEMBER_GONE');
    if (this.away.has(member.client)) throw new N2OError('N2O_BUSY_CLIENT');
    await super.tell(member, payload);
  }
}

function start(options: Partial<MqOptions> = {}) {
  const bus = new UnevenBus();
  const clock = { now: 1_000 };
  const store = createMemoryStore();
  const mq = createBusMq({ bus, store, formatters, now: () => clock.now, ...options });
  return { bus, clock, store, mq };
}

const alice = { client: 'alice', module: 'chat' };
const bob = { client: 'b/o/b', module: 'chat', version: '2' };

describe('a room', () => {
  it('loses who has left without a word when it is next spoken to', async () => {
    const { bus, mq } = start();
    await mq.reg('lobby', alice);
    await mq.reg('lobby', bob);
    bus.gone.add('alice');
    await mq.send('lobby', 'hi');
    expect(bus.said).toHaveLength(1);
    expect(await mq.members('lobby')).toEqual([bob]);
    await expect(mq.tell(alice, 'hi')).rejects.toMatchObject({ code: 'N2O_MEMBER_GONE' });
  });
});

describe('what is published', () => {
  it('is JSON, or bytes as they are', async () => {
    const { bus, mq } = start();
    await mq.publish('a', { b: 1 });
    await mq.publish('a', new Uint8Array([1, 2]), { qos: 0, retain: true });
    expect(bus.said).toEqual([
      { to: 'a', payload: binary('{"b":1}'), options: { qos: 1, retain: false } },
      { to: 'a', payload: new Uint8Array([1, 2]), options: { qos: 0, retain: true } },
    ]);
  });

  it('and cannot be written is refused', async () => {
    const { mq } = start();
    const said = mq.publish('a', () => {});
    await expect(said).rejects.toMatchObject({ code: 'N2O_FORMAT_ENCODE' });
  });
});

it('an action goes where the replies of the module go, in BERT or JSON', async () => {
  const { bus, mq } = start();
  await mq.action(alice, [1]);
  await mq.action(bob, [1], { format: 'json' });
  expect(bus.said).toMatchObject([
    { to: 'actions/1/chat/alice', payload: formatters.bert.encode([1]) },
    { to: 'actions/2/chat/b/o/b', payload: binary('[1]') },
  ]);
});

it('a module is told {server, Message}, the message as it was', async () => {
  const { bus, mq } = start();
  const message = {
    id: '7',
    line: { text: 'grüß' },
    parts: [tuple(atom('a'), binary('b')), 2n ** 64n],
  };
  await mq.tell(alice, message);
  const [{ to, payload } = { to: '', payload: binary('') }] = bus.said;
  expect(to).toBe('chat/1/alice');
  expect(formatters.json.decode(payload)).toEqual(tuple(atom('server'), message));
});

describe('a room', () => {
  it('has each member once, whatever its id, until it leaves', async () => {
    const { mq } = start();
    await mq.reg('lobby', alice);
    await mq.reg('lobby', alice);
    await mq.reg('lobby', bob);
    expect(await mq.members('lobby')).toEqual([{ ...alice, version: '1' }, bob]);
    await mq.unreg('lobby', alice);
    await mq.unreg('lobby', alice);
    expect(await mq.members('lobby')).toEqual([bob]);
    expect(await mq.members('elsewhere')).toEqual([]);
  });

  it('loses who does not renew, and forgets it', async () => {
    const { mq, clock, store } = start({ roomTtl: 100 });
    await mq.reg('lobby', alice);
    await mq.reg('lobby', bob);
    clock.now += 60;
    await mq.reg('lobby', bob);
    clock.now += 60;
    expect(await mq.members('lobby')).toEqual([bob]);
    expect(await store.extent('room/lobby')).toMatchObject({ count: 1 });
  });

  it('keeps who renews a bit too late, at the moment in which it is spoken to', async () => {
    const { mq, clock } = start({ roomTtl: 1_000 });
    await mq.reg('lobby', alice);
    clock.now += 1_010;
    const members = mq.members('lobby');
    await mq.reg('lobby', alice);
    expect(await members).toEqual([]);
    expect(await mq.members('lobby')).toEqual([{ ...alice, version: '1' }]);
  });

  it('has a bound, which does not count who has left without a word', async () => {
    const { mq, clock } = start({ roomTtl: 100, roomLimit: 2 });
    await mq.reg('lobby', alice);
    clock.now += 60;
    await mq.reg('lobby', bob);
    const third = { client: 'c', module: 'chat' };
    await expect(mq.reg('lobby', third)).rejects.toMatchObject({ code: 'N2O_ROOM_LIMIT' });
    await mq.reg('lobby', bob);
    clock.now += 60;
    await mq.reg('lobby', third);
    expect(await mq.members('lobby')).toHaveLength(2);
  });

  it('is told to all, some at a time, also if one of them cannot be', async () => {
    const { mq, bus } = start();
    for (let i = 0; i < 200; i++) await mq.reg('lobby', { client: `c${i}`, module: 'chat' });
    bus.away.add('c3');
    await expect(mq.send('lobby', 'hi')).rejects.toMatchObject({ code: 'N2O_BUSY_CLIENT' });
    expect(bus.said).toHaveLength(199);
    expect(bus.most).toBe(64);
  });

  it('without a name, or a member that no topic can name, is refused', async () => {
    const { mq } = start();
    await expect(mq.reg('', alice)).rejects.toMatchObject({ code: 'N2O_TOPIC_NAME' });
    const odd = mq.reg('lobby', { client: 'a', module: 'x/y' });
    await expect(odd).rejects.toMatchObject({ code: 'N2O_TOPIC_NAME' });
  });
});
