/** The methods of a module, as functions of the caller. */
import type { ModuleDefinition } from '@n2o/shared';
import type { RequestOptions } from './options.ts';

/**
 * What a module's `methods` look like from afar: `rpc<typeof thermostat>('thermostat')` has
 * `setTarget(params, options?)` where the module has `setTarget(params, context)`.
 */
export type Remote<Module extends ModuleDefinition> = Module extends {
  readonly methods: infer Methods;
}
  ? { readonly [Name in keyof Methods]: RemoteMethod<Methods[Name]> }
  : Readonly<Record<string, (params?: unknown, options?: RequestOptions) => Promise<unknown>>>;

type RemoteMethod<M> = M extends (...args: infer Args) => infer Result
  ? (...args: RemoteArgs<Args>) => Promise<Awaited<Result>>
  : never;

/** A method without params, or with optional ones, may be called without. */
type RemoteArgs<Args extends readonly unknown[]> = Args extends readonly []
  ? [params?: undefined, options?: RequestOptions]
  : undefined extends Args[0]
    ? [params?: Args[0], options?: RequestOptions]
    : [params: Args[0], options?: RequestOptions];

/** @param call sends the request of a method by its name */
export function remoteOf<Module extends ModuleDefinition>(
  call: (method: string, params: unknown, options: RequestOptions | undefined) => Promise<unknown>,
): Remote<Module> {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(Object.create(null) as Remote<Module>, {
    get(_, name) {
      // Whoever awaits the proxy asks for `then`: it is no promise.
      if (typeof name !== 'string' || name === 'then') return undefined;
      const known = methods.get(name);
      if (known) return known;
      const method = (params: unknown, options?: RequestOptions) => call(name, params, options);
      methods.set(name, method);
      return method;
    },
  });
}
