/** Child processes: quiet ones that are part of a step, and the one that takes this process's place. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** A terminal's Ctrl-C reaches us twice, from the terminal and again from npm: within this time it is one. */
const ECHO_MS = 300;
const PARENT_CHECK_MS = 200;
/** Where Debian keeps servers, which the PATH of an ordinary user does not name. */
export const PATH = [process.env.PATH, '/usr/sbin', '/usr/local/sbin']
  .filter(Boolean)
  .join(delimiter);

/** Ends the run with an exit code; the message is all that the user sees. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a program to its end and returns what it printed; throws a Stop that shows it if it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ note?: (line: string) => void, env?: Record<string, string>, cwd?: string }} options
 *   `note` gets the last line printed so far
 * @returns {Promise<string>}
 */
export function quiet(command, args, { note, env, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const unhook = hook((signal) => child.kill(signal));
    let output = '';
    const take = (text) => {
      output += text;
      const last = text.trimEnd().split('\n').at(-1)?.trim();
      if (last) note?.(last);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (cause) => {
      unhook();
      reject(new Stop(`${command}: ${cause.message}`));
    });
    child.on('close', (code, signal) => {
      unhook();
      if (code === 0) resolve(output);
      else
        reject(
          new Stop(`${output}\n${[command, ...args].join(' ')} failed`, exitCode(code, signal)),
        );
    });
  });
}

/**
 * Hands the terminal to a Node program and lives only to pass on its signals, each once, and its
 * exit code. The child leads a process group of its own: what the terminal sends reaches it through
 * us alone, for two SIGINTs tell a server to stop without draining.
 * @param {string[]} args the script and what it is given
 * @returns {Promise<number>} its exit code, or 128 and the signal that ended it, as a shell says it
 */
export function become(args) {
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, PATH },
    detached: process.platform !== 'win32',
  });
  let asked = false;
  const ask = (signal) => {
    asked = true;
    child.kill(signal);
  };
  const unhook = hook(ask);
  // npm passes SIGTERM to its shell only, and a shell such as dash dies of it without telling us.
  const parent = process.ppid;
  const orphaned = () => process.env.npm_lifecycle_event && process.ppid !== parent && !asked;
  const watch = setInterval(() => orphaned() && ask('SIGTERM'), PARENT_CHECK_MS);
  return new Promise((resolve, reject) => {
    const done = (settle, value) => {
      unhook();
      clearInterval(watch);
      settle(value);
    };
    child.on('error', (cause) => done(reject, new Stop(`${args[0]}: ${cause.message}`)));
    child.on('exit', (code, signal) => done(resolve, exitCode(code, signal)));
  });
}

/** Catches this process's signals, echoes left out; returns how to stop that. */
function hook(take) {
  const isEcho = createEchoFilter(() => performance.now());
  const caught = (signal) => isEcho(signal) || take(signal);
  for (const signal of SIGNALS) process.on(signal, caught);
  return () => {
    for (const signal of SIGNALS) process.off(signal, caught);
  };
}

/**
 * Tells a signal that was taken within the last ECHO_MS from a new one.
 * @param {() => number} now milliseconds
 * @returns {(signal: string) => boolean}
 */
export function createEchoFilter(now) {
  const last = new Map();
  return (signal) => {
    const isEcho = now() - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < ECHO_MS;
    if (!isEcho) last.set(signal, now());
    return isEcho;
  };
}

/** What a shell would report. */
function exitCode(code, signal) {
  return code ?? 128 + constants.signals[signal];
}
