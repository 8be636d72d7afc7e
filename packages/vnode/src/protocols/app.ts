/** The app protocol: hands a message to the module that the topic names. */
import { type Answer, type Context, type Message, nothing, Reply, unknown } from '@n2o/shared';
import { type KeyedProtocol, memberKey } from './key.ts';
import { isThenable } from './thenable.ts';

/** What `event` of the module returns is the reply; `undefined` sends none. Requests of HTTP are no messages of a client. */
export const app: KeyedProtocol = Object.assign(run, { key: memberKey });

function run({ value }: Message, context: Context): Answer | Promise<Answer> {
  const { app: module, origin } = context;
  if (module.event === undefined || origin === 'http') return unknown;
  const result = module.event(value, context);
  return isThenable(result) ? Promise.resolve(result).then(answerOf) : answerOf(result);
}

function answerOf(result: unknown): Answer {
  if (result === undefined) return nothing;
  if (result === unknown || result instanceof Reply) return result;
  return new Reply(result);
}
