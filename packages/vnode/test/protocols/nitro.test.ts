import { button, panel } from '@n2o/nitro';
import {
  atom,
  binary,
  createFormatters,
  ErrorFrame,
  Io,
  type ModuleDefinition,
  N2OError,
  Tuple,
  textOf,
  tuple,
} from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { index as chat } from './conversation-page.ts';
import { type Ended, type Pages, say, startPages } from './pages.ts';

const { json } = createFormatters();

/** The token in the answer to an init. */
function tokenIn({ value }: Ended): string {
  const token = value instanceof Io && value.data instanceof Tuple ? value.data.items[1] : '';
  return token instanceof Uint8Array ? (textOf(token) ?? '') : String(token);
}

/** What a page is told to do, as text. */
function todoIn({ value }: Ended): string {
  const todo = value instanceof Io ? value.eval : undefined;
  return todo instanceof Uint8Array ? (textOf(todo) ?? '') : String(todo);
}

function pickle({ services }: Pages, postback: object = {}): Uint8Array {
  const whole = { module: 'index', message: 'm', trigger: 'b', name: 'event', ...postback };
  return binary(services.pickler.pickle(whole));
}

const refused = new Io(binary(''), tuple(atom('error'), 'EV expected'));

describe('a conversation', () => {
  it('begins with a new token, and goes on with it', async () => {
    const pages = await startPages({ modules: { index: chat } });
    const first = await pages.say('N2O,');
    expect(first.format).toBe('bert');
    expect(todoIn(first)).toContain('Welcome');
    const token = tokenIn(first);
    expect(tokenIn(await pages.say(`N2O,${token}`))).toBe(token);
    expect(tokenIn(await pages.say(say('init', binary(token))))).toBe(token);
    expect(tokenIn(await pages.say('N2O,forged'))).not.toBe(token);
  });

  it('goes on with the token that the connection came with', async () => {
    const pages = await startPages({ modules: { index: chat } });
    const token = tokenIn(await pages.say('N2O,'));
    expect(tokenIn(await pages.say('N2O,', { client: 'other', token }))).toBe(token);
  });

  it('is in JSON where it began in JSON', async () => {
    const pages = await startPages({ modules: { index: chat } });
    const begun = await pages.say(json.encode(say('init', binary(''))));
    expect(begun.format).toBe('json');
    expect(tokenIn(begun)).not.toBe('');
    const told = await pages.say(say('server', 'news'), { origin: 'server' });
    expect(told.format).toBe('json');
  });

  it('is spoken to in instructions where its page takes those', async () => {
    const pages = await startPages({ modules: { index: chat } });
    const welcome = [['bottom', 'history', '<div id="greet">Welcome</div>']];
    expect(JSON.parse(todoIn(await pages.say('N2O,,instructions')))).toEqual(welcome);
    const init = tuple(atom('init'), binary(''), binary('instructions'));
    const begun = (await pages.say(json.encode(init))).value as Io;
    // JSON has a tree for the token, and so for all of it.
    expect(begun.eval).toEqual(welcome);
    const next = await pages.say(say('direct', say('delete', 7)));
    expect(JSON.parse(todoIn(next))).toEqual([['remove', 'row7']]);
  });

  it('names no runtime that is not there', async () => {
    const { say: speak } = await startPages({ modules: { index: chat } });
    expect((await speak('N2O,,applets')).value).toEqual(
      new ErrorFrame('N2O_FORMAT_DECODE', "there is no runtime 'applets'"),
    );
  });

  it.each(['json', 'bert'] as const)(
    'goes on in a module that reads %s alone',
    async (formatter) => {
      const pages = await startPages({ modules: { index: { ...chat, formatter } } });
      expect((await pages.say('N2O,,instructions')).value).toBeInstanceOf(Io);
      expect((await pages.say('PING')).value).toBe('PONG');
      expect((await pages.say('hello')).value).toMatchObject({ code: 'N2O_FORMAT_DECODE' });
    },
  );

  it('is answered message by message in the format of each', async () => {
    const pages = await startPages({ modules: { index: chat } });
    await pages.say('N2O,');
    const calc = say('direct', say('calc', 7, 1));
    for (const format of ['bert', 'json', 'bert'] as const) {
      const answer = await pages.say(createFormatters()[format].encode(calc).slice());
      expect(answer.format).toBe(format);
      expect((answer.value as Io).data).toEqual(tuple(atom('direct'), 8));
    }
    expect((await pages.say('PING')).value).toBe('PONG');
    expect((await pages.say(say('server', 'news'), { origin: 'server' })).format).toBe('bert');
  });

  it('goes on in another worker', async () => {
    const module: ModuleDefinition = {
      event: async (message, { session }) => {
        if (message === 'init') await session.set('name', 'ann');
        return session.get('name');
      },
    };
    const pages = await startPages({ modules: { index: module } });
    await pages.say('N2O,,instructions');
    pages.conversations.forget(7);
    const { value } = await pages.say(say('direct', 1));
    expect(value).toEqual(new Io(binary('[]'), tuple(atom('direct'), 'ann')));
  });

  it('keeps its session while the page is used, and gets a new token for it', async () => {
    let time = Date.now();
    const module: ModuleDefinition = {
      event: (message, { session }) => (message === 'init' ? session.set('name', 'ann') : 1),
      client: (_message, { session }) => session.get('name'),
    };
    const options = { modules: { index: module }, now: () => time };
    for (const prolong of [true, false]) {
      const pages = await startPages({ ...options, prolong });
      const first = tokenIn(await pages.say('N2O,'));
      const click = async () =>
        (await pages.say(say('pickle', 'b', pickle(pages), []))).value as Io;
      expect((await click()).data).toEqual(binary(''));
      time += 600_000;
      const { data } = await click();
      expect(data).not.toEqual(prolong ? binary('') : first);
      expect(data instanceof Tuple).toBe(prolong);
      time += 600_000;
      const { value } = await pages.say(say('client', 1));
      expect(value).toEqual(prolong ? new Io(binary(''), 'ann') : undefined);
    }
  });

  it('needs services', async () => {
    const pages = await startPages({ modules: { index: chat }, services: false });
    expect((await pages.say('N2O,')).value).toMatchObject({ code: 'N2O_SERVICE_MISSING' });
    expect((await pages.say('PING')).value).toBe('PONG');
  });
});

describe('an event of a page', () => {
  const heard: unknown[] = [];
  const index: ModuleDefinition = {
    event(message, { page }) {
      heard.push(['event', message, page.q('name'), page.q('__proto__')]);
      page.update('b', 'done');
      return 'dropped';
    },
    apiEvent: (name, data) => heard.push(['api', name, data]),
    handlers: {
      own: async (message, trigger) => heard.push(['own', message, trigger]),
      fails(_message, _trigger, { page }) {
        page.alert('never');
        throw new N2OError('N2O_KVS_LIMIT', 'too much');
      },
    },
  };
  const start = () => {
    heard.length = 0;
    return startPages({ modules: { index, other: { event: () => heard.push('other') } } });
  };

  it('brings the values of its sources', async () => {
    const pages = await start();
    const linked = [
      tuple(tuple(binary('b'), binary('detail')), []),
      tuple(atom('name'), binary('Łódź')),
      tuple(binary('__proto__'), 'x'),
    ];
    const { value } = await pages.say(say('pickle', binary('b'), pickle(pages), linked));
    expect(heard).toEqual([['event', 'm', 'Łódź', 'x']]);
    expect(todoIn({ value } as Ended)).toContain('done');
    expect((value as Io).data).toEqual(binary(''));
  });

  it('brings what is selected of a list as texts, however the browser has written them', async () => {
    const pages = await start();
    for (const name of [
      [binary('ä'), binary('b')],
      ['ä', 'b'],
      [[228], [98]],
    ]) {
      const linked = [tuple(atom('name'), name)];
      await pages.say(say('pickle', binary('b'), pickle(pages), linked));
      expect(heard.pop()).toEqual(['event', 'm', ['ä', 'b'], undefined]);
    }
  });

  it.each([
    ['JSON in a string', '{"a":1}', { a: 1 }],
    ['JSON beyond Latin-1', Array.from('"ж"', (char) => char.codePointAt(0)), 'ж'],
    ['JSON in a binary', binary('[1]'), [1]],
    ['other text', 'hello', 'hello'],
    ['a term', [tuple(atom('x'), 1)], [tuple(atom('x'), 1)]],
  ])('calls apiEvent with %s', async (_what, linked, data) => {
    const pages = await start();
    const api = pickle(pages, { name: 'api_event', message: 'save' });
    await pages.say(say('pickle', binary('document'), api, linked));
    expect(heard).toEqual([['api', 'save', data]]);
  });

  it('does not call apiEvent with JSON that is nested too deeply', async () => {
    const pages = await start();
    const api = pickle(pages, { name: 'api_event', message: 'save' });
    const deep = binary('['.repeat(101) + ']'.repeat(101));
    const { value } = await pages.say(say('pickle', binary('document'), api, deep));
    expect(value).toMatchObject({ code: 'N2O_FORMAT_LIMIT' });
    expect(heard).toEqual([]);
  });

  it('calls a function of its own', async () => {
    const pages = await start();
    await pages.say(say('pickle', binary('b'), pickle(pages, { name: 'own' })));
    expect(heard).toEqual([['own', 'm', 'b']]);
  });

  it('that fails is answered with its error, and nothing else', async () => {
    const pages = await start();
    const { value } = await pages.say(say('pickle', 'b', pickle(pages, { name: 'fails' }), []));
    expect(value).toEqual(new ErrorFrame('N2O_KVS_LIMIT', 'too much'));
    const next = await pages.say(say('pickle', 'b', pickle(pages), []));
    expect(todoIn(next)).not.toContain('never');
  });

  it.each([
    ['forged', () => binary('forged')],
    ['empty', () => binary('')],
    ['no text', () => 7],
    ['of another module', (pages: Pages) => pickle(pages, { module: 'other' })],
    ['of a function that is not there', (pages: Pages) => pickle(pages, { name: 'toString' })],
    ['no postback', ({ services }: Pages) => binary(services.pickler.pickle({ message: 1 }))],
    [
      'changed',
      (pages: Pages) => {
        const bytes = pickle(pages);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) === 65 ? 66 : 65;
        return bytes;
      },
    ],
  ])('whose pickle is %s runs nothing', async (_what, made) => {
    const pages = await start();
    expect((await pages.say(say('pickle', 'b', made(pages), []))).value).toEqual(refused);
    expect(heard).toEqual([]);
    expect(pages.lines).toMatchObject([{ level: 'warn', fields: { code: 'N2O_EVENT_PICKLE' } }]);
  });

  it('is what the elements of the page have wired', async () => {
    const module: ModuleDefinition = {
      event(message, { page }) {
        if (message === 'init') {
          page.fill(
            'all',
            panel({ body: button({ id: 'b', postback: { row: 7 }, source: ['q'] }) }),
          );
        } else heard.push([message, page.q('q')]);
      },
    };
    heard.length = 0;
    const pages = await startPages({ modules: { index: module } });
    const todo = JSON.parse(todoIn(await pages.say('N2O,,instructions')));
    const [, target, type, binding] = todo[1];
    expect([target, type, binding.source]).toEqual(['b', 'click', ['q']]);
    const values = [tuple(binary('q'), binary('text'))];
    await pages.say(say('pickle', binary('b'), binary(binding.pickle), values));
    expect(heard).toEqual([[{ row: 7 }, 'text']]);
  });
});

describe('what only the server may say', () => {
  it.each([
    ['flush', say('flush', 'evil();')],
    ['server', say('server', 'news')],
    ['io', new Io('evil();', 1)],
    ['io in JSON', '{"name":"io","eval":"evil();","data":1}'],
  ])('is refused from a client: %s', async (_what, message) => {
    const pages = await startPages({ modules: { index: { ...chat, event: () => 'heard' } } });
    expect((await pages.say(message)).value).toEqual(
      new ErrorFrame('N2O_EVENT_RESERVED', 'only the server may say this'),
    );
  });

  it('reaches the page from the server', async () => {
    const pages = await startPages({ modules: { index: chat } });
    const { value } = await pages.say(say('flush', 'fine();'), { origin: 'server' });
    expect(value).toEqual(new Io(binary('fine();'), binary('')));
  });
});
