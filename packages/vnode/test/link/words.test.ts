import { describe, expect, it } from 'vitest';
import { ownershipTopic, type Presence, presenceTopic, readWord } from '../../src/link/words.ts';

const PRESENCE: Presence = { host: 'a', instance: 'i', vnodes: 16, workers: 2, state: 'up' };

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('what hosts tell each other', () => {
  it('is read as it was printed', () => {
    const topic = presenceTopic('a');
    expect(topic).toBe('n2o/hosts/a');
    expect(readWord(topic, bytes(PRESENCE))).toEqual({ host: 'a', presence: PRESENCE });
    const ownership = { host: 'a', epoch: 3 };
    expect(ownershipTopic(12)).toBe('n2o/vnodes/12');
    expect(readWord('n2o/vnodes/12', bytes(ownership))).toEqual({ vnode: 12, ownership });
  });

  it('is beside what the broker says of itself', () => {
    expect(readWord('n2o/cluster', bytes({ vnodes: 16 }))).toEqual({ counted: 16 });
    const told = { vnodes: 16, maxPacketSize: 1_000 };
    expect(readWord('n2o/cluster', bytes(told))).toEqual({ counted: 16, packetSize: 1_000 });
    expect(readWord('n2o/cluster', new Uint8Array())).toBeUndefined();
  });

  it('is gone where the message is empty', () => {
    const nothing = new Uint8Array();
    expect(readWord('n2o/hosts/a', nothing)).toEqual({ host: 'a', presence: undefined });
    expect(readWord('n2o/vnodes/1', nothing)).toEqual({ vnode: 1, ownership: undefined });
  });

  it.each([
    ['n2o/hosts/a', '{'],
    ['n2o/hosts/a', 'null'],
    ['n2o/hosts/a', '7'],
    ['n2o/hosts/b', JSON.stringify(PRESENCE)],
    ['n2o/hosts/a', JSON.stringify({ ...PRESENCE, state: 'asleep' })],
    ['n2o/vnodes/1', '{}'],
    ['n2o/vnodes/1', '{"host":"a","epoch":"1"}'],
    ['n2o/vnodes/0', '{"host":"a","epoch":1}'],
    ['n2o/vnodes/x', '{"host":"a","epoch":1}'],
    ['n2o/other', '{}'],
  ])('is nothing where it makes no sense: %s %s', (topic, payload) => {
    expect(readWord(topic, Buffer.from(payload))).toBeUndefined();
  });
});
