/** Runs the built command as a child process, as a user does. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

export interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command. The environment holds nothing of ours but what is given. */
export function start(
  args: readonly string[],
  { cwd, env }: Place = {},
): ChildProcessWithoutNullStreams {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('N2O_'));
  return spawn(process.execPath, [BIN, ...args], {
    ...(cwd !== undefined && { cwd }),
    // Servers that run side by side cannot have the default folder in common.
    env: { ...Object.fromEntries(inherited), NODE_ENV: 'test', N2O_STORE: 'memory', ...env },
  });
}

/** Runs the command to its end. */
export async function run(args: readonly string[], place: Place = {}, input = ''): Promise<Ended> {
  const child = start(args, place);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** What a command logs. */
export interface Log {
  /** The next line with this text; it fails when the command ends without. */
  next(text: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Reads the log of a command that was started. */
export function logOf(child: ChildProcessWithoutNullStreams): Log {
  const lines: Record<string, unknown>[] = [];
  let isOver = false;
  let wake = () => {};
  createInterface(child.stdout)
    .on('line', (line) => {
      lines.push(JSON.parse(line));
      wake();
    })
    .on('close', () => {
      isOver = true;
      wake();
    });
  const errors = text(child.stderr);
  return {
    async next(wanted) {
      for (;;) {
        for (let line = lines.shift(); line; line = lines.shift()) {
          if (String(line.msg).includes(wanted)) return line;
        }
        if (isOver) throw new TypeError(`it ended without '${wanted}': ${await errors}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** A folder with files, removed at the end. */
export async function folder(files: Readonly<Record<string, string>>) {
  const path = await mkdtemp(join(tmpdir(), 'n2o-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, close: () => rm(path, { recursive: true, force: true }) };
}

/** A server with these modules, on free ports. */
export async function serve(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const app = await folder(files);
  const child = start(['start', app.path, '--mqtt-port', '0', '--http-port', '0', ...args]);
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const errors = text(child.stderr);
  let url: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    const { msg, mqtt } = JSON.parse(line) as { msg: string; mqtt: string };
    if (msg !== 'ready') continue;
    url = mqtt;
    break;
  }
  // Nobody reads on: what else is logged must not fill the pipe.
  child.stdout.resume();
  if (url === undefined) throw new TypeError(`the server did not start: ${await errors}`);
  return {
    url,
    child,
    exit,
    async close() {
      child.kill('SIGKILL');
      await exit;
      await app.close();
    },
  };
}
