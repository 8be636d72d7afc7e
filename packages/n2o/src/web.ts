/** What the HTTP port serves, out of the options. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WebOptions } from '@n2o/broker';
import type { ServerOptions } from './options.ts';

/** @param folders those of the modules, absolute */
export function webOf(options: ServerOptions, folders: readonly string[]): WebOptions {
  const { origins = [], maxBody, maxPacketSize, socketIdle, deadline, hostPatience } = options;
  return {
    public: options.public ?? folders.map(publicOf),
    runtime: fileURLToPath(new URL('browser/', import.meta.resolve('@n2o/client'))),
    origins: origins.includes('*') ? '*' : origins,
    maxBody,
    maxMessage: maxPacketSize,
    idle: socketIdle,
    // Handlers and hosts that are late are told so by those who wait for them.
    deadline: deadline + hostPatience + 1_000,
  };
}

function publicOf(folder: string): string {
  return join(folder, 'public');
}
