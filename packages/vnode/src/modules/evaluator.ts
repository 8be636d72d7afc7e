/**
 * Runs the source files of an application as they are on disk now: TypeScript and JavaScript,
 * ESM and CommonJS, in any folder. jiti transforms and resolves; they are run here, since Node
 * keeps what it imported natively for ever, and a reload would get the old code.
 */
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { N2OError, reason } from '@n2o/shared';
import { importPosition } from './position.ts';
import type { Transformer } from './transformer.ts';

/** The exports of a file or package, by name. */
export type Namespace = Readonly<Record<string, unknown>>;

/** A file that runs or has run. */
interface Unit {
  readonly file: string;
  readonly source: string;
  readonly module: Module;
  /** The run, where it may take time; rejects with what the file threw. */
  run?: Promise<unknown>;
  /** The units whose run this one waits for. */
  readonly awaits: Set<Unit>;
}

/** One run of an application: each of its files is read and run at most once. */
export class Evaluator {
  readonly #units = new Map<string, Unit>();
  readonly #transformer: Transformer;
  readonly #alias: ReadonlyMap<string, string>;

  /** @param alias the files that sources get for these names, in place of what lies in `node_modules` */
  constructor(transformer: Transformer, alias: ReadonlyMap<string, string>) {
    this.#transformer = transformer;
    this.#alias = alias;
  }

  /** The sources that have been run so far. */
  get files(): Iterable<string> {
    return this.#units.keys();
  }

  /**
   * Runs a file, unless it has run already, and returns its exports.
   * @throws N2O_MODULE_LOAD for syntax errors and for imports that lead nowhere, in it or in what
   *   it imports; whatever these files throw
   */
  async evaluate(file: string): Promise<Namespace> {
    const unit = this.#unitOf(file);
    await unit.run;
    return namespaceOf(unit);
  }

  /** Runs what an import in `folder` would find, and returns its exports. @throws as `evaluate` */
  import(specifier: string, folder: string): Promise<Namespace> {
    return this.#importFrom(newUnit(join(folder, '/'), ''), specifier);
  }

  #unitOf(file: string): Unit {
    const known = this.#units.get(file);
    if (known) return known;
    const unit = this.#open(file);
    unit.run = (async () => this.#run(unit, true))();
    return unit;
  }

  #open(file: string): Unit {
    const source = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
    const unit = newUnit(file, source);
    this.#units.set(file, unit);
    return unit;
  }

  #run(unit: Unit, asynchronous: boolean): unknown {
    const { file, source, module } = unit;
    if (file.endsWith('.json')) {
      module.exports = parseJson(file, source);
      return;
    }
    const require = this.#requireOf(unit);
    module.filename = file;
    module.require = require;
    return this.#transformer.compile(file, source, asynchronous).call(
      module.exports,
      module.exports,
      require,
      module,
      file,
      dirname(file),
      (specifier) => this.#importFrom(unit, specifier),
      (specifier) => pathToFileURL(this.#find(unit, specifier, 'import')).href,
    );
  }

  /** `import` in a source. */
  async #importFrom(unit: Unit, specifier: string): Promise<Namespace> {
    const given = this.#alias.get(specifier);
    if (given !== undefined) return import(pathToFileURL(given).href);
    const target = this.#find(unit, specifier, 'import');
    if (!isSource(specifier, target))
      return import(isBuiltin(target) ? target : pathToFileURL(target).href);
    const next = this.#unitOf(target);
    // Files that import each other see what the other has exported so far, as in ESM.
    if (!awaits(next, unit)) {
      unit.awaits.add(next);
      try {
        await next.run;
      } finally {
        unit.awaits.delete(next);
      }
    }
    return namespaceOf(next);
  }

  /** `require` in a source. */
  #requireOf(unit: Unit): NodeJS.Require {
    const native = createRequire(unit.file);
    const require = (specifier: string): unknown => {
      const given = this.#alias.get(specifier);
      if (given !== undefined) return native(given);
      const target = this.#find(unit, specifier, 'require');
      if (!isSource(specifier, target)) return native(target);
      const known = this.#units.get(target);
      if (known) return known.module.exports;
      const next = this.#open(target);
      try {
        this.#run(next, false);
      } catch (thrown) {
        this.#units.delete(target);
        throw thrown;
      }
      return next.module.exports;
    };
    return Object.assign(require, native);
  }

  #find(unit: Unit, specifier: string, condition: 'import' | 'require'): string {
    const found = this.#transformer.resolve(specifier, unit.file, condition);
    if (found !== undefined) return found;
    const position = importPosition(unit.file, unit.source, specifier);
    throw new N2OError('N2O_MODULE_LOAD', `${position}: cannot find '${specifier}'`);
  }
}

function newUnit(file: string, source: string): Unit {
  return { file, source, module: new Module(file), awaits: new Set() };
}

/** Is it a file of the application? Packages in `node_modules` are left to Node, except their JSON. */
function isSource(specifier: string, target: string): boolean {
  if (target.endsWith('.json')) return true;
  if (!/\.(?:[cm]?[jt]s|[jt]sx)$/.test(target)) return false;
  return specifier.startsWith('.') || !/[\\/]node_modules[\\/]/.test(target);
}

/** Does `unit`, itself or through others, wait for `other`? */
function awaits(unit: Unit, other: Unit): boolean {
  if (unit === other) return true;
  for (const next of unit.awaits) if (awaits(next, other)) return true;
  return false;
}

/** What `import` gives for a unit: ESM exports as they are, live; CommonJS exports as Node shows them. */
function namespaceOf(unit: Unit): Namespace {
  const exports: unknown = unit.module.exports;
  if (typeof exports !== 'object' && typeof exports !== 'function') return { default: exports };
  if (exports !== null && '__esModule' in exports) return exports as Namespace;
  return { ...exports, default: exports };
}

function parseJson(file: string, source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (thrown) {
    throw new N2OError('N2O_MODULE_LOAD', `${file}: ${reason(thrown)}`, { cause: thrown });
  }
}
