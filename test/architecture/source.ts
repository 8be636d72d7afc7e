/** A source file as the rules see it: its text, its syntax tree, and what it imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, sep } from 'node:path';
import { parseSync, Visitor, type VisitorObject } from 'rolldown/utils';

type Program = ReturnType<typeof parseSync>['program'];

/** One name of another module. */
export interface Import {
  /** As written, but for Node's own modules, which always begin with `node:` here. */
  readonly specifier: string;
  /** Path from the root for what is named by path. */
  readonly target: string | undefined;
  readonly line: number;
  /** Gone once compiled. */
  readonly typeOnly: boolean;
}

export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly program: Program;
  readonly imports: readonly Import[];
}

/** Looks at sources and says what breaks it: `path:line what`, one string each. */
export type Rule = (sources: readonly Source[]) => string[];

/** Code that ships. */
export const inLibrary = ({ path }: Source): boolean => /^packages\/[^/]+\/src\//.test(path);
/** Tests and what they use. */
export const inTests = ({ path }: Source): boolean => /^(packages\/[^/]+\/)?test\//.test(path);

/** Reads a source file from its text. */
export function source(path: string, text: string): Source {
  const { program } = parseSync(path, text, { lang: path.endsWith('.mjs') ? 'js' : 'ts' });
  const found: Import[] = [];
  const add = (named: unknown, start: number, typeOnly = false) => {
    const { type, value } = (named ?? {}) as { type?: string; value?: unknown };
    if (type !== 'Literal' || typeof value !== 'string') return;
    const specifier = builtinModules.includes(value) ? `node:${value}` : value;
    const target = /^\.\.?\//.test(value) ? join(dirname(path), value) : undefined;
    found.push({ specifier, target, line: lineAt(text, start), typeOnly });
  };
  visit(program, {
    ImportDeclaration: (node) => add(node.source, node.start, node.importKind === 'type'),
    ExportNamedDeclaration: (node) => add(node.source, node.start, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source, node.start, node.exportKind === 'type'),
    ImportExpression: (node) => add(node.source, node.start),
    TSImportType: (node) => add(node.source, node.start, true),
  });
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { path, text, lines, program, imports: found };
}

/** The sources below the folders of the repository, without what is generated or installed. */
export function readSources(root: string, folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) => filesBelow(root, folder))
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .map((path) => source(path, readFileSync(join(root, path), 'utf8')));
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = normalize(`${folder}/${entry.name}`).split(sep).join('/');
    if (entry.isFile()) return [path];
    return entry.isDirectory() && !/^(node_modules|dist|\..*)$/.test(entry.name)
      ? filesBelow(root, path)
      : [];
  });
}

/** Walks a syntax tree. */
export function visit(program: Program, visitor: VisitorObject): void {
  new Visitor(visitor).visit(program);
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** A rule that looks at each file by itself: `find` calls `report` with the offset and the fault. */
export function eachFile(
  within: (source: Source) => boolean,
  find: (source: Source, report: (offset: number, fault: string) => void) => void,
): Rule {
  return (sources) => {
    const faults: string[] = [];
    for (const file of sources.filter(within)) {
      find(file, (offset, fault) =>
        faults.push(`${file.path}:${lineAt(file.text, offset)} ${fault}`),
      );
    }
    return faults;
  };
}
