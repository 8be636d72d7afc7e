/** Reads the environment: every variable that begins with `N2O_`. */
import { variableOf } from '../options.ts';
import { strange } from './source.ts';

/** Names the configuration file. */
export const FILE_VARIABLE = 'N2O_CONFIG';

/**
 * Option → text. A variable that is set to nothing counts as not set.
 *
 * @throws N2OError `N2O_CONFIG_UNKNOWN`
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
    if (option === undefined) throw strange(variable, 'environment', byVariable.keys());
    values.set(option, value);
  }
  return values;
}
