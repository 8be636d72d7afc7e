/** The options of a run: flag before environment, environment before file, file before default. */
import { availableParallelism } from 'node:os';
import { FILE_VARIABLE, readEnvironment } from './config/environment.ts';
import { readConfigFile } from './config/file.ts';
import { readFlags } from './config/flags.ts';
import { masked } from './config/secret.ts';
import {
  complaint,
  environmentSource,
  fileSource,
  flagSource,
  type Source,
} from './config/source.ts';
import { about } from './options/option.ts';
import { ALL_OPTIONS, type OptionName, type Options, optionsSchema } from './options.ts';

/** What the options of a run are read from. */
export interface Surroundings {
  /** The command line without the command. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Options that the command takes as flags. */
  readonly flags: readonly OptionName[];
  /** Defaults of the command where they are not those of the option. */
  readonly defaults?: Partial<Options> | undefined;
  /** Default: that of this machine. */
  readonly cores?: number;
  /** Whether the first operand is the folder of the modules, which may have the configuration. */
  readonly takesFolder?: boolean;
}

/** The options of a run, checked. */
export interface Resolved {
  readonly options: Options;
  /** Where each value comes from: `flag`, `environment`, the name of a file, or `default`. */
  readonly sources: Readonly<Record<OptionName, string>>;
  readonly operands: readonly string[];
  /** Reads them again: the file may have changed, and files that variables name. @throws as at first */
  again(): Promise<Resolved>;
}

/**
 * Reads and checks all options; touches nothing but the configuration file. `'help'` when that is
 * what the flags ask for.
 *
 * @throws N2OError `N2O_CONFIG_OPTION`, `N2O_CONFIG_UNKNOWN`, `N2O_CONFIG_FILE`
 */
export async function resolveOptions(surroundings: Surroundings): Promise<Resolved | 'help'> {
  const { argv, env, cwd, flags, defaults = {}, cores = availableParallelism() } = surroundings;
  const { shape } = optionsSchema({ cores, production: env.NODE_ENV === 'production' });
  const isSwitch = (name: string) => about.get(shape[name as OptionName])?.isSwitch ?? false;

  const line = readFlags(argv, flags, isSwitch);
  if (line.help) return 'help';
  const variables = readEnvironment(env, ALL_OPTIONS);
  const file = await readConfigFile(
    cwd,
    line.file ?? (env[FILE_VARIABLE] || undefined),
    ALL_OPTIONS,
    surroundings.takesFolder ? line.operands[0] : undefined,
  );
  const found: Source[] = [flagSource(line.values), environmentSource(variables)];
  if (file) found.push(fileSource(file.name, file.values));

  const options: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const name of ALL_OPTIONS) {
    const source = found.find(({ values }) => values.get(name) !== undefined);
    const value = source?.values.get(name);
    const result = shape[name].safeParse(value);
    if (source && !result.success) {
      const { expects = '', isSecret } = about.get(shape[name]) ?? {};
      const got = isSecret ? 'something else' : masked(JSON.stringify(value));
      const what = `expected ${expects}, got ${got}`;
      throw complaint('N2O_CONFIG_OPTION', source.spell(name), source.name, what);
    }
    options[name] = source ? result.data : (defaults[name] ?? result.data);
    sources[name] = source?.name ?? 'default';
  }
  return {
    options: options as Options,
    sources: sources as Record<OptionName, string>,
    operands: line.operands,
    // The same flags do not ask for help.
    again: () => resolveOptions(surroundings) as Promise<Resolved>,
  };
}
