/** Postbacks: what a pickle of a page brings back, and the values that come with it. */
import { Atom, FORMAT_LIMITS, type Postback, scanJson, Tuple, textOf } from '@n2o/shared';
import { textIn } from './envelope.ts';

const LIMITS = { ...FORMAT_LIMITS, terms: Number.POSITIVE_INFINITY };

/** What a pickler made of a text: a postback of ours, or N2O's `#ev{module,msg,trigger,name}`. */
export function readPostback(value: unknown): Postback | undefined {
  if (value instanceof Tuple) {
    const [tag, module, message, trigger, name] = value.items;
    if (value.length !== 5 || textIn(tag) !== 'ev') return undefined;
    return postbackOf({ module, message, trigger, name });
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return postbackOf(value);
}

/** The values by the names of their elements; the event's own details, which have no such name, are left out. */
export function readLinked(linked: unknown): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const pair of Array.isArray(linked) ? linked : []) {
    if (!(pair instanceof Tuple) || pair.length !== 2) continue;
    const name = textIn(pair.items[0]);
    if (name !== undefined) values.set(name, readValue(pair.items[1]));
  }
  return values;
}

/** What a function of the page was called with: JSON, as text in whichever form; anything else as it came. @throws N2O_FORMAT_LIMIT */
export function readData(linked: unknown): unknown {
  const text = readValue(linked);
  if (typeof text !== 'string') return linked;
  // To parse what is nested beyond all measure takes long.
  if (/^\s*[[{]/.test(text)) scanJson(text, LIMITS, 'json');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Text where it is text, in a list of what is selected too: `undefined`, `true` and other atoms of Erlang's are their names in a browser. */
function readValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return textOf(value) ?? value;
  if (value instanceof Atom) return value.name;
  return Array.isArray(value) ? (readPoints(value) ?? value.map(readValue)) : value;
}

/** A list of code points, which is how text beyond Latin-1 comes as an Erlang string. */
function readPoints(list: readonly unknown[]): string | undefined {
  let text = '';
  for (const point of list) {
    if (typeof point !== 'number' || !(point >= 0 && point <= 0x10ffff)) return undefined;
    if (!Number.isInteger(point)) return undefined;
    text += String.fromCodePoint(point);
  }
  return list.length === 0 ? undefined : text;
}

function postbackOf(parts: { readonly [Part in keyof Postback]?: unknown }): Postback | undefined {
  const [module, trigger, name] = [textIn(parts.module), textIn(parts.trigger), textIn(parts.name)];
  if (module === undefined || name === undefined) return undefined;
  const { message, owner } = parts;
  if (owner !== undefined && typeof owner !== 'string') return undefined;
  return { module, message, trigger: trigger ?? '', name, owner };
}
