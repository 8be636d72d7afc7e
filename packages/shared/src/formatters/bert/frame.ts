/** The tuples that stand for N2O's own messages. */
import { ErrorFrame, Io } from '../../message.ts';
import { binary, textOf } from '../utf8.ts';
import { atom } from './atom.ts';
import { Tuple, tuple } from './term.ts';

const IO = atom('io');
const ERROR = atom('error');
const N2O = atom('n2o');

/** `{io, Eval, Data}`, or `{error, {n2o, <<Code>>, <<Message>>}}`. */
export function frameToTuple(frame: Io | ErrorFrame): Tuple {
  if (frame instanceof Io) return tuple(IO, frame.eval, frame.data);
  return tuple(ERROR, tuple(N2O, binary(frame.code), binary(frame.message)));
}

/** The message that these elements of a tuple stand for, else the tuple. */
export function tupleOf(items: readonly unknown[]): Tuple | Io | ErrorFrame {
  const name = items[0];
  if (name === IO) {
    if (items.length === 3) return new Io(items[1], items[2]);
  } else if (name === ERROR && items.length === 2 && items[1] instanceof Tuple) {
    const [area, code, message] = items[1].items;
    if (
      area === N2O &&
      items[1].length === 3 &&
      code instanceof Uint8Array &&
      message instanceof Uint8Array
    ) {
      const codeText = textOf(code);
      const messageText = textOf(message);
      if (codeText !== undefined && messageText !== undefined) {
        return new ErrorFrame(codeText, messageText);
      }
    }
  }
  return new Tuple(items);
}
