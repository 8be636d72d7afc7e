import { N2OError } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { createSources } from '../../src/modules/sources.ts';
import { DEFAULT_PROTOCOLS } from '../../src/protocols/defaults.ts';
import { resolveProtocols } from '../../src/protocols/protocols.ts';
import { alias, appFolder } from '../modules/app-folder.ts';
import { start } from '../runtime/started.ts';

const BUILT_IN = ['heart', 'rpc', 'nitro', 'spa', 'bin', 'ftp', 'http', 'app'];

async function resolved(folder: string, names: readonly string[]) {
  const sources = await createSources({ alias, cache: false });
  const load = (name: string) => sources.import(name, folder);
  return resolveProtocols(names, { load, exposeErrors: false });
}

describe('the protocols of a loop', () => {
  it('have an order by default', () => {
    expect(DEFAULT_PROTOCOLS).toEqual([...BUILT_IN]);
  });

  it("may be the application's own, by path or by package", async () => {
    const folder = appFolder({
      'protocols/shout.ts': `import { reply, unknown, type Message } from 'n2o';
export default ({ value }: Message) => (value === 'hi' ? reply('HI') : unknown);`,
      'protocols/named.js': `import { reply, unknown } from 'n2o';
export function info({ value }) { return value === 'ho' ? reply('HO') : unknown; }`,
      'node_modules/n2o-late/package.json': '{"main":"index.cjs"}',
      'node_modules/n2o-late/index.cjs': `module.exports = async () => undefined;`,
    });
    const names = ['heart', './protocols/shout.ts', './protocols/named', 'app', 'n2o-late'];
    const protocols = await resolved(folder, names);
    expect(protocols).toHaveLength(5);
    const { send } = await start({ modules: { app: { event: () => 'app' } }, protocols });
    expect(['PING', 'hi', 'ho', 'else'].map((text) => send(text).text)).toEqual([
      'PONG',
      'HI',
      'HO',
      'app',
    ]);
  });

  it.each([
    ['hart', `protocol 'hart': /: cannot find 'hart'`],
    ['./nope.ts', `protocol './nope.ts': /: cannot find './nope.ts'`],
    ['./broken.ts', `protocol './broken.ts': /broken.ts:2:7: Unexpected token`],
    ['./empty.ts', `protocol './empty.ts': exports no function, neither by default nor as info`],
  ])('are refused by name where they are bad (%s)', async (name, text) => {
    const folder = appFolder({ 'broken.ts': '\nconst = 1', 'empty.ts': 'export default 1' });
    const thrown: unknown = await resolved(folder, ['heart', name]).catch((error) => error);
    expect(thrown).toBeInstanceOf(N2OError);
    expect((thrown as N2OError).code).toBe('N2O_PROTOCOL_LOAD');
    expect((thrown as N2OError).message.replace(folder, '')).toBe(text);
  });
});
