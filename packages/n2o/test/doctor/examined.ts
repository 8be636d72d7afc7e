/** What `n2o doctor` says of a broker: its table, read back. */
import { PassThrough } from 'node:stream';
import { doctor } from '../../src/commands/doctor.ts';
import type { Resolved } from '../../src/config.ts';
import type { Options } from '../../src/options.ts';

export interface Examined {
  readonly code: number;
  /** Promise → verdict. */
  readonly verdicts: ReadonlyMap<string, string>;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options, and what a test does while the examination goes on. */
export interface Onlooker extends Partial<Options> {
  /** Called with what is printed. */
  readonly printed?: (text: string, interrupt: () => void) => void;
}

/** Runs the command in this process. */
export async function examined(url: string, onlooker: Onlooker = {}): Promise<Examined> {
  const { printed, ...given } = onlooker;
  let stdout = '';
  let stderr = '';
  const signals = new Map<string, () => void>();
  const io = {
    env: {},
    cwd: () => '.',
    stdin: new PassThrough(),
    stdout: {
      write(text: string) {
        stdout += text;
        printed?.(text, () => signals.get('SIGINT')?.());
      },
    },
    stderr: { write: (text: string) => (stderr += text) },
    on: (signal: string, listener: () => void) => signals.set(signal, listener),
    exit: (): never => {
      throw new Error('the process was to end at once');
    },
  };
  const options = {
    timeout: 10_000,
    messages: 5_000,
    json: false,
    brokerInsecure: false,
    ...given,
  };
  const resolved = { options, operands: [url], sources: {} } as unknown as Resolved;
  const code = await doctor(resolved, io as Parameters<typeof doctor>[1]);
  return { code, verdicts: verdictsOf(stdout), stdout, stderr };
}

function verdictsOf(table: string): Map<string, string> {
  const rows = table.split('\n').map((line) => line.split(/ {2,}/));
  return new Map(
    rows
      .filter(([verdict]) => /^(kept|limited|broken|not tested)$/.test(verdict ?? ''))
      .map(([verdict, promise]) => [promise as string, verdict as string]),
  );
}
