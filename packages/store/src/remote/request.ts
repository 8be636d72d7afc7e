/** The grammar of what a host asks the store of its broker: lists in BERT. */
import { binary, type Change, type Fence, type Range } from '@n2o/shared';
import { bytesIn, listOf, MOST, read, requireWithin, textIn, write } from './term.ts';

/** What is asked. */
export type Request =
  /** Whether there is anybody who answers, whatever state the store is in. */
  | { readonly ask: 'greet' }
  | {
      readonly ask: 'commit';
      readonly changes: readonly Change[];
      readonly fence: Fence | undefined;
    }
  /** `follow`: and to be told when the group changes next. */
  | {
      readonly ask: 'get' | 'follow';
      readonly group: string;
      readonly fields: readonly string[];
    }
  | { readonly ask: 'extent'; readonly group: string }
  | { readonly ask: 'range'; readonly group: string; readonly range: Range }
  | { readonly ask: 'entries'; readonly group: string };

/** A request, or an answer under the number of its request. */
export interface Numbered<What> {
  readonly number: number;
  readonly what: What;
}

/** @throws N2O_STORE_LIMIT */
export function writeRequest(number: number, what: Request): Uint8Array {
  if (what.ask === 'commit') {
    const { changes, fence } = what;
    requireWithin(changes.length, MOST, 'changes');
    const held = fence ? [binary(fence.name), fence.epoch] : null;
    return write([number, 'commit', changes.map(plain), held]);
  }
  if (what.ask === 'greet') return write([number, 'greet']);
  const group = binary(what.group);
  if (what.ask === 'get' || what.ask === 'follow') {
    requireWithin(what.fields.length, MOST, 'fields');
    return write([number, what.ask, group, what.fields.map(binary)]);
  }
  if (what.ask === 'range') {
    const { from, count, reverse = false } = what.range;
    return write([
      number,
      'range',
      group,
      from === undefined ? null : binary(from),
      count,
      reverse,
    ]);
  }
  return write([number, what.ask, group]);
}

/** `undefined` when the bytes are no request. */
export function readRequest(bytes: Uint8Array): Numbered<Request> | undefined {
  const list = read(bytes);
  if (!list) return undefined;
  const [number, ask, first, second, third, fourth] = list;
  if (typeof number !== 'number') return undefined;
  if (ask === 'greet') return { number, what: { ask } };
  if (ask === 'commit' && Array.isArray(first)) {
    const changes = first.map(changeOf);
    if (changes.includes(undefined)) return undefined;
    return {
      number,
      what: { ask, changes: changes as Change[], fence: fenceOf(second) },
    };
  }
  const group = textIn(first);
  if (group === undefined) return undefined;
  if (ask === 'extent' || ask === 'entries') return { number, what: { ask, group } };
  if (ask === 'range') {
    if (typeof third !== 'number') return undefined;
    const range = { from: textIn(second), count: third, reverse: fourth === true };
    return { number, what: { ask, group, range } };
  }
  const fields = Array.isArray(second) ? second.map(textIn) : [undefined];
  if ((ask !== 'get' && ask !== 'follow') || fields.includes(undefined)) return undefined;
  return { number, what: { ask, group, fields: fields as string[] } };
}

/** Names go as bytes: BERT's strings know Latin-1 alone. */
function plain(change: Change): unknown {
  const group = binary(change.group);
  if ('drop' in change) return ['drop', group];
  if ('lifetime' in change) {
    const lifetime = Math.max(0, change.lifetime);
    // BERT has no infinity.
    return ['lifetime', group, Number.isFinite(lifetime) ? lifetime : null];
  }
  return ['put', group, binary(change.field), change.value ?? null];
}

function changeOf(term: unknown): Change | undefined {
  const [what, name, third, value] = listOf(term);
  const group = textIn(name);
  if (group === undefined) return undefined;
  if (what === 'drop') return { group, drop: true };
  if (what === 'lifetime') {
    return { group, lifetime: typeof third === 'number' ? third : Number.POSITIVE_INFINITY };
  }
  const field = textIn(third);
  if (what !== 'put' || field === undefined) return undefined;
  return { group, field, value: value === null ? undefined : bytesIn(value) };
}

function fenceOf(term: unknown): Fence | undefined {
  const [name, epoch] = listOf(term);
  const text = textIn(name);
  return text !== undefined && typeof epoch === 'number' ? { name: text, epoch } : undefined;
}
