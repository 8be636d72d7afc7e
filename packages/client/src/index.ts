/** N2O's client: what applications import. */
export type { Arrival } from './arrivals.ts';
export type { Backoff } from './backoff.ts';
export type { Action } from './calls.ts';
export type { Client } from './client.ts';
export { connect } from './connect.ts';
export type { FileChannel } from './files/channel.ts';
export { type ClientChannel, fileChannel } from './files/client-channel.ts';
export { download, downloadBlob } from './files/download.ts';
export { type ExchangeOptions, FileExchange } from './files/exchange.ts';
export type { FileSource, FileStream, Uploadable } from './files/source.ts';
export { type TransferOptions, type Uploaded, upload } from './files/upload.ts';
export type { CallOptions, RequestOptions } from './options.ts';
export type { ClientEvents, PublishOptions } from './parts.ts';
export type { Remote } from './remote.ts';
export { RpcError } from './reply.ts';
export type { RpcFailure } from './rpc.ts';
export type { ClientOptions, TlsOptions, Will } from './settings.ts';
