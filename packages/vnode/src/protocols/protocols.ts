/** The protocols of a loop, by name: the built-in ones, and the application's own. */
import { N2OError, type Protocol, reason } from '@n2o/shared';
import type { PageProtocolOptions } from './answer.ts';
import { app } from './app.ts';
import { bin } from './bin.ts';
import { DEFAULT_PROTOCOLS } from './defaults.ts';
import { createFtp, type FtpOptions } from './ftp.ts';
import { createHeart } from './heart.ts';
import { createHttp, type HttpOptions } from './http.ts';
import type { KeyedProtocol } from './key.ts';
import { createNitro } from './nitro.ts';
import { createRpc, type RpcOptions } from './rpc.ts';
import { createSpa } from './spa.ts';

export interface ResolveOptions
  extends RpcOptions,
    PageProtocolOptions,
    HttpOptions,
    Pick<FtpOptions, 'files'> {
  /** Runs a module of the application, named as in an import, and returns what it exports. */
  readonly load: (specifier: string) => Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Finds the protocols of a loop. A name that is not built in names a module whose default export,
 * or export `info`, is the function `info(message, context)`.
 * @throws N2O_PROTOCOL_LOAD naming the protocol
 */
export async function resolveProtocols(
  names: readonly string[],
  { load, exposeErrors, browserFiles, conversations, files }: ResolveOptions,
): Promise<readonly Protocol[]> {
  const owns = new Map<string, KeyedProtocol>();
  for (const name of names) if (!isBuiltIn(name)) owns.set(name, await own(name, load));
  const isOverseen = areSeen(names, owns);
  const builtIn: ReadonlyMap<string, Protocol> = new Map([
    ['heart', createHeart({ conversations })],
    ['rpc', createRpc({ exposeErrors })],
    ['nitro', createNitro({ conversations })],
    ['spa', createSpa({ conversations })],
    ['bin', bin],
    ['ftp', createFtp({ files, conversations, exposeErrors, isOverseen })],
    ['http', createHttp({ exposeErrors, browserFiles })],
    ['app', app],
  ]);
  return names.map((name) => (owns.get(name) ?? builtIn.get(name)) as Protocol);
}

function isBuiltIn(name: string): boolean {
  return (DEFAULT_PROTOCOLS as readonly string[]).includes(name);
}

/** Whether code of the application sees the messages of `ftp`: what is asked before it, or for the keys of all. */
function areSeen(names: readonly string[], owns: ReadonlyMap<string, KeyedProtocol>): boolean {
  const before = names.slice(0, names.indexOf('ftp'));
  if (before.some((name) => name === 'app' || owns.has(name))) return true;
  return [...owns.values()].some(({ key }) => key !== undefined);
}

async function own(name: string, load: ResolveOptions['load']): Promise<KeyedProtocol> {
  const wrong = (what: string, cause?: unknown) =>
    new N2OError('N2O_PROTOCOL_LOAD', `protocol '${name}': ${what}`, { cause });
  const exports = await load(name).catch((thrown) => {
    throw wrong(reason(thrown), thrown);
  });
  const found = [exports.default, exports.info].find((value) => typeof value === 'function');
  if (found === undefined) throw wrong('exports no function, neither by default nor as info');
  return found as KeyedProtocol;
}
