/** Finds out where in a source file something went wrong, for messages that an editor can follow. */

/** Prints `file:line:column`, as far as it is known; lines and columns count from 1. */
export function printPosition(file: string, line?: number, column?: number): string {
  if (line === undefined) return file;
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}

/** Where a source names the package or file that it imports. */
export function importPosition(file: string, source: string, specifier: string): string {
  for (const quote of [`'`, '"', '`']) {
    const at = source.indexOf(quote + specifier + quote);
    if (at < 0) continue;
    const before = source.slice(0, at).split('\n');
    return printPosition(file, before.length, (before.at(-1) as string).length + 1);
  }
  return file;
}

/**
 * Where something was thrown: the innermost frame of its stack that lies in one of `files`.
 * Without a column: transformed lines keep their number, not their columns.
 */
export function thrownPosition(thrown: unknown, files: Iterable<string>): string | undefined {
  if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return undefined;
  const known = [...files];
  for (const frame of thrown.stack.split('\n')) {
    // `at name (file:line:column)`; the stack of a SyntaxError opens with `file:line`.
    const [, place, line] = /^(.+?):(\d+)(?::\d+\)?)?$/.exec(frame) ?? [];
    const file = known.find((candidate) => place?.endsWith(candidate));
    if (file !== undefined) return printPosition(file, Number(line));
  }
  return undefined;
}
