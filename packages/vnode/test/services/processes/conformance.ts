/** What all supervisors of processes do, wherever those run. */
import {
  answered,
  type Logger,
  type ProcessContext,
  type Processes,
  type ProcessOptions,
  type Services,
} from '@n2o/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

export interface ProcessesSettings {
  readonly log: Logger;
  readonly services: () => Services;
  readonly limit: number;
}

const code = (name: string) => expect.objectContaining({ code: `N2O_PROCESS_${name}` });

/** Counts: `add` adds one, `get` answers, an error is thrown, a promise is waited for. */
const counter = {
  name: 'counter',
  init: () => 0,
  async proc(message: unknown, count: number) {
    if (message instanceof Error) throw message;
    if (message === 'get') return answered(count, count);
    await message;
    return count + 1;
  },
} satisfies ProcessOptions<number>;

/** A turn of the event loop: what can go on has gone on. */
const turn = () => new Promise<void>((next) => setImmediate(next));

function held(): { readonly work: Promise<void>; end(): void } {
  let end = () => {};
  const work = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work, end: () => end() };
}

/** @param create makes one whose clock is `Date.now` and whose timers are those of the platform */
export function conforms(name: string, create: (settings: ProcessesSettings) => Processes): void {
  describe(`${name}, as all processes,`, () => {
    let processes: Processes;
    let logged: string[];
    const services = {} as Services;
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
      logged = [];
      const line = (_: object, text = '') => void logged.push(text);
      const log = { debug: () => {}, info: line, warn: line, error: line };
      processes = create({ log, services: () => services, limit: 3 });
    });
    afterEach(async () => {
      const closing = processes.close();
      await vi.advanceTimersByTimeAsync(10_000);
      await closing;
      expect(vi.getTimerCount()).toBe(0);
      vi.useRealTimers();
    });

    describe('messages', () => {
      it('go one after the other through a function that returns the next state', async () => {
        await processes.start(counter);
        const first = held();
        processes.cast('counter', first.work);
        processes.cast('counter', 'add');
        const asked = processes.send('counter', 'get');
        await turn();
        expect(processes.pid('counter')?.waiting).toBe(2);
        first.end();
        expect(await asked).toBe(2);
        expect(await processes.send('counter', 'add')).toBeUndefined();
        expect(await processes.send('counter', 'get')).toBe(3);
      });

      it('are handled after what casts them, by a function that need not be asynchronous', async () => {
        const seen: unknown[] = [];
        await processes.start<undefined>({
          name: 'sync',
          proc: (message) => answered(seen.push(message), undefined),
        });
        processes.cast('sync', 'a');
        expect(seen).toEqual([]);
        expect(await processes.send('sync', 'b')).toBe(2);
        expect(seen).toEqual(['a', 'b']);
      });

      it('may give a state that looks like an answer', async () => {
        const looks = { reply: 1, state: 2 };
        await processes.start<unknown>({
          name: 'same',
          init: () => looks,
          proc: (message, state) => (message === 'get' ? answered(state, state) : state),
        });
        await processes.send('same', 'set');
        expect(await processes.send('same', 'get')).toBe(looks);
      });

      it('are refused where too many wait, or there is no such process', async () => {
        await processes.start({ ...counter, mailbox: 2 });
        const first = held();
        processes.cast('counter', first.work);
        await turn();
        for (const message of ['a', 'b']) processes.cast('counter', message);
        expect(() => processes.cast('counter', 'c')).toThrow(code('FULL'));
        await expect(processes.send('counter', 'c')).rejects.toThrow(code('FULL'));
        first.end();
        await vi.waitFor(async () => expect(await processes.send('counter', 'get')).toBe(3));
        expect(() => processes.cast('none', 'a')).toThrow(code('UNKNOWN'));
        await expect(processes.send('none', 'a')).rejects.toThrow(code('UNKNOWN'));
      });

      it('are not waited for longer than said, and handled all the same', async () => {
        await processes.start(counter);
        const first = held();
        processes.cast('counter', first.work);
        const late = expect(processes.send('counter', 'add')).rejects.toThrow(code('TIMEOUT'));
        const later = expect(processes.send('counter', 'add', 7_000)).rejects.toThrow(
          code('TIMEOUT'),
        );
        await vi.advanceTimersByTimeAsync(4_999);
        expect(processes.pid('counter')?.waiting).toBe(2);
        await vi.advanceTimersByTimeAsync(1);
        await late;
        await vi.advanceTimersByTimeAsync(2_000);
        await later;
        first.end();
        expect(await processes.send('counter', 'get', Number.POSITIVE_INFINITY)).toBe(3);
      });

      it('of a process that speaks to itself without end leave others their turn', async () => {
        await processes.start<number>({
          name: 'busy',
          init: () => 0,
          proc: (_message, count) => {
            processes.cast('busy', 'on');
            return count + 1;
          },
        });
        processes.cast('busy', 'on');
        await turn();
        await processes.stop('busy');
      });
    });

    describe('a name', () => {
      it('stands for one process at a time', async () => {
        const init = vi.fn(async () => 0);
        const both = [1, 2].map(() => processes.start({ ...counter, init }));
        const [first, second] = await Promise.all(both);
        expect(first).toBe(second);
        expect(await processes.start({ ...counter, init })).toBe(first);
        expect(init).toHaveBeenCalledTimes(1);
        expect(processes.pid('counter')).toBe(first);
        expect(first).toMatchObject({
          name: 'counter',
          status: 'running',
          restarts: 0,
          waiting: 0,
        });
      });

      it('is free for a new process when the one before has ended, not sooner', async () => {
        const life: string[] = [];
        const last = held();
        await processes.start({ ...counter, terminate: () => void life.push('terminated') });
        processes.cast('counter', last.work);
        await turn();
        const stopping = processes.stop('counter');
        const init = () => life.push('init');
        const next = processes.start({ ...counter, init });
        await vi.advanceTimersByTimeAsync(100);
        expect(life).toEqual([]);
        last.end();
        await stopping;
        expect((await next).status).toBe('running');
        expect(life).toEqual(['terminated', 'init']);
      });

      it('is refused beyond the limit, until one has ended', async () => {
        for (const name of ['a', 'b', 'c']) await processes.start({ ...counter, name });
        await expect(processes.start({ ...counter, name: 'd' })).rejects.toThrow(code('LIMIT'));
        await processes.start({ ...counter, name: 'a' });
        await processes.stop('a');
        await processes.start({ ...counter, name: 'd' });
      });

      it('is free again where a process could not start, and who starts it is told why', async () => {
        const broken = { ...counter, init: () => Promise.reject(new TypeError('no init')) };
        const starting = processes.start(broken);
        processes.cast('counter', 'lost');
        const asked = expect(processes.send('counter', 'get')).rejects.toThrow(code('UNKNOWN'));
        await expect(starting).rejects.toThrow(new TypeError('no init'));
        await asked;
        expect(processes.pid('counter')).toBeUndefined();
        await processes.start(counter);
        expect(await processes.send('counter', 'get')).toBe(0);
      });
    });

    describe('a process', () => {
      it('has its name, a logger, the services, and a signal that ends with it', async () => {
        let self: ProcessContext | undefined;
        const init = (context: ProcessContext) => {
          self = context;
        };
        await processes.start<void>({ name: 'p', init, proc: () => {} });
        expect(self).toMatchObject({ name: 'p', services });
        self?.log.info({}, 'hello');
        expect(logged).toEqual(['hello']);
        expect(self?.signal.aborted).toBe(false);
        await processes.stop('p');
        expect(self?.signal.aborted).toBe(true);
      });

      it('that fails begins anew from its first state, and goes on with what waits', async () => {
        const terminate = vi.fn();
        const process = await processes.start({ ...counter, terminate });
        for (const message of ['add', 'add']) processes.cast('counter', message);
        const failing = processes.send('counter', new TypeError('broken'));
        processes.cast('counter', 'add');
        const asked = processes.send('counter', 'get');
        await expect(failing).rejects.toMatchObject({
          ...{ code: 'N2O_PROCESS_FAILED', cause: new TypeError('broken') },
        });
        expect(await asked).toBe(1);
        expect(process).toMatchObject({ status: 'running', restarts: 1 });
        expect(terminate.mock.calls).toEqual([[2]]);
        expect(logged).toEqual(['the process failed']);
      });

      it('that fails too often ends for good, and refuses what waits', async () => {
        const intensity = { count: 2, period: 1_000 };
        const process = await processes.start({ ...counter, intensity });
        const fail = () =>
          expect(processes.send('counter', new TypeError('x'))).rejects.toThrow(code('FAILED'));
        await fail();
        await vi.advanceTimersByTimeAsync(600);
        await fail();
        await vi.advanceTimersByTimeAsync(400);
        await fail();
        expect(process.restarts).toBe(3);
        const last = fail();
        const refused = expect(processes.send('counter', 'get')).rejects.toThrow(code('UNKNOWN'));
        await Promise.all([last, refused]);
        expect(process).toMatchObject({ status: 'ended', restarts: 3 });
        expect(processes.pid('counter')).toBeUndefined();
        expect(logged.at(-1)).toBe('the process has ended, and is not started again');
        expect(await processes.start(counter)).not.toBe(process);
      });

      it('whose init fails when it begins anew is tried as often as it may fail', async () => {
        const init = vi
          .fn<() => number>()
          .mockReturnValueOnce(0)
          .mockImplementation(() => {
            throw new TypeError('no init');
          });
        const process = await processes.start({ ...counter, init });
        const failed = expect(processes.send('counter', new Error('x'))).rejects.toThrow(
          code('FAILED'),
        );
        const refused = expect(processes.send('counter', 'get')).rejects.toThrow(code('UNKNOWN'));
        await Promise.all([failed, refused]);
        expect(init).toHaveBeenCalledTimes(6);
        expect(process.status).toBe('ended');
      });

      it('that may fail for ever leaves others their turn', async () => {
        let begun = 0;
        const fails = () => {
          throw new Error('again');
        };
        await processes.start({
          name: 'stubborn',
          init: () => (begun++ > 0 && begun < 100_000 ? fails() : begun),
          proc: fails,
          intensity: { count: Number.POSITIVE_INFINITY, period: 1_000 },
        });
        processes.cast('stubborn', 'go');
        await turn();
        await turn();
        expect(begun).toBeLessThan(10);
        await processes.stop('stubborn');
        expect(processes.pid('stubborn')).toBeUndefined();
      });

      it('that is temporary ends with its first failure', async () => {
        const process = await processes.start({ ...counter, restart: 'temporary' });
        const failing = processes.send('counter', new TypeError('x'));
        const refused = expect(processes.send('counter', 'get')).rejects.toThrow(code('UNKNOWN'));
        await expect(failing).rejects.toThrow(code('FAILED'));
        await refused;
        expect(process).toMatchObject({ status: 'ended', restarts: 0 });
      });

      it('is restarted when asked to, after the message under way, and keeps what waits', async () => {
        const states: unknown[] = [];
        const process = await processes.start({
          ...{ ...counter, terminate: (state: number) => void states.push(state) },
        });
        const first = held();
        const answer = processes.send('counter', first.work);
        processes.cast('counter', 'add');
        await turn();
        const restarting = processes.restart('counter');
        expect(process).toMatchObject({ status: 'restarting', waiting: 1 });
        first.end();
        await Promise.all([answer, restarting]);
        expect(process).toMatchObject({ status: 'running', restarts: 1 });
        expect(states).toEqual([1]);
        expect(await processes.send('counter', 'get')).toBe(1);
        await expect(processes.restart('none')).rejects.toThrow(code('UNKNOWN'));
      });

      it('is stopped after the message under way, which is told, and refuses what waits', async () => {
        let signal: AbortSignal | undefined;
        const terminate = vi.fn(async () => {});
        const process = await processes.start<number>({
          ...{ name: 'slow', init: () => 0, terminate },
          async proc(_message, state, self) {
            signal = self.signal;
            await new Promise((end) => self.signal.addEventListener('abort', end));
            return answered('in time', state + 1);
          },
        });
        const under = processes.send('slow', 'a');
        const waits = expect(processes.send('slow', 'b')).rejects.toThrow(code('UNKNOWN'));
        await turn();
        const stopping = processes.stop('slow');
        expect(process.status).toBe('ended');
        expect(processes.pid('slow')).toBeUndefined();
        expect(() => processes.cast('slow', 'c')).toThrow(code('UNKNOWN'));
        await Promise.all([stopping, processes.stop('slow'), waits]);
        expect(await under).toBe('in time');
        expect(signal?.aborted).toBe(true);
        expect(terminate.mock.calls).toEqual([[1]]);
        await processes.stop('slow');
      });

      it('that does not come to its end is given up, and its name is free', async () => {
        const terminate = vi.fn();
        await processes.start({ ...counter, terminate });
        const never = held();
        const under = expect(processes.send('counter', never.work, 60_000)).rejects.toThrow(
          code('FAILED'),
        );
        await turn();
        const stopping = processes.stop('counter');
        await vi.advanceTimersByTimeAsync(5_000);
        await Promise.all([stopping, under]);
        expect(terminate).not.toHaveBeenCalled();
        expect(logged).toEqual(['the process was given up over what it did']);
        await processes.start(counter);
        never.end();
        expect(await processes.send('counter', 'get')).toBe(0);
      });

      it('may be stopped while it starts', async () => {
        const init = held();
        const terminate = vi.fn();
        const starting = processes.start<void>({
          ...{ name: 'p', init: () => init.work, terminate, proc: () => {} },
        });
        const refused = expect(starting).rejects.toThrow(code('UNKNOWN'));
        const stopping = processes.stop('p');
        init.end();
        await Promise.all([refused, stopping]);
        expect(terminate).toHaveBeenCalledTimes(1);
      });

      it('whose terminate fails is logged, and has ended', async () => {
        const terminate = () => Promise.reject(new TypeError('x'));
        await processes.start({ ...counter, terminate });
        await processes.stop('counter');
        expect(logged).toEqual(['terminate of the process threw']);
      });
    });

    it('end with the session that owns them', async () => {
      for (const [name, owner] of Object.entries({ a: 'one', b: 'two', c: 'one' })) {
        await processes.start({ ...counter, name, owner });
      }
      await processes.endOwned('one');
      expect(['a', 'b', 'c'].map((name) => processes.pid(name)?.status)).toEqual([
        ...[undefined, 'running', undefined],
      ]);
      await processes.endOwned('none');
    });

    it('end all when they are closed, and none is started afterwards', async () => {
      const terminate = vi.fn();
      for (const name of ['a', 'b']) await processes.start({ ...counter, name, terminate });
      await Promise.all([processes.close(), processes.close()]);
      expect(terminate).toHaveBeenCalledTimes(2);
      expect(processes.pid('a')).toBeUndefined();
      await expect(processes.start(counter)).rejects.toMatchObject({ code: 'N2O_HOST_CLOSED' });
    });
  });
}
