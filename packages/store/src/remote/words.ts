/** The grammar of what a host asks the store of its broker, and of what that answers: lists in BERT. */
import {
  binary,
  type Change,
  createBert,
  ERRORS,
  type ErrorCode,
  type Extent,
  type Fence,
  N2OError,
  type Range,
  textOf,
} from '@n2o/shared';

/** What is asked. */
export type Request =
  /** Whether there is anybody who answers, whatever state the store is in. */
  | { readonly ask: 'greet' }
  | {
      readonly ask: 'commit';
      readonly changes: readonly Change[];
      readonly fence: Fence | undefined;
    }
  | { readonly ask: 'get'; readonly group: string; readonly fields: readonly string[] }
  | { readonly ask: 'extent'; readonly group: string }
  | { readonly ask: 'range'; readonly group: string; readonly range: Range }
  | { readonly ask: 'entries'; readonly group: string };

export type Values = readonly (Uint8Array | undefined)[];
export type Entries = readonly (readonly [field: string, value: Uint8Array])[];

/** What is answered, under the number of the request. */
export type Answer =
  | { readonly say: 'kept' }
  | { readonly say: 'values'; readonly values: Values }
  | { readonly say: 'extent'; readonly extent: Extent | undefined }
  /** Another one follows. */
  | { readonly say: 'more'; readonly entries: Entries }
  | { readonly say: 'end' }
  | { readonly say: 'error'; readonly error: N2OError };

export interface Numbered<What> {
  readonly number: number;
  readonly what: What;
}

const bert = createBert({ limits: { terms: 1_000_000 } });

export function writeRequest(number: number, what: Request): Uint8Array {
  if (what.ask === 'commit') {
    const { changes, fence } = what;
    const held = fence ? [binary(fence.name), fence.epoch] : null;
    return write([number, 'commit', changes.map(plain), held]);
  }
  if (what.ask === 'greet') return write([number, 'greet']);
  const group = binary(what.group);
  if (what.ask === 'get') return write([number, 'get', group, what.fields.map(binary)]);
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
  if (ask !== 'get' || fields.includes(undefined)) return undefined;
  return { number, what: { ask, group, fields: fields as string[] } };
}

export function writeAnswer(number: number, what: Answer): Uint8Array {
  switch (what.say) {
    case 'values':
      return write([number, 'values', what.values.map((value) => value ?? null)]);
    case 'extent': {
      const { extent } = what;
      const { first, last, count } = extent ?? { first: '', last: '', count: 0 };
      return write([number, 'extent', binary(first), binary(last), count]);
    }
    case 'more':
      return write([number, 'more', what.entries.map(([field, value]) => [binary(field), value])]);
    case 'error':
      return write([number, 'error', binary(what.error.code), binary(what.error.message)]);
    default:
      return write([number, what.say]);
  }
}

/** `undefined` when the bytes are no answer. */
export function readAnswer(bytes: Uint8Array): Numbered<Answer> | undefined {
  const list = read(bytes);
  if (!list) return undefined;
  const [number, say, first, second, third] = list;
  if (typeof number !== 'number') return undefined;
  if (say === 'kept' || say === 'end') return { number, what: { say } };
  if (say === 'values') {
    return { number, what: { say, values: listOf(first).map((value) => bytesIn(value)) } };
  }
  if (say === 'more') {
    const entries = listOf(first).map((entry) => {
      const [field, value] = listOf(entry);
      return [textIn(field) ?? '', bytesIn(value) ?? new Uint8Array()] as const;
    });
    return { number, what: { say, entries } };
  }
  if (say === 'extent') {
    const extent = { first: textIn(first) ?? '', last: textIn(second) ?? '', count: Number(third) };
    return { number, what: { say, extent: extent.count > 0 ? extent : undefined } };
  }
  if (say !== 'error') return undefined;
  const code = textIn(first) ?? '';
  const known = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'N2O_STORE_UNAVAILABLE';
  return { number, what: { say, error: new N2OError(known, textIn(second)) } };
}

/** Names go as bytes: BERT's strings know Latin-1 alone. */
function plain(change: Change): unknown {
  const group = binary(change.group);
  if ('drop' in change) return ['drop', group];
  if ('lifetime' in change) {
    // BERT has no infinity.
    return ['lifetime', group, Number.isFinite(change.lifetime) ? change.lifetime : null];
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

function write(list: readonly unknown[]): Uint8Array {
  // The formatter's bytes are a part of what it writes next as well.
  return new Uint8Array(bert.encode(list));
}

function read(bytes: Uint8Array): readonly unknown[] | undefined {
  try {
    const list = bert.decode(bytes);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function listOf(term: unknown): readonly unknown[] {
  return Array.isArray(term) ? term : [];
}

function bytesIn(term: unknown): Uint8Array | undefined {
  return term instanceof Uint8Array ? term : undefined;
}

function textIn(term: unknown): string | undefined {
  return term instanceof Uint8Array ? textOf(term) : undefined;
}
