/** The protocols of a loop, by name: the built-in ones, and the application's own. */
import { N2OError, type Protocol, reason } from '@n2o/shared';
import { app } from './app.ts';
import { heart } from './heart.ts';
import { createRpc, type RpcOptions } from './rpc.ts';

/** The built-in protocols, in the order in which they are asked unless told otherwise. */
export const DEFAULT_PROTOCOLS = ['heart', 'rpc', 'app'] as const;

export interface ResolveOptions extends RpcOptions {
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
  { load, exposeErrors }: ResolveOptions,
): Promise<readonly Protocol[]> {
  const builtIn: ReadonlyMap<string, Protocol> = new Map([
    ['heart', heart],
    ['rpc', createRpc({ exposeErrors })],
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
