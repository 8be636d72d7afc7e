/** `n2o broker`: a broker for vnode hosts, with workers of its own only where it is told to have some. */
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { serve } from './serve.ts';

export function broker(resolved: Resolved, io: Io): Promise<number> {
  const [folder] = resolved.operands;
  if (resolved.options.workers > 0) return serve(resolved, folder ?? '.', io);
  return serve(resolved, undefined, io, folder);
}
