import { describe, expect, it } from 'vitest';
import { openStore } from '../src/open.ts';
import { describeAddress, parseRedisUrl } from '../src/redis/address.ts';

const plain = {
  kind: 'single',
  tls: false,
  hosts: [{ host: 'h', port: 6379 }],
  master: undefined,
  username: undefined,
  password: undefined,
  sentinelUsername: undefined,
  sentinelPassword: undefined,
  db: 0,
};

describe('the URL of a Redis', () => {
  it.each<[string, object]>([
    ['redis://h', {}],
    ['redis://h/', {}],
    ['Redis+Cluster://h', { kind: 'cluster' }],
    ['rediss://h:7000/3', { tls: true, hosts: [{ host: 'h', port: 7000 }], db: 3 }],
    ['redis://h?db=3', { db: 3 }],
    ['redis://:p%40ss@h', { password: 'p@ss' }],
    ['redis://user:p@h', { username: 'user', password: 'p' }],
    ['redis://[::1]:7000', { hosts: [{ host: '::1', port: 7000 }] }],
    [
      'redis+sentinel://u:p@a:1,b/main?db=2&sentinelUser=s&sentinelPassword=t',
      {
        kind: 'sentinel',
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 26379 },
        ],
        ...{ master: 'main', username: 'u', password: 'p', db: 2 },
        ...{ sentinelUsername: 's', sentinelPassword: 't' },
      },
    ],
    [
      'rediss+cluster://a:1,b:2',
      {
        kind: 'cluster',
        tls: true,
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
  ])('%s is understood', (url, more) => {
    expect(parseRedisUrl(url)).toEqual({ ...plain, ...more });
  });

  it.each([
    ...['redis:', 'redis://', 'redis://a,b', 'redis://h:0', 'redis://h:70000', 'redis://h:x'],
    ...['redis://h/x', 'redis://h/-1', 'redis://h?x=1', 'redis://%zz@h', 'redis://a:b:c@h'],
    ...[
      'redis+sentinel://h',
      'redis+sentinel://h/',
      'redis+cluster://h/1',
      'redis+cluster://h?db=1',
    ],
    ...['redis+other://h', 'http://h', 'redis://a b'],
  ])('%s is refused', (url) => {
    expect(parseRedisUrl(url)).toBeUndefined();
  });

  it('is shown without user and password', () => {
    for (const url of [
      'redis://h:6379',
      'rediss://[::1]:7000?db=3',
      'redis+sentinel://a:1,b:26379/main?db=2',
      'redis+cluster://a:1,b:2',
    ]) {
      const secret = url.replace('://', '://user:word@');
      const address = parseRedisUrl(secret);
      expect(address && describeAddress(address)).toBe(url);
    }
  });
});

describe('the name of a store', () => {
  it('that means a Redis and is not the URL of one is refused, not taken for a folder', async () => {
    for (const name of ['redis:/h', 'rediss+other://user:secret@h']) {
      const error: unknown = await openStore(name).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'N2O_CONFIG_OPTION' });
      expect(String(error)).not.toContain('secret');
    }
  });

  it('may be that of the memory', async () => {
    await using store = await openStore('memory');
    expect(store.durable).toBe(false);
  });
});
