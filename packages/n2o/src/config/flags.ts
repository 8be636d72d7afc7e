/** Reads the flags and operands of a command line. */
import { parseArgs } from 'node:util';
import { flagOf } from '../options.ts';
import { complaint, strange } from './source.ts';

/** A command line, taken apart. */
export interface CommandLine {
  /** Option → value: text, or for a switch without one a boolean. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly operands: readonly string[];
  /** The file named by `--config`. */
  readonly file: string | undefined;
  readonly help: boolean;
}

/** @throws N2OError `N2O_CONFIG_UNKNOWN`, `N2O_CONFIG_OPTION` when a flag lacks its value */
export function readFlags(
  args: readonly string[],
  options: readonly string[],
  isSwitch: (option: string) => boolean,
): CommandLine {
  const byFlag = new Map(options.map((option) => [flagOf(option), option]));
  const types = [...byFlag].map(([flag, option]) => {
    const type: 'boolean' | 'string' = isSwitch(option) ? 'boolean' : 'string';
    return [flag, { type }] as const;
  });
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(types),
      config: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    // Strictness is ours: its errors could not say what was meant.
    strict: false,
    allowPositionals: true,
    allowNegative: true,
    tokens: true,
  });
  const values = new Map<string, unknown>();
  const operands: string[] = [];
  let file: string | undefined;
  let help = false;
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = byFlag.get(name);
    const negative = rawName === `--no-${name}`;
    if (name === 'help') help = true;
    else if (option === undefined && name !== 'config') {
      const known = ['config', 'help', ...byFlag.keys()].map((flag) => `--${flag}`);
      throw strange(rawName, 'flag', known);
    } else if (option !== undefined && isSwitch(option)) values.set(option, value ?? !negative);
    else if (value === undefined || negative) {
      throw complaint('N2O_CONFIG_OPTION', rawName, 'flag', 'expected a value');
    } else if (option === undefined) file = value;
    else values.set(option, value);
  }
  return { values, operands, file, help };
}
