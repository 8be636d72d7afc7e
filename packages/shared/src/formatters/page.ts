/** The formatters that a page in a browser needs: N2O's own and JSON, in as little code as possible. */
import { N2OError } from '../errors.ts';
import type { Format, Message } from '../message.ts';
import { createLeanBert } from './bert/lean.ts';
import { createBinary } from './binary.ts';
import { FORMAT_LIMITS, type Formatter } from './formatter.ts';
import type { Formatters } from './formatters.ts';
import { createJson } from './json/json.ts';
import { createText, isMarked } from './text.ts';
import { textOf } from './utf8.ts';

/**
 * BERT that is not compressed, JSON, text and binary; `xml` and `wamp` are refused with
 * N2O_FORMAT_UNKNOWN.
 */
export function createPageFormatters(): Formatters {
  const text = createText(FORMAT_LIMITS);
  const formatters: Readonly<Record<Format, Formatter>> = {
    bert: createLeanBert(),
    json: createJson(FORMAT_LIMITS),
    text,
    binary: createBinary(text, FORMAT_LIMITS),
    xml: missing('xml'),
    wamp: missing('wamp'),
  };

  function detect(bytes: Uint8Array): Format {
    switch (bytes[0]) {
      case 131: // BERT's version
        return 'bert';
      case 123: // {
      case 91: // [
        return 'json';
      default:
        return isMarked(bytes) || textOf(bytes) !== undefined ? 'text' : 'binary';
    }
  }

  function decode(bytes: Uint8Array, forced?: Format): Message {
    const format = forced ?? detect(bytes);
    return { format, value: formatters[format].decode(bytes) };
  }

  return { ...formatters, detect, decode };
}

function missing(name: Format): Formatter {
  const refuse = () => {
    throw new N2OError('N2O_FORMAT_UNKNOWN', `a page does not speak ${name}`);
  };
  return { name, decode: refuse, encode: refuse };
}
