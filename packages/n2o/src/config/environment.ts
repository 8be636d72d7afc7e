/** Reads the environment: every variable that begins with `N2O_`. */
import { readFileSync } from 'node:fs';
import { N2OError, reason } from '@n2o/shared';
import { variableOf } from '../options.ts';
import { strange } from './source.ts';

/** Names the configuration file. */
export const FILE_VARIABLE = 'N2O_CONFIG';

/** Behind the name of a variable: its value is in a file, as container engines hand out secrets. */
const IN_FILE = '_FILE';

/**
 * Option → text. A variable that is set to nothing counts as not set.
 *
 * @throws N2OError `N2O_CONFIG_UNKNOWN`, `N2O_CONFIG_FILE` when a file with a value cannot be read
 */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  options: readonly string[],
): ReadonlyMap<string, string> {
  const byVariable = new Map(options.map((option) => [variableOf(option), option]));
  const values = new Map<string, string>();
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('N2O_') || variable === FILE_VARIABLE || !value) continue;
    const option = byVariable.get(variable);
    if (option !== undefined) values.set(option, value);
    else if (!byVariable.has(stemOf(variable))) {
      throw strange(variable, 'environment', byVariable.keys());
    }
  }
  for (const [stem, option] of byVariable) {
    const file = env[stem + IN_FILE];
    if (file && !values.has(option)) values.set(option, contentOf(stem + IN_FILE, file));
  }
  return values;
}

function stemOf(variable: string): string {
  return variable.endsWith(IN_FILE) ? variable.slice(0, -IN_FILE.length) : variable;
}

function contentOf(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new N2OError('N2O_CONFIG_FILE', `${variable}: ${reason(error)}`, { cause: error });
  }
}
