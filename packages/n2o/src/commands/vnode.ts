/** `n2o vnode`: a vnode host until it is told to end, or cannot go on. */
import { resolve } from 'node:path';
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { createLog } from '../log.ts';
import { located } from '../places.ts';
import { servicesOf } from '../services.ts';
import { untilSignal } from '../signals.ts';
import { startVnode, type VnodeHost } from '../vnode.ts';

export async function vnode({ options, operands }: Resolved, io: Io): Promise<number> {
  const ending = new AbortController();
  const told = untilSignal(io).then(() => ending.abort());
  const log = createLog(options.logLevel, io.stdout);
  const app = resolve(io.cwd(), operands[0] ?? '.');
  const services = await servicesOf(options, io, log);
  let host: VnodeHost;
  try {
    const given = { ...located(options, io.cwd()), app, services };
    host = await startVnode(given, log, ending.signal);
  } catch (error) {
    if (ending.signal.aborted) return 0;
    throw error;
  }
  const failure = await Promise.race([told, host.failure]);
  await host.close();
  if (failure) throw failure;
  return 0;
}
