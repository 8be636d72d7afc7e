import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gate, type Sent, start } from './started.ts';

/** A handler that answers after so many microtasks; 0 answers at once. */
async function after(turns: number, value: string): Promise<string> {
  for (let i = 0; i < turns; i++) await null;
  return value;
}

const step = fc.record({
  client: fc.constantFrom('a', 'b', 'c'),
  /** Microtasks that the handler takes; -1 throws, -2 rejects. */
  turns: fc.integer({ min: -2, max: 6 }),
  /** Whether the next event comes only when microtasks have run. */
  pause: fc.boolean(),
});

describe('the events of each client', () => {
  it('are settled in their order, once each, however long their handlers take', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { send, settled, runtime } = await start({
          modules: {
            app: {
              event(message) {
                const [turns, name] = String(message).split(' ') as [string, string];
                if (turns === '-1') throw new RangeError(name);
                if (turns === '-2') return Promise.reject(new RangeError(name));
                return turns === '0' ? name : after(Number(turns), name);
              },
            },
          },
        });
        const sent: Sent[] = [];
        for (const [i, { client, turns, pause }] of steps.entries()) {
          sent.push(send(`${turns} ${i}`, { client }));
          if (pause) await null;
        }
        await Promise.all(sent.map((one) => one.settled));
        expect(settled).toHaveLength(steps.length);
        for (const client of ['a', 'b', 'c']) {
          const of = (all: readonly Sent[]) =>
            all.filter(({ event }) => event.route.client === client);
          expect(of(settled)).toEqual(of(sent));
        }
        for (const [i, { turns }] of steps.entries()) {
          if (turns >= 0) expect(sent[i]?.text).toBe(String(i));
          else expect(sent[i]?.text).toContain('N2O_HANDLER_THREW');
        }
        expect(runtime.size).toEqual({ clients: 0, waiting: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('keep their order when settling one delivers the next', async () => {
    const { promise, open } = gate();
    const started: unknown[] = [];
    const { send, runtime, settled } = await start({
      modules: {
        app: {
          event(message) {
            started.push(message);
            return message === 'slow' ? promise : undefined;
          },
        },
      },
    });
    const first = send('slow');
    const second = send('2');
    const { settle } = second.event;
    Object.assign(second.event, {
      settle(outcome: 'silent') {
        settle(outcome);
        send('4');
      },
    });
    const third = send('3');
    open();
    await first.settled;
    await third.settled;
    expect(started).toEqual(['slow', '2', '3', '4']);
    expect(settled).toHaveLength(4);
    expect(runtime.size).toEqual({ clients: 0, waiting: 0 });
  });
});
