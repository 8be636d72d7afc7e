/** From the command line to the exit code. */
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { N2OError } from '@n2o/shared';
import { COMMANDS, type Command, FOLDER } from './commands.ts';
import { strange } from './config/source.ts';
import { resolveOptions } from './config.ts';
import { commandHelp, overview } from './help.ts';
import type { Io } from './io.ts';

/**
 * Runs a command.
 *
 * @param argv the command line, from the command on
 * @returns the exit code: 0, or 1 after one line on the standard error
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = 'help', ...rest] = argv;
  let isVerbose = false;
  try {
    const answer = await inform(name, rest[0]);
    if (answer !== undefined) return tell(io, answer);
    const command = commandOf(name);
    const { env } = io;
    const resolved = await resolveOptions({
      argv: rest,
      env,
      cwd: io.cwd(),
      flags: command.options,
      defaults: command.defaults,
      takesFolder: command.operands === FOLDER,
    });
    if (resolved === 'help') return tell(io, commandHelp(name, command));
    isVerbose = ['trace', 'debug'].includes(resolved.options.logLevel);
    checkOperands(name, command, resolved.operands);
    const run = await command.load();
    return await run(resolved, io);
  } catch (error) {
    const isOurs = error instanceof N2OError;
    const code = isOurs ? `${error.code}: ` : '';
    io.stderr.write(`n2o: ${code}${isOurs && !isVerbose ? error.message : inspect(error)}\n`);
    return 1;
  }
}

/** What is asked for instead of a command. */
async function inform(name: string, about: string | undefined): Promise<string | undefined> {
  switch (name) {
    case '-v':
    case '--version':
      return `${await version()}\n`;
    case '-h':
    case '--help':
    case 'help':
      return about === undefined ? overview() : commandHelp(about, commandOf(about));
    default:
      return undefined;
  }
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function commandOf(name: string): Command {
  if (!Object.hasOwn(COMMANDS, name)) throw strange(name, 'command', Object.keys(COMMANDS));
  return COMMANDS[name] as Command;
}

function checkOperands(name: string, command: Command, operands: readonly string[]): void {
  const [least, most] = command.arity;
  if (operands.length >= least && operands.length <= most) return;
  const got = operands.length === 0 ? 'nothing' : operands.join(' ');
  throw new N2OError('N2O_CONFIG_OPTION', `${name}: expected ${command.operands}, got ${got}`);
}

function tell(io: Io, text: string): number {
  io.stdout.write(text);
  return 0;
}
