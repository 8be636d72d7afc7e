import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { OUTPUT_HIGH } from '../../src/connection/output.ts';
import type { Core } from '../../src/core.ts';
import { PageSocket } from '../../src/gateway/page-socket.ts';
import { Address } from '../../src/routing/address.ts';

/** A WebSocket that says it has sent something when the test says so. */
class ScriptedSocket extends EventEmitter {
  readonly readyState = WebSocket.OPEN;
  bufferedAmount = 0;
  isPaused = false;
  readonly #sent: { readonly length: number; readonly then: (() => void) | undefined }[] = [];

  send({ length }: Uint8Array, _options: object, then?: () => void): void {
    this.bufferedAmount += length;
    this.#sent.push({ length, then });
  }

  /** The page has read what was sent first. */
  drain(): void {
    const first = this.#sent.shift();
    this.bufferedAmount -= first?.length ?? 0;
    first?.then?.();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

it('is read from again when it has read, whatever it was sent meanwhile', () => {
  const core = {
    deadlines: { now: 0, add: () => {} },
    events: {},
    limits: { outputBytes: 16 * OUTPUT_HIGH },
  };
  const socket = new ScriptedSocket();
  const route = { client: 'c', module: 'chat', version: '1', vnode: 1, user: '', token: '' };
  const page = new PageSocket(
    core as unknown as Core,
    socket as unknown as WebSocket,
    new Address(route, () => Buffer.of()),
    30_000,
    '',
  );
  const send = (length: number) => page.act(new Uint8Array(length));
  send(OUTPUT_HIGH + 1);
  expect(socket.isPaused).toBe(false);
  send(1_000);
  expect(socket.isPaused).toBe(true);
  socket.drain();
  // What is on its way is little, until it has more behind it than is let be.
  expect(socket.bufferedAmount).toBe(1_000);
  send(OUTPUT_HIGH - 1_000);
  send(2_000);
  socket.drain();
  expect([socket.bufferedAmount, socket.isPaused]).toEqual([OUTPUT_HIGH + 1_000, true]);
  socket.drain();
  socket.drain();
  expect([socket.bufferedAmount, socket.isPaused]).toEqual([0, false]);
});
