import type { N2OError } from '@n2o/shared';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openWire, type Wire } from '../../src/browser/wire.ts';

/** A WebSocket that does nothing by itself. */
class Scripted {
  static last: Scripted;
  readonly OPEN = 1;
  readyState = 0;
  binaryType = '';
  readonly sent: unknown[] = [];
  closes = 0;
  onopen = () => {};
  onmessage = (_event: { data: unknown }) => {};
  onclose = (_event: { code: number; reason: string }) => {};

  constructor() {
    Scripted.last = this;
  }

  open(): void {
    this.readyState = 1;
    this.onopen();
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(): void {
    this.closes++;
  }
}

const told: string[] = [];
let wire: Wire;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Scripted);
  told.length = 0;
  wire = openWire(
    'ws://host/',
    { protocols: ['mqtt'], connectTimeout: 1_000, keepalive: 60 },
    {
      opened: () => told.push('opened'),
      received: (data) => told.push(`received ${String(data)}`),
      ping: () => told.push('ping'),
      closed: (reason: N2OError | undefined) => told.push(`closed ${reason?.message}`),
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('is given up when it does not open in time', () => {
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual(['closed no connection within 1000 ms']);
  expect(Scripted.last.closes).toBe(1);
});

it('asks for a sign of life, and is given up when none comes', () => {
  Scripted.last.open();
  vi.advanceTimersByTime(30_000);
  expect(told).toEqual(['opened', 'ping']);
  vi.advanceTimersByTime(30_000);
  expect(told).toEqual(['opened', 'ping', 'closed the server does not answer any more']);
});

it('lives on as long as anything is heard', () => {
  Scripted.last.open();
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(30_000);
    Scripted.last.onmessage({ data: 'x' });
  }
  expect(told.filter((one) => one === 'ping')).toHaveLength(10);
  expect(told.filter((one) => one.startsWith('closed'))).toEqual([]);
});

it('tells of its end once, and hears and says nothing after it', () => {
  const socket = Scripted.last;
  socket.open();
  wire.send('before');
  wire.close();
  wire.close();
  wire.send('after');
  socket.onmessage({ data: 'late' });
  socket.onclose({ code: 1000, reason: '' });
  vi.advanceTimersByTime(300_000);
  expect(told).toEqual(['opened', 'closed undefined']);
  expect(socket.sent).toEqual(['before']);
});

it('says how it was closed from the other side', () => {
  Scripted.last.open();
  Scripted.last.onclose({ code: 1013, reason: 'N2O_SESSION_SLOW' });
  expect(told.at(-1)).toBe('closed the connection was closed: 1013 N2O_SESSION_SLOW');
});
