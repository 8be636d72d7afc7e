import { ERRORS, type ModuleContext, type ModuleDefinition, N2OError } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../../src/runtime/runtime.ts';
import { builtIn, formatters, gate, type Line, logInto, start } from './started.ts';

const named = (modules: Readonly<Record<string, ModuleDefinition>>) =>
  new Map(Object.entries(modules));

describe('modules that replace others', () => {
  it('run the events that begin later, while those under way end on the old ones', async () => {
    const calls: string[] = [];
    const gates = [gate(), gate()];
    const version = (name: string): ModuleDefinition => ({
      init: () => void calls.push(`init ${name}`),
      terminate: () => void calls.push(`terminate ${name}`),
      async event(message) {
        await gates[Number(message)]?.promise;
        calls.push(`${name} answers ${message}`);
        return name;
      },
    });
    const { send, runtime } = await start({ modules: { app: version('old') } });
    const under = [send('0', { client: 'a' }), send('1', { client: 'b' })];
    const waiting = send('2', { client: 'a' });
    await runtime.replace(named({ app: version('new') }));
    const later = send('3', { client: 'c' });
    expect(await later.settled).toMatchObject({ text: 'new' });
    for (const [i, sent] of under.entries()) {
      gates[i]?.open();
      expect(await sent.settled).toMatchObject({ text: 'old' });
    }
    expect(await waiting.settled).toMatchObject({ text: 'new' });
    await runtime.close();
    expect(calls).toEqual([
      'init old',
      'init new',
      'new answers 3',
      'old answers 0',
      'new answers 2',
      'old answers 1',
      'terminate old',
      'terminate new',
    ]);
  });

  it('fail no event under load, however often they come', async () => {
    const version = (n: number): ModuleDefinition => ({
      async init() {
        await null;
      },
      async event(message) {
        for (let i = 0; i < Number(message) % 5; i++) await null;
        return `${n}`;
      },
    });
    const { send, runtime } = await start({ modules: { app: version(0) } });
    const sent: ReturnType<typeof send>[] = [];
    for (let n = 1; n <= 50; n++) {
      const replaced = runtime.replace(named({ app: version(n) }));
      for (let i = 0; i < 20; i++) {
        sent.push(send(`${i}`, { client: `${i % 7}` }));
        if (i % 3 === 0) await null;
      }
      await replaced;
      expect((await send('0', { client: 'x' }).settled).text).toBe(`${n}`);
    }
    const answers = await Promise.all(sent.map(({ settled }) => settled));
    const versions = answers.map(({ text }) => Number(text));
    expect(versions.every((n) => n >= 0 && n <= 50)).toBe(true);
  });

  it('stay out when their init throws', async () => {
    const calls: string[] = [];
    const { send, runtime } = await start({ modules: { app: { event: () => 'old' } } });
    const fine = { terminate: () => void calls.push('terminate fine') };
    const bad = { init: () => Promise.reject(new RangeError('no disk')) };
    const replaced = runtime.replace(named({ fine, bad, never: {} }));
    await expect(replaced).rejects.toMatchObject({
      code: 'N2O_MODULE_LOAD',
      message: `init of module 'bad' threw: no disk`,
    });
    expect(send('hi').text).toBe('old');
    expect(calls).toEqual(['terminate fine']);
    await runtime.replace(named({ app: { event: () => 'new' } }));
    expect(send('hi').text).toBe('new');
  });

  it('may come with other protocols', async () => {
    const { send, runtime } = await start({ modules: { app: {} } });
    expect(send('PING').text).toBe('PONG');
    await runtime.replace(named({ app: { event: () => 'app' } }), [(await builtIn())[2] as never]);
    expect(send('PING').text).toBe('app');
  });
});

describe('a runtime', () => {
  it('runs init of each module before the first event, and terminate after the last', async () => {
    const calls: string[] = [];
    const lines: Line[] = [];
    const module = (name: string): ModuleDefinition => ({
      async init(context: ModuleContext) {
        await null;
        calls.push(`init ${name} as ${context.module}`);
        context.log.info({}, 'ready');
      },
      async terminate() {
        await null;
        calls.push(`terminate ${name}`);
      },
    });
    const { runtime } = await start({
      modules: { a: module('a'), b: module('b') },
      log: logInto(lines),
    });
    expect(calls).toEqual(['init a as a', 'init b as b']);
    expect(lines[0]).toEqual({ level: 'info', fields: { module: 'a' }, text: 'ready' });
    await Promise.all([runtime.close(), runtime.close()]);
    expect(calls.slice(2)).toEqual(['terminate a', 'terminate b']);
  });

  it('does not start when an init throws', async () => {
    const started = createRuntime({
      modules: named({
        app: {
          init() {
            throw new N2OError('N2O_STORE_UNAVAILABLE');
          },
        },
      }),
      protocols: [],
      formatters,
      log: logInto([]),
    });
    await expect(started).rejects.toMatchObject({
      code: 'N2O_MODULE_LOAD',
      message: `init of module 'app' threw: ${ERRORS.N2O_STORE_UNAVAILABLE}`,
    });
  });

  it('logs what terminate throws, and ends the others', async () => {
    const calls: string[] = [];
    const { runtime, lines } = await start({
      modules: {
        a: { terminate: () => Promise.reject(new RangeError('no')) },
        b: { terminate: () => void calls.push('b') },
      },
    });
    await runtime.close();
    expect(calls).toEqual(['b']);
    expect(lines).toMatchObject([
      { level: 'error', fields: { module: 'a' }, text: 'terminate threw' },
    ]);
  });

  it('that closes answers what it has, and nothing more', async () => {
    const { promise, open } = gate();
    const { send, runtime } = await start({
      modules: { app: { event: () => promise.then(() => 1) } },
    });
    const [first, second] = [send('1'), send('2')];
    let closed = false;
    const closing = runtime.close().then(() => {
      closed = true;
    });
    expect(send('{}').text).toContain('N2O_HOST_CLOSED');
    expect(first.outcome).toBeUndefined();
    open();
    expect(await second.settled).toMatchObject({ text: '1' });
    expect(first.text).toBe('1');
    await closing;
    expect(closed).toBe(true);
  });

  it('that closes gives up what does not end in time', async () => {
    const signals: AbortSignal[] = [];
    const { send, runtime } = await start({
      modules: {
        app: {
          event: (_, { signal }) => {
            signals.push(signal);
            return new Promise(() => {});
          },
        },
      },
    });
    const sent = [
      send('1', { client: 'a' }),
      send('2', { client: 'a' }),
      send('3', { client: 'b' }),
    ];
    await runtime.close(10);
    for (const { text } of sent) expect(text).toContain('N2O_HOST_CLOSED');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(runtime.size).toEqual({ clients: 0, waiting: 0 });
  });

  it('that closes while modules are replaced terminates those, too', async () => {
    const calls: string[] = [];
    const { promise, open } = gate();
    const { runtime } = await start({
      modules: { app: { terminate: () => void calls.push('terminate old') } },
    });
    const replaced = runtime.replace(
      named({ app: { init: () => promise, terminate: () => void calls.push('terminate new') } }),
    );
    const closing = runtime.close();
    open();
    await Promise.all([replaced, closing]);
    expect(calls.sort()).toEqual(['terminate new', 'terminate old']);
  });
});
