/** The load: the generator in C where there is a compiler and its source, else the one in Node. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = process.env.MQTTLOAD ?? join(ROOT, '..', 'shared', 'bench', 'mqttload.c');
const BINARY = join(ROOT, '.n2o', 'mqttload');

/** What starts a generator, and what to call it. */
export function chooseGenerator() {
  const own = [process.execPath, join(import.meta.dirname, 'generator.mjs')];
  if (!existsSync(SOURCE)) return { command: own, name: 'bench/generator.mjs (Node)' };
  try {
    const built = existsSync(BINARY) && statSync(BINARY).mtimeMs > statSync(SOURCE).mtimeMs;
    mkdirSync(join(ROOT, '.n2o'), { recursive: true });
    if (!built) execFileSync('cc', ['-O2', '-o', BINARY, SOURCE], { stdio: 'pipe' });
    return { command: [BINARY], name: 'mqttload (C)' };
  } catch {
    return { command: own, name: 'bench/generator.mjs (Node)' };
  }
}

/**
 * Starts the generator against a port of this machine.
 * @param {{ command: string[] }} generator
 * @param {number} port
 * @param {Record<string, string | number | boolean>} options by letter, as in `{ c: 100, v: true }`
 * @returns {{ result: Promise<Record<string, number>>, stop: () => void }} `result` is the
 *   generator's last line; it rejects if there is none, as after `stop`
 */
export function startLoad({ command: [program, ...before] }, port, options) {
  /** @type {Record<string, string | number | boolean>} */
  const all = { p: port, ...options };
  const args = Object.entries(all).flatMap(([letter, value]) =>
    value === true ? [`-${letter}`] : [`-${letter}`, String(value)],
  );
  const child = spawn(program, [...before, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  const result = new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', stop);
      const line = output.trim().split('\n').at(-1);
      if (line?.startsWith('{')) resolve(JSON.parse(line));
      else reject(new Error(`the generator ended with ${signal ?? code} and no result: ${output}`));
    });
  });
  return { result, stop };
}
