/** `n2o start`: a broker and its workers in one process. */
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { serve } from './serve.ts';

export function start(resolved: Resolved, io: Io): Promise<number> {
  return serve(resolved, resolved.operands[0] ?? '.', io);
}
