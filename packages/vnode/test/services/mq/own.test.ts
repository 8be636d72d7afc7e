import { createFormatters, textOf } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { expect, it } from 'vitest';
import { createBusMq } from '../../../src/services/mq/mq.ts';
import { createOwnMq } from '../../../src/services/mq/own.ts';
import { type Line, logInto } from '../../runtime/started.ts';
import { KnownBus } from './known-bus.ts';

it('what one loading of the code hears ends with it, and nothing else does', async () => {
  const bus = new KnownBus();
  const filters = () => [...bus.listeners].map(({ filter }) => filter);
  const formatters = createFormatters();
  const shared = createBusMq({ bus, store: createMemoryStore(), formatters });
  const one = createOwnMq(shared, logInto([]));
  const other = createOwnMq(shared, logInto([]));
  const early = await one.mq.subscribe('early', () => {});
  await one.mq.subscribe('one', () => {});
  await other.mq.subscribe('other', () => {});
  await early.unsubscribe();
  expect(filters()).toEqual(['one', 'other']);
  const late = one.mq.subscribe('late', () => {});
  await one.close();
  await one.close();
  await late;
  expect(filters()).toEqual(['other']);

  const member = { client: 'c', module: 'm' };
  await other.mq.publish('topic', 1);
  await other.mq.action(member, 1);
  await other.mq.tell(member, 1);
  await other.mq.reg('room', member);
  await other.mq.send('room', 1);
  expect(await one.mq.members('room')).toHaveLength(1);
  await other.mq.unreg('room', member);
  expect(await one.mq.members('room')).toEqual([]);
  expect(bus.said.map(({ to }) => to)).toEqual(['topic', 'actions/1/m/c', 'm/1/c', 'm/1/c']);
});

it('what an asynchronous listener throws is logged', async () => {
  const bus = new KnownBus();
  const lines: Line[] = [];
  const shared = createBusMq({ bus, store: createMemoryStore(), formatters: createFormatters() });
  const { mq } = createOwnMq(shared, logInto(lines));
  await mq.subscribe('sensors/#', async ({ payload }) => {
    await null;
    JSON.parse(textOf(payload) ?? '');
  });
  bus.hear('sensors/#', 'hot');
  await expect.poll(() => lines).toMatchObject([{ text: 'a listener threw' }]);
});
