import { join, resolve, sep } from 'node:path';
import { createBert, readRequest, writeRequest } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { type ConfigFile, optionsSchema } from '../src/options.ts';
import { located } from '../src/places.ts';
import { webOf } from '../src/web.ts';

const of = (given: ConfigFile, ...folders: string[]) =>
  webOf(optionsSchema({ cores: 1, production: false }).parse(given), folders);

describe('what the HTTP port serves', () => {
  it('are the folders beside the modules, or the one that is named, or none', () => {
    const [chat, login] = [join('/srv', 'chat'), join('/srv', 'login')];
    expect(of({}, chat, login).public).toEqual([join(chat, 'public'), join(login, 'public')]);
    expect(of({ public: '/srv/files,/srv/more' }, chat).public).toEqual([
      '/srv/files',
      '/srv/more',
    ]);
    expect(of({}).public).toEqual([]);
  });

  it('are looked for from where the command runs', () => {
    const options = { store: 'memory', files: 'off', public: ['site', '/srv/more'] };
    expect(located(options, '/srv').public).toEqual([resolve('/srv/site'), resolve('/srv/more')]);
  });

  it('is the browser client', () => {
    expect(of({}).runtime).toMatch(`${sep}browser${sep}`);
  });

  it('is for pages of its own, of origins that are named, or of all', () => {
    expect(of({}).origins).toEqual([]);
    expect(of({ origins: 'https://a.example,https://b.example' }).origins).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
    expect(of({ origins: '*' }).origins).toBe('*');
  });

  it.each([
    'http://127.0.0.1:8083',
    'http://[::1]:8083',
    'https://xn--bcher-kva.example:8443',
    'capacitor://localhost',
    'safari-web-extension://E3449EA7-EC25-46DA-8E6D-C4A3D0C9D2D1',
    'null',
  ])('is for pages of the origin %s', (origin) => {
    expect(of({ origins: origin }).origins).toEqual([origin]);
  });

  it.each([
    'shop.example',
    'https://shop.example/',
    'https://shop.example/app',
    'https://Shop.example',
    'HTTPS://shop.example',
    'https://shop.example:443',
    'http://shop.example:80',
    'https://*.shop.example',
    'https://a.example https://b.example',
    'https://a.example,b.example',
  ])('is not for %s, which no browser says', (origins) => {
    expect(() => of({ origins })).toThrow();
  });

  it('takes no bodies but those that a vnode can read', () => {
    const { maxBody = 0 } = of({ maxBody: '15MiB' });
    const headers = new Map([['cookie', 'x'.repeat(100_000)]]);
    const id = 'x'.repeat(16_384);
    const request = {
      ...({ kind: 'rest', scheme: 'http', method: 'PUT', resource: 'users' } as const),
      ...{ path: `/rest/users/${id}`, query: '', id, headers, body: new Uint8Array(maxBody) },
    };
    const bert = createBert();
    const read = readRequest(bert.decode(bert.encode(writeRequest(request))));
    expect(read?.body.length).toBe(15 * 1024 * 1024);
    expect(() => of({ maxBody: '16MiB' })).toThrow();
  });

  it('waits longer than those who say why it takes so long', () => {
    const { deadline = 0 } = of({ deadline: '5s', hostPatience: '10s' });
    expect(deadline).toBeGreaterThan(15_000);
  });
});
