/** The parts of the benchmark that its figures rest on. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BENCH = join(import.meta.dirname, '..', 'bench');

async function load<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(BENCH, name)).href)) as T;
}

describe('the load generator in Node, against the Aedes echo', () => {
  const echo = spawn(process.execPath, [join(BENCH, 'aedes-echo.mjs')]);
  const started = { port: '' };

  beforeAll(async () => {
    const [line] = await once(echo.stdout, 'data');
    started.port = /:(\d+)/.exec(String(line))?.[1] ?? '';
  });
  afterAll(() => echo.kill());

  const generate = async (...options: string[]) => {
    const topics = ['-P', 'events/1//echo/%c', '-S', 'actions/1/echo/%c'];
    const args = [
      join(BENCH, 'generator.mjs'),
      '-p',
      started.port,
      '-c',
      '5',
      ...topics,
      ...options,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  };

  it.each([0, 1, 2])('has every request answered and verified at QoS %i', async (qos) => {
    const result = await generate('-q', String(qos), '-w', '4', '-W', '0', '-t', '0.2', '-v');
    expect(result).toMatchObject({ connected: 5, errors: 0, stalled: 0, lost_conns: 0, qos });
    expect(result.replies).toBeGreaterThan(20);
    expect(result.p50_us).toBeGreaterThan(0);
    expect(result.max_us).toBeGreaterThanOrEqual(result.p99_us * 0.99);
  });

  it('holds idle connections', async () => {
    expect(await generate('-d', '0.1')).toMatchObject({ mode: 'hold', connected: 5, alive: 5 });
  });
});

describe('the histogram', () => {
  it('gives quantiles that are at most 0.2 % too small', async () => {
    const { createHistogram } = await load<{
      createHistogram(): { add(value: number): void; quantile(share: number): number; max: number };
    }>('histogram.mjs');
    const times = createHistogram();
    for (let value = 1; value <= 100_000; value++) times.add(value);
    for (const share of [0.5, 0.99, 0.999]) {
      const exact = share * 100_000;
      expect(times.quantile(share)).toBeGreaterThanOrEqual(exact * 0.998);
      expect(times.quantile(share)).toBeLessThanOrEqual(exact + 1);
    }
    expect(times.max).toBe(100_000);
  });
});

describe('the packets', () => {
  it('are cut from the stream wherever it is torn', async () => {
    const { connect, frames, publish } = await load<{
      connect(id: string, clean: boolean): Buffer;
      publish(topic: string, qos: number, size: number): { bytes: Buffer };
      frames(
        take: (first: number, bytes: Buffer, from: number, to: number) => void,
      ): (chunk: Buffer) => void;
    }>('packets.mjs');
    const stream = Buffer.concat([
      connect('a', true),
      publish('t', 1, 300).bytes,
      connect('b', false),
    ]);
    for (let tear = 1; tear < stream.length; tear++) {
      const seen: [number, number][] = [];
      const cut = frames((first, _bytes, from, to) => seen.push([first, to - from]));
      cut(stream.subarray(0, tear));
      cut(stream.subarray(tear));
      expect(seen).toEqual([
        [0x10, 13],
        [0x32, 305],
        [0x10, 13],
      ]);
    }
  });
});

describe('the page of results', () => {
  it('keeps what is written by hand', async () => {
    const { writeInto } = await load<{ writeInto(page: string, text: string): void }>('tables.mjs');
    const folder = await mkdtemp(join(tmpdir(), 'n2o-page-'));
    try {
      const page = join(folder, 'performance.md');
      const real = await readFile(join(BENCH, '..', 'docs/performance.md'), 'utf8');
      await writeFile(page, real);
      writeInto(page, 'new figures');
      writeInto(page, 'newer figures');
      const text = await readFile(page, 'utf8');
      const [before] = real.split('<!-- bench:begin');
      const after = real.split('<!-- bench:end -->')[1];
      expect(text.startsWith(before as string)).toBe(true);
      expect(text.endsWith(`\n\nnewer figures\n\n<!-- bench:end -->${after}`)).toBe(true);
      expect(text).not.toContain('new figures');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
