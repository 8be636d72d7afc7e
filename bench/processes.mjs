/** What a process costs, read from Linux's /proc; `undefined` where there is none. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 25;
const SETTLE_SAMPLE_MS = 250;
const SETTLE_SAMPLES = 5;
const SETTLE_SHARE = 0.01;
const SETTLE_WITHIN_MS = 30_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Bytes of memory that the process occupies. */
export function residentBytes(pid) {
  const kib = /VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

/** How many files and sockets the process has open. */
export function openFiles(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

/** Waits until the memory of a process no longer moves, and returns it. */
export async function settledBytes(pid) {
  const samples = [];
  const deadline = performance.now() + SETTLE_WITHIN_MS;
  while (performance.now() < deadline) {
    const bytes = residentBytes(pid);
    if (bytes === undefined) return undefined;
    samples.push(bytes);
    const last = samples.slice(-SETTLE_SAMPLES);
    const moved = Math.max(...last) - Math.min(...last);
    if (last.length === SETTLE_SAMPLES && moved <= SETTLE_SHARE * bytes) return bytes;
    await pause(SETTLE_SAMPLE_MS);
  }
  return samples.at(-1);
}

/**
 * Waits until the number of open files is as wanted; false if that takes too long.
 * @param {number} pid
 * @param {(files: number) => boolean} wanted
 */
export async function untilFiles(pid, wanted) {
  const deadline = performance.now() + SETTLE_WITHIN_MS;
  while (performance.now() < deadline) {
    const files = openFiles(pid);
    if (files === undefined) return false;
    if (wanted(files)) return true;
    await pause(SAMPLE_MS);
  }
  return false;
}

/** Follows the CPU time of a process, all its threads included. */
export function followCpu(pid) {
  const ticks = ticksPerSecond();
  const samples = [];
  const sample = () => {
    // The second field is the program's name in brackets, and may hold blanks.
    const fields = read(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /, '')
      .split(' ');
    if (fields)
      samples.push({
        at: performance.now(),
        cpu: (Number(fields[11]) + Number(fields[12])) / ticks,
      });
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop: () => clearInterval(timer),
    /** Seconds of CPU within the last so many seconds. */
    ofLast(seconds) {
      sample();
      const end = samples.at(-1);
      const begin = samples.findLast(({ at }) => at <= end?.at - seconds * 1000);
      if (!end || !begin) return undefined;
      return ((end.cpu - begin.cpu) / (end.at - begin.at)) * seconds * 1000;
    },
  };
}

function ticksPerSecond() {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  } catch {
    return 100;
  }
}
