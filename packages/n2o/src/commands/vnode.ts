/** `n2o vnode`: a vnode host until it is told to end, or cannot go on. */
import { resolve } from 'node:path';
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { type Logging, startLogging } from '../logging.ts';
import { located } from '../places.ts';
import { servicesOf } from '../services.ts';
import { onHangup, untilSignal } from '../signals.ts';
import { startVnode, type VnodeHost } from '../vnode.ts';

export async function vnode(resolved: Resolved, io: Io): Promise<number> {
  const ending = new AbortController();
  const told = untilSignal(io).then(() => ending.abort());
  let logging: Logging | undefined;
  onHangup(io, io.stdout.isTTY === true, () => void logging?.renew());
  logging = await startLogging(resolved, io);
  let host: VnodeHost | undefined;
  try {
    const { options, operands } = resolved;
    const app = resolve(io.cwd(), operands[0] ?? '.');
    const services = await servicesOf(options, io, logging.log);
    const given = { ...located(options, io.cwd()), app, services };
    host = await startVnode(given, logging, ending.signal);
    const failure = await Promise.race([told, host.failure]);
    await host.close();
    if (failure) throw failure;
  } catch (error) {
    // A start that was given up did not fail.
    if (host !== undefined || !ending.signal.aborted) throw error;
  } finally {
    await logging.close();
  }
  return 0;
}
