/** `n2o start`: a server until it is told to end. */
import { resolve } from 'node:path';
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { createLog } from '../log.ts';
import { startServer } from '../server.ts';
import { untilSignal } from '../signals.ts';

export async function start({ options, operands }: Resolved, io: Io): Promise<number> {
  const told = untilSignal(io);
  const { store } = options;
  const server = await startServer(
    {
      ...options,
      store: store === 'memory' ? store : resolve(io.cwd(), store),
      app: resolve(io.cwd(), operands[0] ?? '.'),
    },
    createLog(options.logLevel, io.stdout),
  );
  await told;
  await server.close();
  return 0;
}
