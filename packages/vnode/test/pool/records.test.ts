import { describe, expect, it } from 'vitest';
import { DUP, GUEST, Packer, readGuest, readRecords } from '../../src/pool/records.ts';

const route = {
  client: 'http-AbCd-7',
  module: 'größe',
  version: '1',
  vnode: 12,
  user: '',
  token: '',
  origin: 'http',
} as const;

describe('the records of a pool', () => {
  it('have events of the HTTP port with their routes, among others', () => {
    const packer = new Packer();
    packer.event(0, 1, 9, Buffer.from('before'));
    packer.guest(DUP, 2, route, Buffer.alloc(10_000, 'x'));
    packer.guest(0, 3, { ...route, client: 'http-AbCd-8' }, new Uint8Array());
    const packed = packer.take();
    const seen: unknown[] = [];
    readRecords(packed, (kind, flags, slot, start, end) => {
      if (kind !== GUEST) return;
      const guest = readGuest(packed, start);
      const payload = Buffer.from(packed.subarray(guest.payload, end)).toString();
      seen.push([flags, slot, guest.route, payload]);
    });
    expect(seen).toEqual([
      [DUP, 2, route, 'x'.repeat(10_000)],
      [0, 3, { ...route, client: 'http-AbCd-8' }, ''],
    ]);
  });
});
