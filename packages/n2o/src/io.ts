/** What a command sees of its process. */
import type { Readable } from 'node:stream';
import type { Signals } from './signals.ts';

/** Where a command writes to. */
export interface Output {
  write(chunk: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
}

/** `process` is one. */
export interface Io extends Signals {
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
}
