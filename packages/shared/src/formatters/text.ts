/** The text formatter: strings, and N2O's own messages between marks that no UTF-8 text can hold. */
import { ErrorFrame, Io } from '../message.ts';
import { FieldNotation } from './field.ts';
import { beyond, type FormatLimits, type Formatter, malformed, unwritable } from './formatter.ts';
import { needUtf8, textOf } from './utf8.ts';
import { Writer } from './writer.ts';

const MARK = 0xff;
const SPACE = 0x20;
const NEWLINE = 0x0a;

/** What a field cannot hold: half of a surrogate pair; in an error, which is one line, also newlines. */
const FOREIGN = /\p{Surrogate}/u;
const FOREIGN_TO_LINES = /[\p{Surrogate}\n\r]/u;

/** Makes a text formatter. What is neither text nor a message of N2O is written as JSON. */
export function createText(limits: FormatLimits): Formatter {
  const out = new Writer();
  const field = new FieldNotation('text', FOREIGN, limits);
  const line = new FieldNotation('text', FOREIGN_TO_LINES, limits);

  function write(name: string, first: string, second: string): void {
    out.utf8(name);
    out.byte(SPACE);
    out.byte(MARK);
    out.byte(SPACE);
    out.utf8(first);
    out.byte(SPACE);
    out.byte(MARK);
    out.byte(SPACE);
    out.utf8(second);
    out.byte(NEWLINE);
  }

  return {
    name: 'text',

    decode(bytes) {
      if (bytes.length > limits.bytes) throw beyond('text', 'bytes', limits);
      if (beginsWith(bytes, 'IO ')) {
        const [code, data] = readFields(bytes, 4);
        return new Io(field.read(code), field.read(data));
      }
      if (beginsWith(bytes, 'ERROR ')) {
        const [code, message] = readFields(bytes, 7);
        return new ErrorFrame(line.readString(code), line.readString(message));
      }
      return needUtf8(bytes);
    },

    encode(value) {
      if (value instanceof Uint8Array) {
        if (textOf(value) === undefined) throw unwritable('text', 'bytes that are not UTF-8');
        return value;
      }
      out.begin();
      if (typeof value === 'string') out.utf8(value);
      else if (value instanceof Io) write('IO', field.write(value.eval), field.write(value.data));
      else if (value instanceof ErrorFrame) {
        write('ERROR', line.write(value.code), line.write(value.message));
      } else out.utf8(field.write(value));
      return out.end();
    },
  };
}

/** Is this one of N2O's own messages: `IO \xFF …` or `ERROR \xFF …`? */
export function isMarked(bytes: Uint8Array): boolean {
  return beginsWith(bytes, 'IO ') || beginsWith(bytes, 'ERROR ');
}

/** Does it begin with this name and a mark? */
function beginsWith(bytes: Uint8Array, name: string): boolean {
  if (bytes[name.length] !== MARK) return false;
  for (let i = 0; i < name.length; i++) if (bytes[i] !== name.charCodeAt(i)) return false;
  return true;
}

/** The texts of two fields with a mark between them: ` fire(); \xFF 1\n`. */
function readFields(bytes: Uint8Array, at: number): [string, string] {
  const mark = bytes.indexOf(MARK, at);
  if (mark < 0) throw malformed('text', 'a field is missing');
  const from = bytes[at] === SPACE ? at + 1 : at;
  const to = mark > from && bytes[mark - 1] === SPACE ? mark - 1 : mark;
  const next = bytes[mark + 1] === SPACE ? mark + 2 : mark + 1;
  const last = bytes.length - 1;
  const end = last >= next && bytes[last] === NEWLINE ? last : bytes.length;
  return [needUtf8(bytes, from, to), needUtf8(bytes, next, end)];
}
