import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Keepalive } from '../../src/link/keepalive.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watched() {
  const said: string[] = [];
  const peer = { reading: true, ping: () => said.push('ping'), dead: () => said.push('dead') };
  return { said, peer, keepalive: new Keepalive(10_000, peer) };
}

describe('the keep-alive', () => {
  it('pings twice within its time while the peer answers', () => {
    const { said, keepalive } = watched();
    for (let i = 0; i < 4; i++) {
      vi.advanceTimersByTime(5_000);
      keepalive.heard();
    }
    expect(said).toEqual(['ping', 'ping', 'ping', 'ping']);
    keepalive.stop();
  });

  it('takes a peer for dead that was silent from one ping to the next', () => {
    const { said, keepalive } = watched();
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual(['ping']);
    vi.advanceTimersByTime(5_001);
    expect(said).toEqual(['ping', 'dead']);
    keepalive.stop();
  });

  it('goes on pinging, and suspects nobody, while nothing is read', () => {
    const { said, peer, keepalive } = watched();
    peer.reading = false;
    vi.advanceTimersByTime(20_001);
    expect(said).toEqual(['ping', 'ping', 'ping', 'ping']);
    keepalive.stop();
  });

  it('reads what came while the process was frozen before it takes the peer for dead', () => {
    const { said, keepalive } = watched();
    vi.advanceTimersByTime(5_000);
    // The timer goes off first, and the socket is read after it.
    vi.advanceTimersToNextTimer();
    keepalive.heard();
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['ping', 'ping']);
    keepalive.stop();
  });
});
