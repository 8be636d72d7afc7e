/** What `n2o start` and `n2o broker` do: a server until it is told to end. */
import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import { createLog } from '../log.ts';
import type { Options } from '../options.ts';
import { located } from '../places.ts';
import { type Server, startServer } from '../server.ts';
import { servicesOf } from '../services.ts';
import { untilSignal } from '../signals.ts';

/** @param folder of the modules; `undefined` for a server without workers */
export async function serve(options: Options, folder: string | undefined, io: Io): Promise<number> {
  const ending = new AbortController();
  const told = untilSignal(io).then(() => ending.abort());
  const log = createLog(options.logLevel, io.stdout);
  let server: Server | undefined;
  // A terminal says SIGHUP when it goes away: then it means the end, as ever.
  if (!io.stdout.isTTY) io.on('SIGHUP', () => void server?.renew());
  const work =
    folder === undefined
      ? { app: undefined }
      : { app: resolve(io.cwd(), folder), services: await servicesOf(options, io, log) };
  try {
    const given = { ...located(options, io.cwd()), ...work };
    server = await startServer(given, log, ending.signal);
  } catch (error) {
    if (ending.signal.aborted) return 0;
    throw error;
  }
  await told;
  await server.close();
  return 0;
}
