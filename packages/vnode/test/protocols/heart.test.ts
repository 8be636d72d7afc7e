import { type Context, pageId } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { start } from '../runtime/started.ts';
import { startPages } from './pages.ts';

const echo = { app: { event: (message: unknown) => message } };

describe('the heart protocol', () => {
  it('answers PING with PONG', async () => {
    const { send } = await start({ modules: echo });
    expect(send('PING')).toMatchObject({ outcome: 'reply', text: 'PONG' });
  });

  it('takes an empty message in silence', async () => {
    const { send } = await start({ modules: echo });
    expect(send('').outcome).toBe('silent');
  });

  it('tells the module of a client that is gone, and answers nothing', async () => {
    const heard: unknown[] = [];
    const event = (message: unknown, { client }: Context) => {
      heard.push([message, client]);
      return 'not said';
    };
    const { send } = await start({ modules: { app: { event } } });
    const { outcome, bytes } = send('BYE', { client: 'dev1' });
    expect([outcome, bytes]).toEqual(['silent', undefined]);
    expect(heard).toEqual([['terminate', 'dev1']]);
  });

  it('waits for what the module does then, and says nothing of it either', async () => {
    let finish: (value: string) => void = () => {};
    const event = () => new Promise((resolve) => (finish = resolve));
    const { send } = await start({ modules: { app: { event } } });
    const sent = send('BYE');
    expect(sent.outcome).toBeUndefined();
    finish('not said');
    await expect.poll(() => sent.outcome).toBe('silent');
  });

  it('has nobody to tell where a module has no event', async () => {
    const { send } = await start({ modules: { app: { methods: {} } } });
    expect(send('BYE').outcome).toBe('silent');
  });

  it('forgets the conversation of a page whose connection is over, whatever the module does then', async () => {
    const event = (message: unknown) => {
      if (message === 'terminate') throw new RangeError('oops');
    };
    const { say, conversations } = await startPages({ modules: { index: { event } } });
    const page = { client: pageId('0123456789abcdefghijkl'), vnode: 7 };
    await say('N2O,', page);
    expect(await conversations.of(page)).toBeDefined();
    await say('BYE', page);
    expect(await conversations.of(page)).toBeUndefined();
  });

  it('remembers that of a client who may come back', async () => {
    const { say, conversations } = await startPages({ modules: { index: {} } });
    const device = { client: 'dev1', vnode: 7 };
    await say('N2O,', device);
    await say('BYE', device);
    expect(await conversations.of(device)).toBeDefined();
  });

  it.each(['ping', 'bye', 'BYE!', '"BYE"', 'PING ', '"PING"', 'PONG'])(
    'leaves %j to others',
    async (text) => {
      const { send } = await start({ modules: echo });
      expect(send(text).text).toBe(text);
    },
  );
});
