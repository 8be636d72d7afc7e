/** The kinds of values that options take: each is read from text, as flags and variables have it, or as it is. */
import { readBrokerUrl } from '@n2o/shared';
import { z } from 'zod';
import { bytes, durationText, milliseconds, sizeText } from './units.ts';

/** A kind of values: what comes out, and what may be written for it. */
export interface Kind<Value, Written = Value> {
  readonly schema: z.ZodType<Value, Written>;
  /** The values that it takes, in words. */
  readonly expects: string;
  /** Takes no value as a flag. */
  readonly isSwitch?: true;
  /** Is never shown. */
  readonly isSecret?: true;
  /** Writes a value for people; default `String`. */
  readonly print?: (value: number) => string;
}

/** The longest that a timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Text of a shape; without one, any. */
export function text(expects: string, shape = /^./s): Kind<string> {
  return { schema: z.string().regex(shape), expects };
}

/** Text that nobody else is to know. */
export function secret(least: number): Kind<string> {
  return {
    schema: z.string().min(least),
    expects: `at least ${least} characters`,
    isSecret: true,
  };
}

/** Some of these. */
export function secrets(least: number): Kind<string[], string[] | string> {
  return {
    schema: read(items, z.array(z.string().min(least)).min(1)),
    expects: `at least ${least} characters, or several such, separated by commas`,
    isSecret: true,
  };
}

/** The address of a broker. */
export function url(protocols: readonly string[]): Kind<string> {
  const known = Object.fromEntries(protocols.map((one) => [`${one}:`, one]));
  const web = protocols.includes('ws') ? ' or ws[s]://host[:port]/path' : '';
  return {
    schema: z.string().refine((value) => readBrokerUrl(value, known) !== undefined),
    expects: `mqtt[s]://host[:port]${web}`,
  };
}

/** Where something is kept. */
export const folderOrUrl: Kind<string> = text(
  'memory, the path of a folder, or redis[s]://host[:port], also with redis+sentinel or redis+cluster; of n2o vnode also broker',
  /^(rediss?(\+(sentinel|cluster))?:\/\/.|(?![a-z][a-z\d+.-]+:\/\/).)/is,
);

/** One level of a topic. */
export const level: Kind<string> = text('one topic level: not empty, without / + #', /^[^/+#\0]+$/);

/** Below which address of the server something is: of plain characters, and on no other host. */
export const path: Kind<string> = text('a path of the server, as /original', /^(?:\/[\w.~-]+)+$/);

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

/** A port to listen on. */
export const port: Kind<number | 'off', number | string> = {
  schema: read(number, z.union([z.int().min(0).max(65_535), z.literal('off')])),
  expects: '0..65535 or off',
};

/** Milliseconds that a timer can wait. */
export const duration: Kind<number, number | string> = {
  schema: read(milliseconds, z.int().min(1).max(LONGEST)),
  expects: 'a duration, as in 250ms, 30s, 5m, 1h',
  print: durationText,
};

/** Milliseconds, however many. */
export const period: Kind<number, number | string> = {
  schema: read(milliseconds, z.int().min(1)),
  expects: 'a duration, as in 30s, 5m, 1h, 7d',
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

/** Some texts of a shape, at most so many. */
export function list(
  expects: string,
  shape = /^./s,
  most = Number.POSITIVE_INFINITY,
): Kind<string[], string[] | string> {
  return { schema: read(items, z.array(z.string().regex(shape)).min(1).max(most)), expects };
}

/** An implementation by its name, or the module of one's own. */
export function implementation(...builtIn: readonly string[]): Kind<string> {
  const shape = new RegExp(`^(?:${builtIn.join('|')}|.*[./].*)$`);
  return text(`${builtIn.join(', ')}, or the path of a module`, shape);
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
