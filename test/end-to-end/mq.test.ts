import { expect, it } from 'vitest';
import { start } from './n2o.ts';

/** Hears orders from the beginning, before there is a broker, and tells the cook of each. */
const KITCHEN = `
  export async function init({ services: { mq } }) {
    await mq.subscribe('orders/+', ({ topic, payload }) => {
      const dish = new TextDecoder().decode(payload);
      void mq.tell({ client: topic.split('/')[1], module: 'kitchen' }, dish);
    });
    await mq.publish('menu', ['soup', 'bread'], { retain: true });
  }
  export function event(message, { origin, services: { mq } }) {
    if (origin === 'server') void mq.publish('cooking', { dish: message.items[1] });
  }`;

it('modules of n2o start publish and hear from their init on, and tell clients', async () => {
  const { connect } = await start(
    { 'kitchen.ts': KITCHEN },
    '--protocols',
    'app',
    '--workers',
    '1',
  );
  const guest = await connect({ clientId: 'guest' });
  const heard = new Map<string, (text: string) => void>();
  const once = (topic: string) => new Promise<string>((resolve) => heard.set(topic, resolve));
  guest.on('message', (topic, payload) => heard.get(topic)?.(payload.toString()));
  const menu = once('menu');
  const cooking = once('cooking');
  await guest.subscribeAsync(['menu', 'cooking'], { qos: 1 });
  expect(await menu).toBe('["soup","bread"]');
  await guest.publishAsync('orders/cook', 'soup', { qos: 1 });
  expect(await cooking).toBe('{"dish":"soup"}');
}, 30_000);
