/** The HTML document around what a module shows, and what it wants of the page once it is there. */
import type { Instruction, Runtime } from '@n2o/shared';

export interface DocumentParts {
  readonly module: string;
  readonly token: string;
  readonly runtime: Runtime;
  readonly transport: 'websocket' | 'mqtt';
  /** As HTML: what stands in the body, or a whole document. */
  readonly content: string;
  /** What main has wired, in the form of the runtime. */
  readonly todo: string | readonly Instruction[];
}

/** Where our runtime for the browser is, and what it takes to run the script of N2O's. */
const RUNTIME = '/n2o/page.js';
const COMPAT = '/n2o/compat.js';

/**
 * A module that shows a whole document has its own head. There the runtime and what is to be done
 * come last in the body; a page for N2O's own runtime may bring its scripts along.
 */
export function documentOf(parts: DocumentParts): string {
  const { content, module, runtime } = parts;
  if (isDocument(content)) {
    const script = runtime === 'script' && hasScripts(content) ? '' : scriptOf(parts);
    return insert(withDoctype(content), script + todoOf(parts));
  }
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${attribute(module)}</title>${scriptOf(parts)}`;
  return `<!doctype html><html lang="en"><head>${head}</head><body>${content}${todoOf(parts)}</body></html>`;
}

function scriptOf({ module, token, runtime, transport }: DocumentParts): string {
  const data = Object.entries({ module, token, runtime, transport });
  const attributes = data.map(([name, value]) => ` data-${name}="${attribute(value)}"`).join('');
  const compat = runtime === 'script' ? `<script type="module" src="${COMPAT}"></script>` : '';
  return `<script type="module" src="${RUNTIME}"${attributes}></script>${compat}`;
}

/**
 * Instructions are data, which the runtime reads. Script runs after what it needs: the scripts that
 * a document has brought along, else our runtime. N2O evaluates it, so it is not to be strict.
 */
function todoOf({ todo, content }: DocumentParts): string {
  if (todo.length === 0) return '';
  if (typeof todo !== 'string') {
    return `<script type="application/json" id="n2o-actions">${literal(todo)}</script>`;
  }
  return isDocument(content) && hasScripts(content)
    ? `<script>${todo.replace(/<(?=\/script|script|!--)/gi, '\\x3c')}</script>`
    : `<script type="module">(0,eval)(${literal(todo)})</script>`;
}

/** As JSON that can stand in a script. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
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

function insert(document: string, html: string): string {
  const at = document.toLowerCase().lastIndexOf('</body>');
  return at < 0 ? document + html : document.slice(0, at) + html + document.slice(at);
}

function attribute(text: string): string {
  // A token is long, and has none of them.
  if (!/[&"<]/.test(text)) return text;
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
