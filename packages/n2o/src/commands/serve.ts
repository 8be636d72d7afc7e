/** What `n2o start` and `n2o broker` do: a server until it is told to end. */
import { resolve } from 'node:path';
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { type Logging, startLogging } from '../logging.ts';
import { located } from '../places.ts';
import { type Server, startServer } from '../server.ts';
import { servicesOf } from '../services.ts';
import { onHangup, untilSignal } from '../signals.ts';

/**
 * @param folder of the modules; `undefined` for a server without workers
 * @param site   where there are none: the folder of modules that hosts run, for what it has to serve
 */
export async function serve(
  resolved: Resolved,
  folder: string | undefined,
  io: Io,
  site?: string,
): Promise<number> {
  const ending = new AbortController();
  const told = untilSignal(io).then(() => ending.abort());
  let logging: Logging | undefined;
  let server: Server | undefined;
  onHangup(io, io.stdout.isTTY === true, () => {
    void logging?.renew();
    void server?.renew();
  });
  logging = await startLogging(resolved, io);
  try {
    const { options } = resolved;
    const work =
      folder === undefined
        ? { app: undefined, site: site === undefined ? undefined : resolve(io.cwd(), site) }
        : {
            app: resolve(io.cwd(), folder),
            services: await servicesOf(options, io, logging.log),
          };
    const given = { ...located(options, io.cwd()), ...work };
    server = await startServer(given, logging, ending.signal);
    await told;
    await server.close();
  } catch (error) {
    // A start that was given up did not fail.
    if (server !== undefined || !ending.signal.aborted) throw error;
  } finally {
    await logging.close();
  }
  return 0;
}
