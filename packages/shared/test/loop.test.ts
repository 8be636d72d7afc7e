import { describe, expect, it } from 'vitest';
import type { Context } from '../src/context.ts';
import { info, type Protocol } from '../src/loop.ts';
import { type Answer, type Message, reply, unknown } from '../src/message.ts';

const context = {} as Context;
const hello: Message = { format: 'text', value: 'hello' };
const deaf: Protocol = () => unknown;
const slowlyDeaf: Protocol = async (): Promise<Answer> => unknown;
const answering =
  (text: string): Protocol =>
  () =>
    reply(text);

describe('the loop', () => {
  it('takes the first answer', () => {
    expect(info(hello, context, [deaf, answering('a'), answering('b')])).toEqual(reply('a'));
  });

  it('knows nothing when no protocol does', () => {
    expect(info(hello, context, [deaf, deaf])).toBe(unknown);
    expect(info(hello, context, [])).toBe(unknown);
  });

  it('stays synchronous as long as the protocols do', () => {
    expect(info(hello, context, [deaf, answering('now')])).not.toBeInstanceOf(Promise);
  });

  it('waits for a protocol that takes its time, and asks the next one only then', async () => {
    const asked: string[] = [];
    const watched =
      (name: string, protocol: Protocol): Protocol =>
      (message, cx) => {
        asked.push(name);
        return protocol(message, cx);
      };
    const answer = info(hello, context, [
      watched('first', slowlyDeaf),
      watched('second', answering('late')),
    ]);
    expect(asked).toEqual(['first']);
    expect(await answer).toEqual(reply('late'));
    expect(asked).toEqual(['first', 'second']);
  });

  it('hands message and context to each protocol as they are', () => {
    const seen: unknown[] = [];
    void info(hello, context, [
      (message, cx) => {
        seen.push(message, cx);
        return unknown;
      },
    ]);
    expect(seen[0]).toBe(hello);
    expect(seen[1]).toBe(context);
  });

  it('lets what a protocol throws through', async () => {
    const failing: Protocol = () => {
      throw new RangeError('no');
    };
    expect(() => info(hello, context, [failing])).toThrow(RangeError);
    const rejecting: Protocol = () => Promise.reject(new RangeError('no'));
    await expect(info(hello, context, [rejecting])).rejects.toThrow(RangeError);
  });
});
