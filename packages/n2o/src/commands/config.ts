/** `n2o config print`: the options of this run, their values and sources. */
import { N2OError } from '@n2o/shared';
import { valueText } from '../catalogue.ts';
import { masked } from '../config/secret.ts';
import type { Resolved } from '../config.ts';
import type { Io } from '../io.ts';
import type { OptionName } from '../options.ts';

export async function config({ options, sources, operands }: Resolved, io: Io): Promise<number> {
  if (operands[0] !== 'print') {
    throw new N2OError('N2O_CONFIG_UNKNOWN', `config: expected print, got "${operands[0]}"`);
  }
  const rows = Object.entries(options).map(([name, value]) => [
    name,
    masked(valueText(name as OptionName, value)),
    sources[name as OptionName],
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] as string).length));
  const [names, values] = [width(0), width(1)];
  for (const [name = '', value = '', source] of rows) {
    io.stdout.write(`${name.padEnd(names)}  ${value.padEnd(values)}  ${source}\n`);
  }
  return 0;
}
