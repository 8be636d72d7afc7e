/** The protocols of a loop, by name: the built-in ones, and the application's own. */
import { N2OError, type Protocol, reason } from '@n2o/shared';
import type { PageProtocolOptions } from './answer.ts';
import { app } from './app.ts';
import { bin } from './bin.ts';
import { createFtp, type FtpOptions } from './ftp.ts';
import { createHeart } from './heart.ts';
import { createHttp, type HttpOptions } from './http.ts';
import { createNitro } from './nitro.ts';
import { createRpc, type RpcOptions } from './rpc.ts';
import { createSpa } from './spa.ts';

/** The built-in protocols, in the order in which they are asked unless told otherwise. */
export const DEFAULT_PROTOCOLS = [
  'heart',
  'rpc',
  'nitro',
  'spa',
  'bin',
  'ftp',
  'http',
  'app',
] as const;

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
  const isBuiltIn = (name: string) => (DEFAULT_PROTOCOLS as readonly string[]).includes(name);
  const isOverseen = !names.slice(0, names.indexOf('ftp')).every(isBuiltIn);
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
  const protocols: Protocol[] = [];
  for (const name of names) protocols.push(builtIn.get(name) ?? (await own(name, load)));
  return protocols;
}

async function own(name: string, load: ResolveOptions['load']): Promise<Protocol> {
  const wrong = (what: string, cause?: unknown) =>
    new N2OError('N2O_PROTOCOL_LOAD', `protocol '${name}': ${what}`, { cause });
  const exports = await load(name).catch((thrown) => {
    throw wrong(reason(thrown), thrown);
  });
  const found = [exports.default, exports.info].find((value) => typeof value === 'function');
  if (found === undefined) throw wrong('exports no function, neither by default nor as info');
  return found as Protocol;
}
