/** `n2o start`: a broker and its workers in one process. */
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import { serve } from './serve.ts';

export function start({ options, operands }: Resolved, io: Io): Promise<number> {
  return serve(options, operands[0] ?? '.', io);
}
