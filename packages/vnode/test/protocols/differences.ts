/** Where we knowingly answer otherwise than N2O did; docs/compatibility.md says so to readers. */
import type { Conversation, Step } from './vectors.ts';

export interface Difference {
  readonly reason: string;
  /** @param index of the step, from 0 */
  readonly covers: (conversation: Conversation, step: Step, index: number) => boolean;
}

/** A step is counted under the first that covers it. */
export const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'a handler that fails is answered with an error frame, without its stack',
    covers: ({ name }, _step, index) => name === 'an event that raises' && index < 2,
  },
  {
    reason: 'what is malformed is answered with an error frame, and the connection stays',
    covers: (_conversation, { out }, index) => isCrash(out) && (index === 1 || index === 2),
  },
  {
    reason: 'a ping is a ping in a binary frame, too',
    covers: (_conversation, { out }, index) => isCrash(out) && index === 0,
  },
  {
    reason: "a client may not say what is the server's to say: `server`, `flush`",
    covers: (_conversation, { in: said }) =>
      said.kind === 'binary' && (says(said.term, 'flush') || says(said.term, 'server')),
  },
  {
    reason: '`server` is handled, which newer revisions of N2O have dropped',
    covers: ({ impl }, { in: said }) => says(said.term, 'server') && isNew(impl),
  },
  {
    reason: 'an empty module level is `index`',
    covers: (_conversation, { in: said }) => said.topic?.startsWith('events/1/2//') === true,
  },
  {
    reason: 'an address without a user and a token is one, too',
    covers: (_conversation, { in: said }) => said.topic === 'events/1/2/index/anon/emqttd_abc',
  },
  {
    reason: 'which topics are whose is for the broker to say',
    covers: ({ transport, name }, _step, index) =>
      (transport === 'mqtt-hook' && [0, 1, 3, 4, 8].includes(index)) ||
      (name.startsWith('MQTT service') && index === 6),
  },
  {
    reason: '4.4: caches, topics and processes are not for clients to use',
    covers: ({ name }, _step, index) => name.startsWith('HEART, server-side access') && index !== 2,
  },
  {
    reason: '4.4: JSON holds data as JSON, not as the bytes of their BERT',
    covers: ({ formatter }) => formatter === 'json',
  },
  {
    reason: '4.4: no `{error,"EV expected"}` for a refused pickle',
    covers: ({ impl, name }, _step, index) =>
      isOf(impl, '4.4') && name.startsWith('pickle: refused') && index < 3,
  },
  {
    reason: '4.4: no result in the answer to `direct`',
    covers: ({ impl, name }) => isOf(impl, '4.4') && name === 'direct',
  },
  {
    reason:
      '2015, 4.4 and 6.3: other JavaScript of the same actions; `main` is rendered once more with `init`, of which the page has the result',
    covers: ({ impl, name }, step) =>
      !isOf(impl, 'HEAD') && (isWritten(step) || (name.includes('prolongate') && isPickle(step))),
  },
];

function isCrash({ kind }: Step['out']): boolean {
  return kind === 'crash';
}

/** N2O since 6. */
function isNew(impl: string): boolean {
  return isOf(impl, 'HEAD') || isOf(impl, '6.3');
}

function isOf(impl: string, revision: string): boolean {
  return impl.startsWith(`n2o ${revision}`);
}

/** Is it a pair with this name? */
function says(term: unknown, name: string): boolean {
  const items = (term as { t?: readonly { a?: string }[] } | undefined)?.t;
  return items?.[0]?.a === name && items.length === 2;
}

function isPickle({ in: said }: Step): boolean {
  return JSON.stringify(said.term ?? '').includes('{"a":"pickle"}');
}

/** Does the answer hold JavaScript that newer revisions write otherwise? */
function isWritten({ out, pushed = [] }: Step): boolean {
  return [out, ...pushed].some(({ term }) => {
    const code = (term as { t?: readonly { b?: string }[] } | undefined)?.t?.[1]?.b ?? '';
    return /innerHTML|outerHTML/.test(Buffer.from(code, 'hex').toString());
  });
}
