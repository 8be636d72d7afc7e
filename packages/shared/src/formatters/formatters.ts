/** All formatters, and which of them a payload asks for. */
import { N2OError } from '../errors.ts';
import type { Format, Message } from '../message.ts';
import { createBert } from './bert/bert.ts';
import type { BertOptions } from './bert/lean.ts';
import { createBinary } from './binary.ts';
import { FORMAT_LIMITS, type FormatLimits, type Formatter } from './formatter.ts';
import { createJson } from './json/json.ts';
import { arrayFrames, createWamp } from './json/wamp.ts';
import { createText, isMarked } from './text.ts';
import { textOf } from './utf8.ts';
import { createXml } from './xml/xml.ts';

/** The formatters by their names, and what knows them apart. */
export interface Formatters extends Readonly<Record<Format, Formatter>> {
  /** The format that a payload has by its content. */
  detect(bytes: Uint8Array): Format;
  /**
   * Reads a payload, in its own format or in the one named.
   * @throws N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT, N2O_FORMAT_UNKNOWN
   */
  decode(bytes: Uint8Array, forced?: Format): Message;
}

/**
 * Makes the formatters, which share nothing with those that another call makes.
 * @param limits for the decoders of all formats; by default `FORMAT_LIMITS`
 * @param bert   how atoms are written, and what may follow a term
 */
export function createFormatters(
  limits: Partial<FormatLimits> = {},
  bert: Omit<BertOptions, 'limits'> = {},
): Formatters {
  const all = { ...FORMAT_LIMITS, ...limits };
  const text = createText(all);
  const formatters: Readonly<Record<Format, Formatter>> = {
    bert: createBert({ ...bert, limits: all }),
    json: createJson(all),
    text,
    xml: createXml(all),
    wamp: createWamp(all),
    binary: createBinary(text, all),
  };
  function read(format: Format, bytes: Uint8Array): Message {
    return { format, value: formatters[format].decode(bytes) };
  }

  /** Only what is inside tells N2O's arrays from others. */
  function readArray(bytes: Uint8Array): Message {
    const message = read('json', bytes);
    const { value } = message;
    const frame = Array.isArray(value) ? arrayFrames.read(value) : undefined;
    return frame === undefined ? message : { format: 'wamp', value: frame };
  }

  /** Any UTF-8 is text. */
  function readRest(bytes: Uint8Array): Message {
    if (isMarked(bytes)) return read('text', bytes);
    const message = read('binary', bytes);
    const value = textOf(bytes);
    return value === undefined ? message : { format: 'text', value };
  }

  function decode(bytes: Uint8Array, forced?: Format): Message {
    if (forced !== undefined) {
      if (!Object.hasOwn(formatters, forced)) throw new N2OError('N2O_FORMAT_UNKNOWN');
      return read(forced, bytes);
    }
    switch (bytes[0]) {
      case 131: // BERT's version
        return read('bert', bytes);
      case 123: // {
        return read('json', bytes);
      case 91: // [
        return readArray(bytes);
      case 60: // <
        return read('xml', bytes);
      default:
        return readRest(bytes);
    }
  }

  function detect(bytes: Uint8Array): Format {
    switch (bytes[0]) {
      case 131:
        return 'bert';
      case 123:
        return 'json';
      case 91:
        return isWamp(bytes) ? 'wamp' : 'json';
      case 60:
        return 'xml';
      default:
        return isMarked(bytes) || textOf(bytes) !== undefined ? 'text' : 'binary';
    }
  }

  function isWamp(bytes: Uint8Array): boolean {
    if (!mayBeFrame(bytes)) return false;
    try {
      return readArray(bytes).format === 'wamp';
    } catch {
      return false;
    }
  }

  return { ...formatters, detect, decode };
}

/** Does an array begin with a string that may be `io` or `error`? Most others need no parsing. */
function mayBeFrame(bytes: Uint8Array): boolean {
  let i = 1;
  while (bytes[i] === 32 || bytes[i] === 9 || bytes[i] === 10 || bytes[i] === 13) i++;
  return bytes[i] === 34 && (bytes[i + 1] === 105 || bytes[i + 1] === 101);
}
