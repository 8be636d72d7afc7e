/** N2O's client: what applications import. */
export type { Arrival } from './arrivals.ts';
export type { Backoff } from './backoff.ts';
export type { Action } from './calls.ts';
export { type Client, type ClientEvents, connect, type PublishOptions } from './client.ts';
export type { CallOptions, RequestOptions } from './options.ts';
export type { Remote } from './remote.ts';
export { RpcError } from './reply.ts';
export type { RpcFailure } from './rpc.ts';
export type { ClientOptions, TlsOptions, Will } from './settings.ts';
