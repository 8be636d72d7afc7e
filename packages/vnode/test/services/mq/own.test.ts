import { type Bus, createFormatters } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { expect, it } from 'vitest';
import { createBusMq } from '../../../src/services/mq/mq.ts';
import { createOwnMq } from '../../../src/services/mq/own.ts';

it('what one loading of the code hears ends with it, and nothing else does', async () => {
  const heard: string[] = [];
  const said: string[] = [];
  const listeners = new Map<string, () => void>();
  const bus: Bus = {
    publish: async (topic) => void said.push(topic),
    tell: async ({ client }) => void said.push(client),
    async subscribe(filter) {
      listeners.set(filter, () => void heard.push(filter));
      return { unsubscribe: async () => void listeners.delete(filter) };
    },
  };
  const formatters = createFormatters();
  const shared = createBusMq({ bus, store: createMemoryStore(), formatters });
  const one = createOwnMq(shared);
  const other = createOwnMq(shared);
  const early = await one.mq.subscribe('early', () => {});
  await one.mq.subscribe('one', () => {});
  await other.mq.subscribe('other', () => {});
  await early.unsubscribe();
  expect([...listeners.keys()]).toEqual(['one', 'other']);
  const late = one.mq.subscribe('late', () => {});
  await one.close();
  await one.close();
  await late;
  expect([...listeners.keys()]).toEqual(['other']);

  const member = { client: 'c', module: 'm' };
  await other.mq.publish('topic', 1);
  await other.mq.action(member, 1);
  await other.mq.tell(member, 1);
  await other.mq.reg('room', member);
  await other.mq.send('room', 1);
  expect(await one.mq.members('room')).toHaveLength(1);
  await other.mq.unreg('room', member);
  expect(await one.mq.members('room')).toEqual([]);
  expect(said).toEqual(['topic', 'actions/1/m/c', 'c', 'c']);
});
