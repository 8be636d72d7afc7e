/** The image: its build runs here, step by step, in a folder of its own, and what comes out starts. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageOf, readDockerfile, type Stage } from './dockerfile.ts';
import { ROOT } from './file.ts';

const run = promisify(execFile);

let stages: readonly Stage[];
let root: string;
beforeAll(async () => {
  stages = await readDockerfile();
  root = await mkdtemp(join(tmpdir(), 'n2o-image-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The paths that a COPY names: sources and the destination. */
function copied(text: string): { from: string | undefined; sources: string[]; target: string } {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? [];
  const words = paths.split(' ');
  return { from, sources: words.slice(0, -1), target: words.at(-1) as string };
}

/** Whether .dockerignore leaves a file to the build; only the forms that it uses. */
async function contextFilter(): Promise<(path: string) => boolean> {
  const lines = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n');
  const after = (sign: string) =>
    lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(sign.length));
  const kept = after('!');
  const left = after('**/').map((name) => new RegExp(`^${name.replace('*', '.*')}$`));
  return (path) => {
    const parts = relative(ROOT, path).split('/');
    return (
      kept.includes(parts[0] as string) && !parts.some((part) => left.some((one) => one.test(part)))
    );
  };
}

describe('the Dockerfile', () => {
  it('copies what is there, and is not kept from the build', async () => {
    const isSent = await contextFilter();
    const copies = stages.flatMap(({ instructions }) =>
      instructions.filter(({ name }) => name === 'COPY').map(({ text }) => copied(text)),
    );
    const own = copies.filter(({ from }) => from === undefined);
    expect(own.length).toBeGreaterThan(0);
    for (const source of own.flatMap(({ sources }) => sources)) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      expect(isSent(join(ROOT, source)), source).toBe(true);
    }
  });

  it('runs as a user who may do little, and can be asked how it is', () => {
    const image = imageOf(stages);
    expect(image).toMatchObject({ user: 'node', stopSignal: 'SIGTERM', entrypoint: ['n2o'] });
    expect(image.health.slice(0, 2)).toEqual(['node', '-e']);
    for (const { base } of stages) expect(base).toMatch(/^node:.*-slim( AS \w+)?$/);
  });

  it('builds something that starts, without what only the build needs', {
    timeout: 180_000,
  }, async () => {
    await build();
    const bin = join(root, 'usr/local/bin/n2o');
    expect((await run(bin, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { command } = imageOf(stages);
    const [name = '', , ...args] = command;
    const places = ['--mqtt-port', '0', '--http-port', '0', '--store', 'memory'];
    const env = { ...process.env, NODE_ENV: 'production', N2O_SECRET: 'a secret of this test' };
    const app = join(ROOT, 'examples');
    const server = spawn(bin, [name, app, ...args, ...places], { cwd: root, env });
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const { msg, mqtt } = JSON.parse(String(line)) as { msg: string; mqtt: string };
    expect(msg).toBe('ready');
    const url = mqtt.replace('0.0.0.0', '127.0.0.1');
    expect((await run(bin, ['call', 'echo', 'hi', '--url', url])).stdout).toBe('hi\n');
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
    const { stdout } = await run('ls', [join(root, 'opt/n2o/node_modules/.pnpm')]);
    expect(stdout).not.toMatch(/^(typescript|vitest|@biomejs)/m);
  });
});

/** Does what the stages say, with all absolute paths below the folder of this test. */
async function build(): Promise<void> {
  const isSent = await contextFilter();
  const at = (path: string) => join(root, path);
  await mkdir(at('usr/local/bin'), { recursive: true });
  for (const { instructions } of stages) {
    let folder = root;
    for (const { name, text: said } of instructions) {
      if (name === 'WORKDIR') {
        folder = at(said);
        await mkdir(folder, { recursive: true });
      } else if (name === 'COPY') {
        const { from, sources, target } = copied(said);
        for (const source of sources) {
          const origin = from ? at(source) : join(ROOT, source);
          const there = target.startsWith('/') ? at(target) : resolve(folder, target);
          const isFile = (await stat(origin)).isFile();
          const goal = isFile ? join(there, source) : there;
          await mkdir(dirname(goal), { recursive: true });
          const filter = (path: string) => from !== undefined || isSent(path);
          await cp(origin, goal, { recursive: true, verbatimSymlinks: true, filter });
        }
      } else if (name === 'RUN') await shell(said, folder);
    }
  }
}

async function shell(instruction: string, folder: string): Promise<void> {
  const command = instruction
    .replace(/(?<=\s)(?=\/\w)/g, root)
    .replaceAll('node:node', `${process.getuid?.()}:${process.getgid?.()}`);
  const prefix = join(root, 'prefix');
  const env = {
    ...process.env,
    PATH: [join(prefix, 'bin'), process.env.PATH].join(':'),
    npm_config_prefix: prefix,
    npm_config_prefer_offline: 'true',
  };
  const step = spawn('sh', ['-ec', command], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([
    text(step.stdout),
    text(step.stderr),
    once(step, 'exit') as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`${instruction} ended with ${code}: ${out}${err}`);
}
