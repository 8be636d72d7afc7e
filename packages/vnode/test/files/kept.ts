/** Files in a folder of their own, for a test. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Files, Logger } from '@n2o/shared';
import { onTestFinished } from 'vitest';
import { createFiles, type FilesOptions } from '../../src/files/create-files.ts';

const ignore = () => {};
const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** The service on a folder: what a worker has, and the next one after it. */
export function start(folder: string, options: Partial<FilesOptions> = {}): Files {
  const files = createFiles({ folder, log: silent, ...options });
  onTestFinished(() => files.close());
  return files;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes that tell where they are. */
export function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 255;
  return bytes;
}
