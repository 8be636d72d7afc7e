import { expect, it } from 'vitest';
import { subscribe } from '../../../../test/support/packets.ts';
import { start } from '../start.ts';
import { ask } from './ask.ts';

it('a request over which workers died leaves a letter that does not have its cookies', async () => {
  const { http, link, join } = await start();
  const operator = await join('operator');
  operator.say(subscribe(1, ['dead/#', 1]));
  expect(await operator.next()).toBe('SUBACK 1 [1]');
  link.answer = (event) => event.settle('dead', Buffer.from('{"error":1}'));
  await ask(http, '/app/chat', { headers: { cookie: 'n2o-token=mine' } });
  const letter = await operator.nextPacket();
  expect(letter).toMatchObject({
    cmd: 'publish',
    topic: expect.stringMatching(/^dead\/chat\/http-/),
  });
  expect(JSON.parse(String((letter as { payload: Buffer }).payload))).toMatchObject({
    error: { code: 'N2O_EVENT_DEAD' },
    module: 'chat',
    payload: '',
  });
});
