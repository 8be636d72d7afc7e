/** The kinds of values that options take: each is read from text, as flags and variables have it, or as it is. */
import { z } from 'zod';
import { bytes, durationText, milliseconds, sizeText } from './units.ts';

/** A kind of values: what comes out, and what may be written for it. */
export interface Kind<Value, Written = Value> {
  readonly schema: z.ZodType<Value, Written>;
  /** The values that it takes, in words. */
  readonly expects: string;
  /** Takes no value as a flag. */
  readonly isSwitch?: true;
  /** Writes a value for people; default `String`. */
  readonly print?: (value: number) => string;
}

/** The longest that a timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Text of a shape. */
export function text(
  expects: string,
  schema: z.ZodType<string, string> = z.string().min(1),
): Kind<string> {
  return { schema, expects };
}

/** One of several words. */
export function word<const Word extends string>(words: readonly Word[]): Kind<Word> {
  return {
    schema: z.custom<Word>((value) => words.includes(value as Word)),
    expects: words.join(', '),
  };
}

/** A whole number; without `most` any number of them. */
export function whole(
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): Kind<number, number | string> {
  return {
    schema: read(number, z.int().min(least).max(most)),
    expects: most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least}..${most}`,
  };
}

/** Milliseconds. */
export const duration: Kind<number, number | string> = {
  schema: read(milliseconds, z.int().min(1).max(LONGEST)),
  expects: 'a duration, as in 250ms, 30s, 5m, 1h',
  print: durationText,
};

/** Bytes. */
export function size(most: number = Number.MAX_SAFE_INTEGER): Kind<number, number | string> {
  const upTo = most === Number.MAX_SAFE_INTEGER ? '' : `, up to ${sizeText(most)}`;
  return {
    schema: read(bytes, z.int().min(1).max(most)),
    expects: `a size, as in 512, 64KiB, 1MiB${upTo}`,
    print: sizeText,
  };
}

/** On or off. */
export const toggle: Kind<boolean, boolean | string> = {
  schema: read(boolean, z.boolean()),
  expects: 'true or false',
  isSwitch: true,
};

/** Some texts. */
export function list(expects: string): Kind<string[], string[] | string> {
  return { schema: read(items, z.array(z.string().min(1)).min(1)), expects };
}

/** MQTT's quality of service. */
export const qos: Kind<0 | 1 | 2, 0 | 1 | 2 | string> = {
  schema: read(number, z.literal([0, 1, 2])),
  expects: '0, 1 or 2',
};

/** A schema behind something that makes values of text, and lets others pass. */
function read<Value, Written>(
  reader: (value: unknown) => unknown,
  schema: z.ZodType<Value>,
): z.ZodType<Value, Written> {
  return z.preprocess(reader, schema) as z.ZodType<Value, Written>;
}

function number(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}

function boolean(value: unknown): unknown {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : value;
}

function items(value: unknown): unknown {
  return typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
}
