/** Turns source files into functions that run them, and finds what they import: jiti's part of the work. */
import { isBuiltin } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';
import { N2OError } from '@n2o/shared';
import { createJiti, type Jiti } from 'jiti';
import { printPosition } from './position.ts';

/** A source file as a function; the last two stand for `import` and `import.meta.resolve`. */
export type Compiled = (
  exports: unknown,
  require: NodeJS.Require,
  module: NodeJS.Module,
  filename: string,
  dirname: string,
  jitiImport: (specifier: string) => Promise<unknown>,
  jitiESMResolve: (specifier: string) => string,
) => unknown;

const PARAMETERS = 'exports, require, module, __filename, __dirname, jitiImport, jitiESMResolve';

/** JSX makes elements of NITRO. */
const JSX = { runtime: 'automatic', importSource: '@n2o/nitro' } as const;

/** What jiti returns in place of code that it cannot read; a fault in JSON follows. */
const SYNTAX_ERROR = 'exports.__JITI_ERROR__ = ';

interface SyntaxFault {
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly column: number;
  readonly message: string;
}

export class Transformer {
  #jiti: Jiti;

  /** @param cache folder for transformed sources, `false` for none; one that cannot be written is done without */
  constructor(cache: string | false) {
    this.#jiti = newJiti(cache);
  }

  /**
   * Compiles a file so that its lines keep their numbers in stack traces.
   * @param asynchronous whether it is imported: the function then returns a promise, and may await
   * @throws N2O_MODULE_LOAD with the position of a syntax error
   */
  compile(file: string, source: string, asynchronous: boolean): Compiled {
    const code = this.#transform(file, source, asynchronous);
    if (code.startsWith(SYNTAX_ERROR)) {
      const error: SyntaxFault = JSON.parse(code.slice(SYNTAX_ERROR.length));
      const position = printPosition(file, error.line, error.column + 1);
      throw new N2OError('N2O_MODULE_LOAD', `${position}: ${error.message.trim()}`);
    }
    const kind = asynchronous ? 'async function' : 'function';
    return runInThisContext(`(${kind} (${PARAMETERS}) {${code}\n})`, { filename: file });
  }

  /** The path or the built-in name that a specifier in `from` leads to; `undefined` if nowhere. */
  resolve(specifier: string, from: string, condition: 'import' | 'require'): string | undefined {
    if (isBuiltin(specifier)) return specifier;
    const url = this.#jiti.esmResolve(specifier, {
      parentURL: pathToFileURL(from),
      conditions: ['node', condition],
      try: true,
    });
    return url === undefined ? undefined : fileURLToPath(url);
  }

  #transform(filename: string, source: string, asynchronous: boolean): string {
    const options = {
      filename,
      source,
      async: asynchronous,
      ts: /\.(?:[cm]?ts|tsx)$/.test(filename),
      ...(/x$/.test(filename) && { jsx: JSX }),
    };
    try {
      return this.#jiti.transform(options);
    } catch {
      this.#jiti = newJiti(false); // the cache's disk is full, or went read-only
      return this.#jiti.transform(options);
    }
  }
}

function newJiti(cache: string | false): Jiti {
  // Its `interopDefault` would wrap all exports in proxies that remember each value at first sight.
  return createJiti(import.meta.url, {
    fsCache: cache,
    moduleCache: false,
    interopDefault: false,
    jsx: JSX,
  });
}
