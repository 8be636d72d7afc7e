/** What handlers say to the log, and what becomes of it where nobody wants it. */
import { LogDial, type LogLevel } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { withFields } from '../../src/runtime/log.ts';
import { type Line, logInto, start } from './started.ts';

const dialAt = (level: LogLevel, clients: Readonly<Record<string, LogLevel>> = {}) =>
  new LogDial({ level, modules: new Map(), clients: new Map(Object.entries(clients)) });

const MODULES = {
  app: {
    event(message: unknown, { log }: { log: ReturnType<typeof logInto> }) {
      log.debug({ message }, 'said');
      return 'ok';
    },
  },
};

describe('the log of an event', () => {
  it('names client and module', async () => {
    const { send, lines } = await start({ modules: MODULES, dial: dialAt('debug') });
    await send('hello').settled;
    const fields = { client: 'c', module: 'app', message: 'hello' };
    expect(lines).toEqual([{ level: 'debug', fields, text: 'said' }]);
  });

  it('has what is wanted of its client, also when that changes in between', async () => {
    const dial = dialAt('info', { loud: 'debug' });
    const { send, lines } = await start({ modules: MODULES, dial });
    await send('1', { client: 'loud' }).settled;
    await send('2', { client: 'other' }).settled;
    dial.turn(dialAt('debug', { loud: 'info' }).levels);
    await send('3', { client: 'loud' }).settled;
    await send('4', { client: 'other' }).settled;
    expect(lines.map(({ fields }) => fields.client)).toEqual(['loud', 'other']);
  });
});

it('a line that nobody wants is not made', () => {
  const lines: Line[] = [];
  const log = withFields(logInto(lines), { client: 'c' }, dialAt('error'));
  let looks = 0;
  const costly = {
    get sum() {
      looks++;
      return 1;
    },
  };
  for (const severity of ['debug', 'info', 'warn', 'error'] as const)
    log[severity](costly, severity);
  expect(looks).toBe(1);
  expect(lines).toEqual([{ level: 'error', fields: { client: 'c', sum: 1 }, text: 'error' }]);
});
