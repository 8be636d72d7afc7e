/** Has a server listen. */
import type { AddressInfo, Server } from 'node:net';
import { type Logger, N2OError } from '@n2o/shared';

/** Resolves with `host:port` when it listens; later troubles are logged. @throws N2O_LISTEN_FAILED */
export function listen(
  server: Server,
  host: string,
  port: number,
  what: string,
  log: Logger,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const refused = (cause: Error) => {
      const text = `${what}: cannot listen on ${host}:${port}: ${cause.message}`;
      reject(new N2OError('N2O_LISTEN_FAILED', text, { cause }));
    };
    server.once('error', refused);
    // Many devices come back at once after a power cut: the backlog is as long as the system allows.
    server.listen({ host, port, backlog: 4096 }, () => {
      server.off('error', refused);
      server.on('error', (err) =>
        log.error({ listener: what, err }, 'connections are not accepted'),
      );
      const { address, port: bound, family } = server.address() as AddressInfo;
      resolve(`${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
    });
  });
}
