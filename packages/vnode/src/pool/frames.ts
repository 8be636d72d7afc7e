/** Error frames for events that no worker answers. */
import {
  ERRORS,
  type ErrorCode,
  ErrorFrame,
  type Event,
  type Formatters,
  type Message,
} from '@n2o/shared';
import { createFtp } from '../protocols/ftp.ts';
import { type RefusingProtocol, refusalOf } from '../protocols/refusal.ts';
import { createRpc } from '../protocols/rpc.ts';

/** Makes the frame of an error; in the words of JSON-RPC and of ftp for their messages, where these are among the protocols. */
export function createFrames(
  formatters: Formatters,
  protocols: readonly string[],
): (event: Event, code: ErrorCode) => Uint8Array {
  const speaking: RefusingProtocol[] = [];
  if (protocols.includes('rpc')) speaking.push(createRpc({ exposeErrors: false }));
  if (protocols.includes('ftp')) speaking.push(createFtp({}));
  const read = (payload: Uint8Array): Message => {
    try {
      return formatters.decode(payload);
    } catch {
      return { format: formatters.detect(payload), value: payload };
    }
  };
  return ({ payload }, code) => {
    const frame = new ErrorFrame(code, ERRORS[code]);
    const message = read(payload);
    return formatters[message.format].encode(refusalOf(speaking, message, frame) ?? frame);
  };
}
