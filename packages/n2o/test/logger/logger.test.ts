/** The loggers there are, and how one is chosen. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPinoLogger } from '../../src/log.ts';
import { makeLogger } from '../../src/logger.ts';
import { folder } from '../command.ts';
import { conforms } from './conformance.ts';
import makeOwn from './own.ts';

conforms('pino', createPinoLogger);
conforms('pino on a terminal', createPinoLogger, true);
conforms('a logger of your own', makeOwn);

describe('the logger that is named', () => {
  const make = async (source: string, name = './own.js') => {
    const { path, close } = await folder({ 'own.js': source });
    onTestFinished(close);
    const lines: string[] = [];
    const log = await makeLogger(name, path, { output: { write: (line) => lines.push(line) } });
    return { log, lines };
  };

  it('is pino without a path', async () => {
    const { log, lines } = await make('', 'pino');
    log.debug({ a: 1 }, 'text');
    const line = JSON.parse(lines.join(''));
    expect(line).toEqual({ level: 20, time: expect.any(String), a: 1, msg: 'text' });
  });

  it('is found by its path, and made', async () => {
    const { log, lines } = await make(`export default async ({ output }) => {
      const write = (_, text) => output.write(text);
      return { debug: write, info: write, warn: write, error: write };
    }`);
    log.warn({}, 'own');
    expect(lines).toEqual(['own']);
  });

  it.each([
    ['nothing by default', 'export const a = 1;', /no function by default/],
    ['no function', 'export default {};', /no function by default/],
    ['what makes no logger', 'export default () => ({ info() {} });', /made no logger/],
    ['what makes nothing', 'export default () => null;', /made no logger/],
    ['what throws', `export default () => { throw new Error('on purpose'); }`, /on purpose/],
    ['what cannot be read', 'export default (', /./],
  ])('is refused when it exports %s', async (_, source, message) => {
    const error = expect.objectContaining({
      code: 'N2O_SERVICE_LOAD',
      message: expect.stringMatching(message),
    });
    await expect(make(source)).rejects.toEqual(error);
  });

  it('is refused when it is not there', async () => {
    await expect(make('', './elsewhere.js')).rejects.toMatchObject({ code: 'N2O_SERVICE_LOAD' });
  });
});
