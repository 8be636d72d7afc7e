/** The HTML document around what a module shows, and what it wants of the page once it is there. */
import type { Format, Instruction, Runtime } from '@n2o/shared';
import { attribute, inline, literal } from './embed.ts';
import { originalScripts } from './original.ts';

export interface DocumentParts {
  readonly module: string;
  readonly token: string;
  readonly runtime: Runtime;
  readonly transport: 'websocket' | 'mqtt';
  /** The only one that the module reads, if it does so. */
  readonly format?: Format | undefined;
  /** As HTML: what stands in the body, or a whole document. */
  readonly content: string;
  /** What main has wired, in the form of the runtime. */
  readonly todo: string | readonly Instruction[];
  /** Address of N2O's own browser files, for its runtime; ours without one. */
  readonly browserFiles?: string | undefined;
}

/** What a page loads and does, in its head and behind its content. */
type Scripts = readonly [first: string, last: string];

/** Where our runtime for the browser is, and what it takes to run the script of N2O's. */
const RUNTIME = '/n2o/page.js';
const COMPAT = '/n2o/compat.js';

/**
 * A module that shows a whole document has its own head. There the runtime and what is to be done
 * come last in the body; a page for N2O's own runtime may bring its scripts along.
 */
export function documentOf(parts: DocumentParts): string {
  const { content, module } = parts;
  const [first, last] = scriptsOf(parts);
  if (isDocument(content)) return insert(withDoctype(content), first + last);
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${attribute(module)}</title>${first}`;
  return `<!doctype html><html lang="en"><head>${head}</head><body>${content}${last}</body></html>`;
}

/** Instructions are data, which our runtime reads. Script runs after what it needs. */
function scriptsOf(parts: DocumentParts): Scripts {
  const { content, todo, browserFiles } = parts;
  if (typeof todo !== 'string') return [runtimeOf(parts), instructionsOf(todo)];
  if (isDocument(content) && hasScripts(content)) return ['', inline(todo)];
  if (browserFiles !== undefined) return ['', originalScripts({ ...parts, browserFiles }, todo)];
  // N2O evaluates it, so it is not to be strict, as modules are.
  const evaluated = todo && `<script type="module">(0,eval)(${literal(todo)})</script>`;
  return [`${runtimeOf(parts)}<script type="module" src="${COMPAT}"></script>`, evaluated];
}

function runtimeOf({ module, token, runtime, transport, format }: DocumentParts): string {
  const whose = `data-module="${attribute(module)}" data-token="${attribute(token)}"`;
  const how = `data-runtime="${runtime}" data-transport="${transport}"`;
  // A page speaks BERT by itself.
  const written = format === 'json' ? ' data-format="json"' : '';
  return `<script type="module" src="${RUNTIME}" ${whose} ${how}${written}></script>`;
}

function instructionsOf(todo: readonly Instruction[]): string {
  if (todo.length === 0) return '';
  return `<script type="application/json" id="n2o-actions">${literal(todo)}</script>`;
}

function isDocument(content: string): boolean {
  return /^\s*(?:<!doctype\s+html|<html[\s>])/i.test(content);
}

/** N2O's are no modules: those are the page's own, and stand beside our runtime. */
function hasScripts(document: string): boolean {
  return /<script(?![^>]*\stype="?module\b)[\s>]/i.test(document);
}

/** Without one browsers take it for a page of the nineties. */
function withDoctype(document: string): string {
  return /^\s*<!/.test(document) ? document : `<!doctype html>${document}`;
}

/** Before the end of the body, in whatever case. The lower case of `İ` is longer: places in it are others. */
function insert(document: string, html: string): string {
  let at = document.lastIndexOf('</');
  while (at > 0 && !/^<\/body>/i.test(document.slice(at, at + 7))) {
    at = document.lastIndexOf('</', at - 1);
  }
  return at > 0 ? document.slice(0, at) + html + document.slice(at) : document + html;
}
