import type { Context } from '@n2o/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gate, start } from './started.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A module whose handlers wait until the test ends them. */
function patient() {
  const gates: ReturnType<typeof gate<string>>[] = [];
  const contexts: Context[] = [];
  const event = (_: unknown, context: Context) => {
    contexts.push(context);
    const opened = gate<string>();
    gates.push(opened);
    return opened.promise;
  };
  return { gates, contexts, modules: { app: { event } } };
}

describe('the deadline of an event', () => {
  it('answers with an error, and lets the next event of the client run', async () => {
    const { gates, modules } = patient();
    const { send, lines } = await start({ modules, deadline: 1_000 });
    const first = send('{}');
    const second = send('2');
    vi.advanceTimersByTime(999);
    expect(first.outcome).toBeUndefined();
    expect(gates).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(first.text).toBe(
      '{"error":{"code":"N2O_EVENT_TIMEOUT","message":"the handler did not answer in time"}}',
    );
    expect(lines).toMatchObject([{ level: 'warn', fields: { client: 'c', module: 'app' } }]);
    expect(gates).toHaveLength(2);
    gates[1]?.open('two');
    expect(await second.settled).toMatchObject({ text: 'two' });
  });

  it('counts from the start of its handler, for each event', async () => {
    const { modules } = patient();
    const { send } = await start({ modules, deadline: 1_000 });
    const a1 = send('1', { client: 'a' });
    const a2 = send('2', { client: 'a' });
    vi.advanceTimersByTime(600);
    const b1 = send('1', { client: 'b' });
    vi.advanceTimersByTime(400);
    expect([a1, a2, b1].map(({ outcome }) => outcome)).toEqual(['reply', undefined, undefined]);
    vi.advanceTimersByTime(600);
    expect([a2, b1].map(({ outcome }) => outcome)).toEqual([undefined, 'reply']);
    vi.advanceTimersByTime(400);
    expect(a2.text).toContain('N2O_EVENT_TIMEOUT');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('needs one timer for all events', async () => {
    const { modules } = patient();
    const { send } = await start({ modules, deadline: 1_000 });
    for (let i = 0; i < 100; i++) {
      send('x', { client: `${i}` });
      vi.advanceTimersByTime(1);
    }
    expect(vi.getTimerCount()).toBe(1);
    expect(vi.advanceTimersByTime(1_000).getTimerCount()).toBe(0);
  });

  it('does not touch events that are answered in time', async () => {
    const { gates, modules } = patient();
    const { send, settled } = await start({ modules, deadline: 1_000 });
    const sent = send('x');
    gates[0]?.open('in time');
    await sent.settled;
    vi.advanceTimersByTime(5_000);
    expect(settled).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('makes nothing of what the handler returns later', async () => {
    const { gates, modules } = patient();
    const { send, settled, lines } = await start({ modules, deadline: 1_000 });
    send('x');
    vi.advanceTimersByTime(1_000);
    gates[0]?.open('too late');
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).toHaveLength(1);
    expect(lines).toHaveLength(1);
  });

  it('logs what the handler throws later', async () => {
    const { gates, modules } = patient();
    const { send, settled, lines } = await start({ modules, deadline: 1_000 });
    send('x');
    vi.advanceTimersByTime(1_000);
    gates[0]?.fail(new RangeError('too late'));
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).toHaveLength(1);
    expect(lines[1]).toMatchObject({ level: 'warn', text: 'the handler threw after its deadline' });
  });

  it('aborts the signal, also one that is asked for only then', async () => {
    const { contexts, modules } = patient();
    const { send } = await start({ modules, deadline: 1_000 });
    send('x', { client: 'a' });
    send('x', { client: 'b' });
    const early = contexts[0]?.signal;
    expect(early?.aborted).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(early?.aborted).toBe(true);
    expect(early?.reason).toMatchObject({ code: 'N2O_EVENT_TIMEOUT' });
    expect(contexts[1]?.signal.aborted).toBe(true);
  });

  it('is 30 seconds unless told otherwise', async () => {
    const { modules } = patient();
    const { send } = await start({ modules });
    const sent = send('x');
    vi.advanceTimersByTime(29_999);
    expect(sent.outcome).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(sent.outcome).toBe('reply');
  });
});
