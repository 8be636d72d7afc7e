/** The WAMP formatter: JSON in which N2O's own messages are arrays. */
import { ErrorFrame, Io } from '../../message.ts';
import type { FormatLimits, Formatter } from '../formatter.ts';
import { textual } from '../textual.ts';
import { type Frames, JsonNotation } from './notation.ts';

/** `["io","fire();",1]` and `["error","…","…"]`. */
export const arrayFrames: Frames = {
  write(frame) {
    if (frame instanceof Io) return ['io', frame.eval, frame.data];
    return ['error', frame.code, frame.message];
  },

  read(json) {
    if (!Array.isArray(json) || json.length !== 3) return undefined;
    const [name, first, second]: readonly unknown[] = json;
    if (name === 'io') return new Io(first, second);
    if (name !== 'error' || typeof first !== 'string' || typeof second !== 'string') {
      return undefined;
    }
    return new ErrorFrame(first, second);
  },
};

/** Makes a WAMP formatter. */
export function createWamp(limits: FormatLimits): Formatter {
  return textual('wamp', new JsonNotation('wamp', arrayFrames, limits), limits);
}
