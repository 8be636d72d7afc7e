import { describe, expect, it } from 'vitest';
import { start } from '../start.ts';
import { requestOf, respondTo } from './answer.ts';
import { ask } from './ask.ts';

const PATH = '/n2o/session/chat';

/** As the script of a page of this origin asks. */
const own = (http: string) => ({
  origin: `http://${http}`,
  'sec-fetch-site': 'same-origin',
  'x-auth-token': 'next',
  cookie: 'n2o-token=before',
});

describe('the cookie of a session', () => {
  it('is asked for at the module of the page', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, '', 204, { 'set-cookie': 'n2o-token=next' });
    const answer = await ask(http, PATH, { method: 'POST', headers: own(http) });
    expect(answer).toMatchObject({ status: 204, headers: { 'set-cookie': ['n2o-token=next'] } });
    const event = await link.next();
    expect(event.route).toMatchObject({ module: 'chat', origin: 'http' });
    const { kind, resource, headers } = requestOf(event);
    expect([kind, resource]).toEqual(['session', 'chat']);
    expect(headers.get('x-auth-token')).toBe('next');
    expect(headers.get('cookie')).toBe('n2o-token=before');
  });

  it('is given to older browsers, which do not say the site', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, '', 204);
    const { 'sec-fetch-site': _, ...headers } = own(http);
    expect((await ask(http, PATH, { method: 'POST', headers })).status).toBe(204);
  });

  it.each([
    ['of another origin', { origin: 'http://evil.example' }],
    ['of no origin', { origin: undefined }],
    ['of an origin that may not be told', { origin: 'null' }],
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['that a form could make', { 'x-auth-token': undefined }],
  ])(
    'is not for a request %s, also where all origins may speak to the server',
    async (_, change) => {
      for (const origins of [[], '*'] as const) {
        const { http, link } = await start({ web: { origins } });
        const headers: Record<string, string> = {};
        for (const [name, value] of Object.entries({ ...own(http), ...change })) {
          if (value !== undefined) headers[name] = value;
        }
        // Where all are welcome, the browser says itself that it is another one.
        if (origins === '*' && 'origin' in change && change.origin) {
          headers['sec-fetch-site'] = 'cross-site';
        }
        const { status, text } = await ask(http, PATH, { method: 'POST', headers });
        expect([status, JSON.parse(text).code]).toEqual([403, 'N2O_HTTP_ORIGIN']);
        expect(link.events).toEqual([]);
      }
    },
  );

  it('is had by POST alone', async () => {
    const { http } = await start();
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await ask(http, PATH, { method, headers: own(http) });
      expect([status, headers.allow]).toEqual([405, 'POST']);
    }
  });
});
