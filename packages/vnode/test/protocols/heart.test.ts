import { describe, expect, it } from 'vitest';
import { start } from '../runtime/started.ts';

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

  it.each(['ping', 'PING ', '"PING"', 'PONG'])('leaves %j to others', async (text) => {
    const { send } = await start({ modules: echo });
    expect(send(text).text).toBe(text);
  });
});
