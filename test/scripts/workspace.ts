/** A workspace in a temporary folder with this repository's scripts in it, and tools that only write down that they ran. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SCRIPTS = fileURLToPath(new URL('../../scripts/', import.meta.url));

export interface Workspace extends AsyncDisposable {
  readonly root: string;
  /** Puts a file there, executable if it says how. */
  write(path: string, text: string): Promise<void>;
  /** Runs an exported function of a script; gets its exit code and all that it printed. */
  call(
    script: string,
    name: string,
    env?: NodeJS.ProcessEnv,
  ): Promise<{ code: number; output: string }>;
  /** What the tools wrote down since the last time: one line each. */
  ran(): Promise<string[]>;
}

/** Makes the workspace: one package, `a`, with one source. */
export async function createWorkspace(): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'n2o-workspace-'));
  const log = join(root, 'log');
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    if (text.startsWith('#!')) await chmod(join(root, path), 0o755);
  };
  await cp(SCRIPTS, join(root, 'scripts'), { recursive: true });
  await write('package.json', '{ "packageManager": "pnpm@10.1.2" }');
  await write('pnpm-lock.yaml', 'lockfileVersion: 9');
  await write('pnpm-workspace.yaml', 'packages: [packages/*]');
  await write('.npmrc', '');
  await write('tsconfig.json', '{}');
  await write('packages/a/package.json', '{}');
  await write('packages/a/tsconfig.json', '{}');
  await write('packages/a/src/index.ts', '');
  await write('log', '');
  return {
    root,
    write,
    call: (script, name, env) => {
      const url = pathToFileURL(join(root, 'scripts', script)).href;
      const code = `import { ${name} } from '${url}'; await ${name}();`;
      const PATH = [join(root, 'bin'), process.env.PATH].join(delimiter);
      return new Promise((resolve) => {
        execFile(
          process.execPath,
          ['--input-type=module', '-e', code],
          { cwd: root, env: { ...process.env, PATH, LOG: log, ...env } },
          (error, stdout, stderr) =>
            resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
        );
      });
    },
    ran: async () => {
      const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
      await writeFile(log, '');
      return lines;
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}
