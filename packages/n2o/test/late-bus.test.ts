import { type Bus, type Logger, N2OError } from '@n2o/shared';
import { expect, it, vi } from 'vitest';
import { createLateBus } from '../src/late-bus.ts';

const quiet = () => {};
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const member = { client: 'c', module: 'm', version: '1' };
const bytes = new Uint8Array([1]);
const ONCE = { qos: 1, retain: false } as const;

/** A bus that writes down what it is asked for. */
function known(failure?: N2OError) {
  const said: string[] = [];
  const settled = () => (failure ? Promise.reject(failure) : Promise.resolve());
  const bus: Bus = {
    publish(topic) {
      said.push(`publish ${topic}`);
      return settled();
    },
    tell({ client }) {
      said.push(`tell ${client}`);
      return settled();
    },
    async subscribe(filter) {
      said.push(`subscribe ${filter}`);
      return { unsubscribe: async () => void said.push(`unsubscribe ${filter}`) };
    },
  };
  return { bus, said };
}

it('what is said and heard before the bus is there waits for it, in its order', async () => {
  const { bus, arrive } = createLateBus(log);
  const subscription = await bus.subscribe('a/#', quiet);
  const needless = await bus.subscribe('b', quiet);
  await bus.publish('a', bytes, ONCE);
  await bus.tell(member, bytes);
  await needless.unsubscribe();
  const late = known();
  arrive(late.bus);
  expect(late.said).toEqual(['subscribe a/#', 'publish a', 'tell c']);
  await bus.publish('b', bytes, ONCE);
  await subscription.unsubscribe();
  expect(late.said.slice(3)).toEqual(['publish b', 'unsubscribe a/#']);
});

it('what goes wrong when it is there is logged', async () => {
  const error = vi.fn();
  const { bus, arrive } = createLateBus({ ...log, error });
  await bus.tell(member, bytes);
  arrive(known(new N2OError('N2O_BUSY_CLIENT')).bus);
  await vi.waitFor(() => expect(error).toHaveBeenCalledOnce());
});

it('what can never be said is refused at once, and so is what is too much', async () => {
  const { bus } = createLateBus(log);
  const forbidden = bus.publish('n2o/x', bytes, ONCE);
  await expect(forbidden).rejects.toMatchObject({ code: 'N2O_TOPIC_FORBIDDEN' });
  const nobody = bus.tell({ ...member, client: '' }, bytes);
  await expect(nobody).rejects.toMatchObject({ code: 'N2O_TOPIC_NAME' });
  const filter = bus.subscribe('a/#/b', quiet);
  await expect(filter).rejects.toMatchObject({ code: 'N2O_TOPIC_FILTER' });
  const large = bus.publish('a', new Uint8Array(17 * 1024 * 1024), ONCE);
  await expect(large).rejects.toMatchObject({ code: 'N2O_BUS_UNAVAILABLE' });
  for (let i = 0; i < 10_000; i++) await bus.publish('a', bytes, ONCE);
  const another = bus.publish('a', bytes, ONCE);
  await expect(another).rejects.toMatchObject({ code: 'N2O_BUS_UNAVAILABLE' });
});
