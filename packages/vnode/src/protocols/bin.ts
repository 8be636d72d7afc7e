/** The bin protocol: data goes to the module and back, and no page has to do with it. */
import {
  type Answer,
  atom,
  type Context,
  ErrorFrame,
  type Message,
  nothing,
  Reply,
  Tuple,
  tuple,
  unknown,
} from '@n2o/shared';
import { isThenable } from './thenable.ts';

const BIN = atom('bin');

/** Answers `{bin, Data}` with `{bin, Result}`. */
export function bin({ value }: Message, context: Context): Answer | Promise<Answer> {
  if (!(value instanceof Tuple) || value.length !== 2 || value.items[0] !== BIN) return unknown;
  const { app } = context;
  if (app.bin === undefined) return unknown;
  const result = app.bin(value.items[1], context);
  return isThenable(result) ? Promise.resolve(result).then(answerOf) : answerOf(result);
}

function answerOf(result: unknown): Answer {
  if (result === undefined) return nothing;
  if (result === unknown) return unknown;
  if (result instanceof ErrorFrame) return new Reply(result);
  if (result instanceof Reply) return new Reply(tuple(BIN, result.value), result.format);
  return new Reply(tuple(BIN, result));
}
