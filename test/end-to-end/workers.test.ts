import { describe, expect, it } from 'vitest';
import { converse, start } from './n2o.ts';

const numbered = (count: number, name: string) =>
  Array.from({ length: count }, (_, i) => `${name} ${i}`);

const MODULES = {
  'echo.ts': 'export const event = (message: string) => message;',
  'slow.ts': `
    import { setTimeout as wait } from 'node:timers/promises';
    export const event = async (message: string) => (await wait(Math.random() * 10), message);`,
  'poison.ts': `
    import { setTimeout as wait } from 'node:timers/promises';
    export async function event(message: string) {
      if (message === 'exit') process.exit(7);
      if (message === 'loop') for (;;);
      if (message === 'later') { await wait(20); process.exit(8); }
      if (message === 'reject') setTimeout(() => { throw new Error('nobody catches this'); });
      if (message === 'null') setTimeout(() => { throw null; });
      return message;
    }`,
  'once.ts': `
    import { existsSync, writeFileSync } from 'node:fs';
    export function event(message: string) {
      const mark = message.split(' ')[1];
      if (mark && !existsSync(mark)) { writeFileSync(mark, ''); process.exit(9); }
      return 'survived';
    }`,
};

describe('a worker that dies', () => {
  it.each(['exit', 'loop', 'later'])(
    'over an event again and again (%s): the event becomes a dead letter, and nothing else is lost or out of order',
    async (how) => {
      const n2o = await start(MODULES, '--workers', '1', '--watchdog', '300ms');
      const operator = await n2o.connect();
      await operator.subscribeAsync('dead/#', { qos: 1 });
      const letter = new Promise<{
        topic: string;
        body: { payload: string; error: { code: string } };
      }>((resolve) => {
        operator.on('message', (topic, payload) =>
          resolve({ topic, body: JSON.parse(payload.toString()) }),
        );
      });
      const others = await Promise.all(
        Array.from({ length: 10 }, (_, i) => n2o.connect({ clientId: `dev${i}` })),
      );
      const conversations = others.map((client, i) =>
        converse(client, 'slow', numbered(100, `dev${i}`)),
      );
      const culprit = await n2o.connect({ clientId: 'culprit' });
      const answers = converse(culprit, 'poison', ['before', how, 'after']);

      for (const [i, replies] of (await Promise.all(conversations)).entries()) {
        expect(replies).toEqual(numbered(100, `dev${i}`));
      }
      const [before, error, after] = await answers;
      expect([before, after]).toEqual(['before', 'after']);
      expect(error).toContain('N2O_EVENT_DEAD');
      const { topic, body } = await letter;
      expect(topic).toBe('dead/poison/culprit');
      expect(body.error.code).toBe('N2O_EVENT_DEAD');
      expect(Buffer.from(body.payload, 'base64').toString()).toBe(how);
      expect(n2o.log.filter(({ msg }) => String(msg).startsWith('worker died'))).toHaveLength(3);
    },
    60_000,
  );

  it('once: the event runs again on the next worker and is answered', async () => {
    const n2o = await start(MODULES, '--workers', '2');
    const client = await n2o.connect({ clientId: 'dev' });
    expect(await converse(client, 'once', [`mark ${n2o.app}/died`])).toEqual(['survived']);
    await n2o.logged('worker died');
  });

  it.each(['reject', 'null'])(
    'because of what nobody catches (%s): every request is answered all the same',
    async (how) => {
      const n2o = await start(MODULES, '--workers', '1');
      const client = await n2o.connect({ clientId: 'dev' });
      expect(await converse(client, 'poison', ['a', how, 'b'])).toEqual(['a', how, 'b']);
      await n2o.logged('worker died');
    },
  );
});

describe('handlers in the thread of the broker', () => {
  it('answer as workers do', async () => {
    const n2o = await start(MODULES, '--workers', '0');
    const clients = await Promise.all(['a', 'b'].map((clientId) => n2o.connect({ clientId })));
    for (const qos of [0, 1, 2] as const) {
      const replies = await Promise.all(
        clients.map((client) =>
          converse(client.removeAllListeners('message'), 'slow', numbered(20, 'n'), qos),
        ),
      );
      expect(replies).toEqual([numbered(20, 'n'), numbered(20, 'n')]);
    }
  });
});
