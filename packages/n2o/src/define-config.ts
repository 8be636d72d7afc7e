/** Names the type of a configuration file, for editors and the compiler. */
import type { ConfigFile } from './options.ts';

/** Returns what it is given. */
export function defineConfig(options: ConfigFile): ConfigFile {
  return options;
}
