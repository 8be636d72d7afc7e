/** Who may import what, as rules over the import graph. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Import, inLibrary, type Rule, type Source } from './source.ts';

const THREADS_SOCKETS_STORES =
  /^(node:(worker_threads|cluster|net|tls|http|http2|https|dgram|child_process|fs)|ioredis|mqtt|ws)(\/|$)/;

/** The table of the design: packages that a part may name, and what it never may. */
const TABLE: readonly {
  readonly part: string;
  readonly files: RegExp;
  /** Packages of this workspace. */
  readonly packages?: readonly string[];
  readonly never?: RegExp;
  /** Holds for all that is reached from these files as well. */
  readonly deep?: true;
}[] = [
  { part: 'shared', files: /^packages\/shared\/src\//, packages: [], never: /^node:/ },
  { part: 'store', files: /^packages\/store\/src\//, packages: ['@n2o/shared'] },
  { part: 'broker', files: /^packages\/broker\/src\//, packages: ['@n2o/shared', '@n2o/store'] },
  {
    part: 'vnode',
    files: /^packages\/vnode\/src\//,
    packages: ['@n2o/shared', '@n2o/store', '@n2o/nitro'],
  },
  {
    part: "vnode's protocols, mailbox and runtime",
    files: /^packages\/vnode\/src\/(.+\/)?(protocols\/|runtime\/|(mailbox|runtime)\.ts$)/,
    never: THREADS_SOCKETS_STORES,
    deep: true,
  },
  { part: 'client', files: /^packages\/client\/src\//, packages: ['@n2o/shared'] },
  {
    part: "what the client's entry reaches",
    files: /^packages\/client\/src\/index\.ts$/,
    never: /^node:/,
    deep: true,
  },
  {
    part: 'what a page loads',
    files: /^packages\/client\/src\/browser\/(index|start|compat\/start)\.ts$/,
    never: /^(node:|mqtt(\/|$))/,
    deep: true,
  },
  {
    part: 'nitro',
    files: /^packages\/nitro\/src\//,
    packages: ['@n2o/shared'],
    never: /^node:/,
  },
];

/** The import table, also for what is reached through other files of the same package. */
export const importTable: Rule = (sources) =>
  TABLE.flatMap(({ part, files, packages, never, deep }) => {
    const roots = sources.filter(({ path }) => files.test(path));
    return [...(deep ? reached(roots, sources) : roots)].flatMap((file) =>
      file.imports
        .filter((named) => !(deep && named.typeOnly))
        .filter(
          ({ specifier }) =>
            never?.test(specifier) ||
            (packages && isSibling(specifier) && !packages.includes(specifier)),
        )
        .map((named) => `${at(file, named)} ${part} may not import ${named.specifier}`),
    );
  });

/** A package is named, never reached into by path. Benchmarks may: they time inner parts by themselves. */
export const packagesByName: Rule = (sources) =>
  sources
    .filter(({ path }) => !path.startsWith('bench/'))
    .flatMap((file) =>
      file.imports
        .filter(({ target }) => target?.startsWith('packages/') && home(target) !== home(file.path))
        .map((named) => `${at(file, named)} reaches into another package: import it by its name`),
    );

/** A package imports only what its package.json declares, and so do tests, with the root's added. */
export function declaredOnly(root: string): Rule {
  const manifests = new Map<string, ReadonlySet<string>>();
  const declared = (folder: string) => {
    const known = manifests.get(folder) ?? dependencies(join(root, folder, 'package.json'));
    manifests.set(folder, known);
    return known;
  };
  return (sources) =>
    sources.flatMap((file) => {
      const own = declared(home(file.path) ?? '.');
      const also = inLibrary(file) ? own : declared('.');
      return file.imports
        .filter(({ specifier, target }) => !target && !specifier.startsWith('node:'))
        .filter(({ specifier }) => !own.has(nameOf(specifier)) && !also.has(nameOf(specifier)))
        .map((named) => `${at(file, named)} ${named.specifier} is not declared in package.json`);
    });
}

/** Every dependency earns its place: some source of the package imports it. */
export function noIdleDependencies(root: string): Rule {
  return (sources) =>
    [...new Set(sources.filter(inLibrary).map(({ path }) => home(path) as string))].flatMap(
      (folder) => {
        const files = sources.filter(({ path }) => path.startsWith(`${folder}/src/`));
        const used = new Set(
          files.flatMap((file) => file.imports.map((one) => nameOf(one.specifier))),
        );
        return [...dependencies(join(root, folder, 'package.json'))]
          .filter((name) => !used.has(name))
          .map((name) => `${folder}/package.json:1 no source imports ${name}`);
      },
    );
}

/** Libraries that one file each knows: package → who may import it. */
export const onePlaceEach: Rule = (sources) => {
  const clients = sources.filter(
    (file) =>
      file.path.startsWith('packages/client/src/') &&
      file.imports.some(({ specifier }) => nameOf(specifier) === 'mqtt'),
  );
  const faults = clients.slice(1).map(({ path }) => `${path}:1 a second file that imports mqtt`);
  for (const file of sources.filter(inLibrary)) {
    for (const named of file.imports) {
      if (nameOf(named.specifier) === 'ioredis' && !/redis[^/]*\.ts$|\/redis\//.test(file.path)) {
        faults.push(`${at(file, named)} only the Redis stores import ioredis`);
      }
    }
  }
  return faults;
};

/** No file imports itself, by whatever way round. What only types are taken from is no import once compiled. */
export const noCycles: Rule = (sources) => {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const done = new Set<string>();
  const faults: string[] = [];
  const walk = (file: Source, way: readonly string[]) => {
    if (way.includes(file.path)) {
      const cycle = [...way.slice(way.indexOf(file.path)), file.path];
      faults.push(`${file.path}:1 imports itself: ${cycle.join(' → ')}`);
    }
    if (done.has(file.path)) return;
    done.add(file.path);
    for (const { target, typeOnly } of file.imports) {
      const next = typeOnly ? undefined : byPath.get(target ?? '');
      if (next) walk(next, [...way, file.path]);
    }
  };
  for (const file of sources) walk(file, []);
  return faults;
};

function reached(roots: readonly Source[], sources: readonly Source[]): Set<Source> {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const seen = new Set(roots);
  for (const file of seen) {
    for (const { target, typeOnly } of file.imports) {
      const next = typeOnly ? undefined : byPath.get(target ?? '');
      if (next) seen.add(next);
    }
  }
  return seen;
}

/** The package folder that a path lies in. */
function home(path: string): string | undefined {
  return /^packages\/[^/]+/.exec(path)?.[0];
}

function isSibling(specifier: string): boolean {
  return specifier.startsWith('@n2o/') || nameOf(specifier) === 'n2o';
}

/** The package of a specifier: `@scope/name/file` → `@scope/name`. */
function nameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function dependencies(manifest: string): ReadonlySet<string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  const test = manifest.includes('/packages/') ? {} : devDependencies;
  return new Set(Object.keys({ ...dependencies, ...test }));
}

function at(file: Source, named: Import): string {
  return `${file.path}:${named.line}`;
}
