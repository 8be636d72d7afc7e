/** A line to a server that keeps files, over which every message travels as BERT, and which can be cut. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Context,
  createBert,
  type Files,
  type FtpMessage,
  type Logger,
  type ModuleDefinition,
  N2OError,
  Reply,
  readFtp,
} from '@n2o/shared';
import { createFiles, createFtp } from '@n2o/vnode';
import { onTestFinished } from 'vitest';
import { FileExchange } from '../../src/files/exchange.ts';

const ignore = () => {};
const log: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const bert = createBert();
const OWNER = 'cc';

export interface FileLine {
  readonly exchange: FileExchange;
  readonly files: Files;
  /** All that has been asked. */
  readonly asked: readonly FtpMessage[];
  /** Called with each message before the server gets it; `true` cuts the line there. */
  before: (message: FtpMessage) => boolean;
  /** Called with each message that was handled; `true` cuts the line before it is answered. */
  after: (message: FtpMessage) => boolean;
  /** Puts a file there. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  get(name: string): Promise<Uint8Array>;
}

/** A server that keeps files: the service, and what it answers to a message of client `c`. */
export async function startFiles(app: ModuleDefinition, block: number) {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-files-'));
  const files = createFiles({ folder, log });
  onTestFinished(async () => {
    await files.close();
    await rm(folder, { recursive: true });
  });
  const ftp = createFtp({ files, block });
  const context = {
    client: 'c',
    app,
    log,
    page: { isEmpty: true },
    get session() {
      throw new N2OError('N2O_SERVICE_MISSING');
    },
  } as unknown as Context;
  const answer = async (payload: Uint8Array): Promise<Uint8Array | undefined> => {
    const found = await ftp({ format: 'bert', value: bert.decode(payload) }, context);
    return found instanceof Reply ? bert.encode(found.value).slice() : undefined;
  };
  return { files, answer };
}

export async function openLine(app: ModuleDefinition = {}, block = 1_000): Promise<FileLine> {
  const { files, answer } = await startFiles(app, block);
  const asked: FtpMessage[] = [];
  let connection = 0;
  let last: Promise<unknown> = Promise.resolve();
  const cut = () => {
    connection++;
    line.exchange.lost(new N2OError('N2O_CLIENT_CONNECT'));
  };

  /** Messages are handled one after the other; what a lost connection still held does not arrive. */
  const handle = async (payload: Uint8Array, on: number) => {
    if (on !== connection) return;
    const message = readFtp('ftp', bert.decode(payload)) as FtpMessage;
    asked.push(message);
    if (line.before(message)) return cut();
    const bytes = await answer(payload);
    if (on !== connection) return;
    if (line.after(message)) return cut();
    if (bytes !== undefined) line.exchange.take(bert.decode(bytes));
  };

  const line: FileLine = {
    exchange: new FileExchange({
      async send(message) {
        const payload = bert.encode(message).slice();
        const on = connection;
        last = last.then(() => handle(payload, on));
      },
    }),
    files,
    asked,
    before: () => false,
    after: () => false,
    async put(name, bytes) {
      const key = { owner: OWNER, id: 'put', name };
      await files.begin({ ...key, size: bytes.length });
      await files.append(key, 0, bytes);
      await files.finish(key);
    },
    get: (name) => files.read(OWNER, name, 0, 1e9),
  };
  return line;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes that tell where they are. */
export function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
}
