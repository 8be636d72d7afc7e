/** What all loggers do, whoever writes. */
import type { Logger } from '@n2o/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LogWriter, MakeLogger } from '../../src/logger.ts';

const SEVERITIES = ['debug', 'info', 'warn', 'error'] as const satisfies readonly (keyof Logger)[];

/** @param isTTY whether people read it */
export function conforms(name: string, make: MakeLogger, isTTY = false): void {
  describe(`${name}, as all loggers,`, () => {
    let chunks: string[];
    let log: LogWriter;
    const written = async () => {
      await log.close?.();
      return chunks.join('');
    };
    beforeEach(async () => {
      chunks = [];
      log = await make({ output: { isTTY, write: (line) => chunks.push(line) } });
    });

    it.each(SEVERITIES)('writes %s with its fields', async (severity) => {
      log[severity]({ client: 'dev1', count: 1789, deep: { list: ['within'] } }, 'what happened');
      const text = await written();
      for (const part of ['dev1', '1789', 'within', 'what happened']) expect(text).toContain(part);
    });

    it('writes all of it, in its order', async () => {
      const texts = Array.from({ length: 200 }, (_, i) => `line ${i}.`);
      for (const [i, text] of texts.entries()) {
        log[SEVERITIES[i % SEVERITIES.length] as keyof Logger]({}, text);
      }
      expect((await written()).match(/line \d+\./g)).toEqual(texts);
    });

    it('ends each line', async () => {
      log.info({ a: 1 }, 'first');
      log.info({ b: 2 });
      const lines = (await written()).split('\n');
      expect([lines.length, lines.at(-1)]).toEqual([3, '']);
    });

    it.each([
      ['an error', new RangeError('out of it')],
      ['what is left of one', { code: 'X', message: 'out of it', stack: 'RangeError: out of it' }],
      ['an error with a cause', new Error('outer', { cause: new RangeError('out of it') })],
    ])('tells of %s', async (_, err) => {
      log.error({ err }, 'failed');
      const text = await written();
      expect(text).toContain('failed');
      expect(text).toContain('out of it');
    });

    const circle: Record<string, unknown> = { name: 'circle' };
    circle.self = circle;
    it.each<[string, object]>([
      ['a circle', circle],
      ['a number without end', { big: 10n ** 30n }],
      ['names that are its own', { level: 'x', time: 7, msg: { text: 'y' }, err: 'z' }],
      ['what is no data', { run: () => 1, sign: Symbol('s'), none: undefined }],
      ['an error that is none', { err: null }],
      ['an error in name only', { err: { message: {}, stack: 7 } }],
      ['a date that is none', { date: new Date(Number.NaN) }],
      ['much', { much: 'x'.repeat(1 << 20) }],
    ])('is not thrown off by %s', async (_, fields) => {
      log.info(fields, 'odd');
      log.info({}, 'after it');
      expect(await written()).toContain('after it');
    });

    it('may be closed with nothing said', async () => {
      expect(await written()).toBe('');
    });
  });
}
