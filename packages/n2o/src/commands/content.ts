/** The message of a command: its operand, or the standard input where that is `-`. */
import type { Io } from '../io.ts';

export async function contentOf(operand: string, io: Pick<Io, 'stdin'>): Promise<Buffer> {
  if (operand !== '-') return Buffer.from(operand);
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
