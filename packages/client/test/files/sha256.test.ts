import { expect, it } from 'vitest';
import { createSha256, portableSha256 } from '../../src/files/sha256.ts';
import { bytesOf, sha256 } from './line.ts';

it.each([
  ['of the runtime', createSha256],
  ['for browsers', portableSha256],
])('gives the hash of all pieces: the one %s', (_, create) => {
  const bytes = bytesOf(10_000);
  const hash = create();
  for (let at = 0; at < bytes.length; at += 777) hash.update(bytes.subarray(at, at + 777));
  expect(hash.digest()).toBe(sha256(bytes));
});
