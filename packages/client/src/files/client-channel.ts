/** The channel of a client: files go to one of its modules beside all else that it says. */
import { type ErrorCode, ErrorFrame, N2OError } from '@n2o/shared';
import type { Client } from '../client.ts';
import type { FileChannel } from './channel.ts';
import { FileExchange } from './exchange.ts';

const BUSY = /^N2O_BUSY_(?:CLIENT|VNODE|STORE)$/;

/** A channel that is open until it is closed. */
export interface ClientChannel extends FileChannel {
  /** Stops listening; whoever waits is rejected. Idempotent. */
  close(): void;
}

/** Opens a channel to a module, over which any number of files may travel. */
export function fileChannel(
  client: Pick<Client, 'send' | 'on' | 'connected'>,
  module: string,
  { timeout }: { readonly timeout?: number } = {},
): ClientChannel {
  const exchange = new FileExchange({
    // A block that is lost is sent again by whoever waits for its answer.
    send: (message) => client.send(module, message, { format: 'bert', qos: 0 }),
    ...(timeout === undefined ? {} : { timeout }),
  });
  const ends = [
    client.on('action', ({ module: by, value }) => {
      // Which of them it refuses the broker does not say: it has not read them.
      if (by === module && isBusy(value)) exchange.lost(new N2OError(value.code, value.message));
      else exchange.take(value);
    }),
    client.on('disconnect', (error) => exchange.lost(error)),
  ];
  return {
    request: (message) => exchange.request(message),
    ready: () =>
      new Promise((resolve) => {
        if (client.connected) return resolve();
        const end = client.on('connect', () => {
          end();
          resolve();
        });
      }),
    close() {
      for (const end of ends) end();
      exchange.lost(new DOMException('the channel is closed', 'AbortError'));
    },
  };
}

/** More was under way than the server takes at a time. */
function isBusy(value: unknown): value is ErrorFrame & { readonly code: ErrorCode } {
  return value instanceof ErrorFrame && BUSY.test(value.code);
}
