import { markAsUntransferable } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { discard } from '../src/memory.ts';

it('frees what is large, under every view of it', () => {
  const bytes = new Uint8Array(100_000);
  const view = bytes.subarray(10);
  const other = new Uint8Array(100_000).fill(1);
  discard(view);
  expect([bytes.length, view.length, bytes.buffer.byteLength]).toEqual([0, 0, 0]);
  expect(other.every((byte) => byte === 1)).toBe(true);
  discard(view); // there is nothing any more
});

it('leaves alone what is small, what lies in a pool, and what is shared', () => {
  const small = new Uint8Array(1_000);
  const pooled = Buffer.from('pooled');
  const shared = new Uint8Array(new SharedArrayBuffer(100_000));
  for (const bytes of [small, pooled, shared]) discard(bytes);
  expect([small.length, pooled.toString(), shared.length]).toEqual([1_000, 'pooled', 100_000]);
});

it('leaves alone what cannot be given away', () => {
  const bound = new Uint8Array(100_000);
  markAsUntransferable(bound.buffer);
  const compiled = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer);
  for (const bytes of [bound, compiled]) discard(bytes);
  expect([bound.length, compiled.length]).toEqual([100_000, 65_536]);
});
