/** Opens a connection to a broker, over TCP or TLS. */
import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { connect as dialSecurely } from 'node:tls';
import { N2OError, reason } from '@n2o/shared';
import type { Target } from './target.ts';

/**
 * Resolves when bytes can be sent.
 *
 * @param patience milliseconds that it may take
 * @throws N2OError `N2O_CLIENT_CONNECT`
 */
export async function openSocket(target: Target, patience: number): Promise<Socket> {
  const { host, port, tls, trust } = target;
  const socket = tls ? dialSecurely({ host, port, ...trust }) : dial({ host, port });
  // Else our own small packets would wait for each other, and the broker be blamed for it.
  socket.setNoDelay(true);
  const late = AbortSignal.timeout(patience);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal: late });
    return socket;
  } catch (cause) {
    socket.destroy();
    const why = late.aborted ? `no connection within ${patience} ms` : reason(cause);
    throw new N2OError('N2O_CLIENT_CONNECT', `${host}:${port}: ${why}`, { cause });
  }
}
