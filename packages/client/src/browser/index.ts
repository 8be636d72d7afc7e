/** N2O's client in a browser: what pages import. */
import type { PageOptions } from './options.ts';
import { PageClient } from './page-client.ts';

export { Atom, atom, binary, N2OError, Tuple, textOf, tuple } from '@n2o/shared';
export type { Action } from '../calls.ts';
export type { FileChannel } from '../files/channel.ts';
export { download, downloadBlob } from '../files/download.ts';
export type { FileSource, FileStream, Uploadable } from '../files/source.ts';
export { type TransferOptions, type Uploaded, upload } from '../files/upload.ts';
export type { CallOptions, RequestOptions } from '../options.ts';
export type { ClientEvents, PublishOptions } from '../parts.ts';
export type { Remote } from '../remote.ts';
export { RpcError } from '../reply.ts';
export type { Presence } from './conversation.ts';
export type { PageFunction } from './nitro/set.ts';
export type { PageOptions } from './options.ts';
export { PageClient } from './page-client.ts';

/**
 * Connects a page with its module, and begins the conversation.
 *
 * @throws N2OError `N2O_CONFIG_OPTION`; `N2O_CLIENT_CONNECT` when the first attempt fails
 */
export async function connect(options: PageOptions): Promise<PageClient> {
  const client = new PageClient(options);
  await client.start().catch(async (error: unknown) => {
    await client.close();
    throw error;
  });
  return client;
}
