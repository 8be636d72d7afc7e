/** The golden vectors of NITRO, and the Erlang terms in them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER =
  process.env.VECTORS ?? fileURLToPath(new URL('../../../../../shared/vectors', import.meta.url));

/** An Erlang term as the README of the vectors describes it. */
export interface Term {
  readonly a?: string;
  readonly b?: string;
  readonly i?: string;
  readonly f?: string;
  readonly s?: string;
  readonly l?: readonly Term[];
  readonly t?: readonly Term[];
  /** Name of a record. */
  readonly r?: string;
  /** Fields of a record. */
  readonly v?: Readonly<Record<string, Term>>;
}

export interface Line {
  readonly kind: 'element' | 'action' | 'function';
  readonly record?: Term;
  readonly call?: Term;
  readonly name?: string;
  readonly args?: readonly Term[];
  readonly result?: Term;
  readonly html?: string;
  readonly js?: string;
  readonly pickles?: readonly Term[];
  readonly crash?: string;
  readonly timeout?: boolean;
}

export function lines(): readonly Line[] {
  return readFileSync(`${FOLDER}/nitro-elements.jsonl`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text): Line => JSON.parse(text));
}

/** A term as text, where it is text or a number. */
export function textOf(term: Term): string {
  if (term.b !== undefined) return Buffer.from(term.b, 'hex').toString('utf8');
  if (term.l !== undefined) return term.l.map(charOf).join('');
  return term.a ?? term.s ?? term.i ?? term.f ?? '';
}

function charOf(term: Term): string {
  return term.i === undefined ? textOf(term) : String.fromCodePoint(Number(term.i));
}

/** A term as the value that one of our options takes. */
export function optionValueOf(term: Term): unknown {
  if (term.a === 'undefined' || term.a === 'nil') return undefined;
  if (term.a === 'true' || term.a === 'false') return term.a === 'true';
  if (term.i !== undefined || term.f !== undefined) return Number(term.i ?? term.f);
  if (term.l === undefined) return textOf(term);
  const characters = term.l.length > 0 && term.l.every(({ i }) => i !== undefined);
  return characters ? textOf(term) : term.l.map(optionValueOf);
}
