import {
  atom,
  binary,
  ErrorFrame,
  Io,
  type ModuleDefinition,
  reply,
  tuple,
  unknown,
} from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { say, startPages } from './pages.ts';

const server = { origin: 'server' } as const;

async function answerOf(index: ModuleDefinition, message: unknown, route = {}) {
  const { say: speak } = await startPages({ modules: { index } });
  return speak(message, route);
}

describe('the spa protocol', () => {
  it('hands the message of a client to `client`, and answers with what the page is to do', async () => {
    const index: ModuleDefinition = {
      async client(message, { page }) {
        page.wire('joined();');
        return message;
      },
    };
    const { value } = await answerOf(index, say('client', 7));
    expect(value).toEqual(new Io(binary('joined();'), 7));
  });

  it('hands the message of server code to `server`', async () => {
    const { value } = await answerOf({ server: (message) => message }, say('server', 7), server);
    expect(value).toEqual(new Io(binary(''), 7));
  });

  it('sends nothing where there is nothing to say', async () => {
    const { outcome } = await answerOf({ client: () => undefined }, say('client', 7));
    expect(outcome).toBe('silent');
  });

  it('sends what the page is to do where there is nothing else to say', async () => {
    const index: ModuleDefinition = { client: (_message, { page }) => page.alert('x') };
    const { value } = await answerOf(index, say('client', 7));
    expect(value).toEqual(new Io(binary('alert("x");'), binary('')));
  });

  it('leaves messages to `event` where the module has no function for them', async () => {
    const index: ModuleDefinition = { event: (message) => message };
    expect((await answerOf(index, say('client', 7))).value).toEqual(say('client', 7));
    expect((await answerOf(index, say('server', 7), server)).value).toEqual(say('server', 7));
  });

  it('lets a handler answer in another format, leave the message, or refuse', async () => {
    const index: ModuleDefinition = {
      client: (message) => [reply(1, 'json'), unknown, new ErrorFrame('MY', 'no')][Number(message)],
      event: () => 'left',
    };
    expect(await answerOf(index, say('client', 0))).toMatchObject({
      format: 'json',
      value: { eval: '', data: 1 },
    });
    expect((await answerOf(index, say('client', 1))).value).toBe('left');
    expect((await answerOf(index, say('client', 2))).value).toEqual(new ErrorFrame('MY', 'no'));
  });

  it('answers a failure with an error frame', async () => {
    const index: ModuleDefinition = { client: () => Promise.reject(new RangeError('secret')) };
    const { value } = await answerOf(index, say('client', 0));
    expect(value).toEqual(new ErrorFrame('N2O_HANDLER_THREW', 'the handler threw'));
  });
});

describe('the bin protocol', () => {
  it.each([
    ['at once', (data: unknown) => data],
    ['later', async (data: unknown) => data],
  ])('hands data over, and answers %s with data', async (_when, bin) => {
    const { value } = await answerOf({ bin }, say('bin', binary('x')));
    expect(value).toEqual(tuple(atom('bin'), binary('x')));
  });

  it('sends nothing for nothing, and an error for an error', async () => {
    expect((await answerOf({ bin: () => undefined }, say('bin', 1))).outcome).toBe('silent');
    const no = new ErrorFrame('MY', 'no');
    expect((await answerOf({ bin: () => no }, say('bin', 1))).value).toEqual(no);
  });

  it('leaves data to `event` where the module has no `bin`', async () => {
    expect((await answerOf({ event: () => 'left' }, say('bin', 1))).value).toBe('left');
  });
});
