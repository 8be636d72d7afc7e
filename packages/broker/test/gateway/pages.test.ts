import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect as dial } from 'node:net';
import { createBert, type ErrorCode } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { start } from '../start.ts';
import { failTo, requestOf, respondTo } from './answer.ts';
import { ask } from './ask.ts';

describe('a page', () => {
  it('is what its module answers', async () => {
    const { http, link } = await start();
    link.answer = (event) =>
      respondTo(event, '<h1>Hi</h1>', 200, {
        'content-type': 'text/html; charset=utf-8',
        'set-cookie': 'X-Auth-Token=abc; Path=/',
      });
    const answer = await ask(http, '/app/chat?room=%201&x', {
      headers: { cookie: 'a=1', accept: 'text/html', 'x-other': 'no', 'x-auth-token': 't' },
    });
    expect(answer).toMatchObject({ status: 200, text: '<h1>Hi</h1>' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': '11',
      'set-cookie': ['X-Auth-Token=abc; Path=/'],
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-security-policy': "script-src 'self'",
    });
    const event = await link.next();
    expect(event.route).toMatchObject({ module: 'chat', version: '1', origin: 'http', token: '' });
    expect(requestOf(event)).toEqual({
      kind: 'app',
      scheme: 'http',
      method: 'GET',
      path: '/app/chat',
      query: 'room=%201&x',
      headers: new Map([
        ['accept', 'text/html'],
        ['cookie', 'a=1'],
        ['host', http],
        ['x-auth-token', 't'],
      ]),
      body: new Uint8Array(),
      resource: 'chat',
      id: '',
    });
  });

  it('knows from a proxy that the browser has asked over TLS', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, requestOf(event).scheme);
    const through = (proto: string) =>
      ask(http, '/app/chat', { headers: { 'x-forwarded-proto': proto } });
    expect((await through('https')).text).toBe('https');
    expect((await through('https, http')).text).toBe('https');
    expect((await through('http, https')).text).toBe('http');
  });

  it('may say its own policies, but not how the connection is used', async () => {
    const { http, link } = await start();
    link.answer = (event) =>
      respondTo(event, 'x', 200, {
        'content-security-policy': "script-src 'unsafe-eval'",
        'referrer-policy': 'no-referrer',
        'transfer-encoding': 'chunked',
        'x-content-type-options': 'no',
      });
    const { headers, text } = await ask(http, '/app/chat');
    expect(text).toBe('x');
    expect(headers).toMatchObject({
      'content-security-policy': "script-src 'unsafe-eval'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-length': '1',
    });
    expect(headers['transfer-encoding']).toBeUndefined();
  });

  it('has a client of its own for each request, so that none waits for another', async () => {
    const { http, link } = await start();
    const slow = ask(http, '/app/chat');
    const first = await link.next();
    link.answer = (event) => respondTo(event, 'fast');
    expect((await ask(http, '/app/chat')).text).toBe('fast');
    expect(link.events[1]?.route.client).not.toBe(first.route.client);
    respondTo(first, 'slow');
    expect((await slow).text).toBe('slow');
  });

  it.each([1, 16 * 1024, 16 * 1024 + 1, 300_000])('may have %i bytes of any kind', async (size) => {
    const { http, link } = await start();
    const page = 'ї€ 7\u0000'.repeat(size).slice(0, size);
    link.answer = (event) => respondTo(event, page);
    const { text, headers } = await ask(http, '/app/chat');
    expect(text === page).toBe(true);
    expect(headers['content-length']).toBe(`${Buffer.byteLength(page)}`);
  });

  it('is asked for in all vnodes alike', async () => {
    const { http, link } = await start({ vnodes: 3 });
    link.answer = (event) => respondTo(event, 'x');
    for (let i = 0; i < 6; i++) await ask(http, '/app/chat');
    expect(link.events.map(({ route }) => route.vnode).sort()).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('answers HEAD without a body, but with its length', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, '', 200, { 'content-length': '11' });
    const { status, headers, text } = await ask(http, '/app/chat', { method: 'HEAD' });
    expect([status, headers['content-length'], text]).toEqual([200, '11', '']);
    expect(requestOf(await link.next()).method).toBe('HEAD');
  });

  it.each([100, 100_000, 17 * 1024 * 1024])('answers HEAD as GET, of %i bytes', async (bytes) => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, 'x'.repeat(bytes));
    const get = await ask(http, '/app/chat');
    const head = await ask(http, '/app/chat', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([get.status, '']);
    expect(head.headers['content-length']).toBe(`${get.text.length}`);
    expect(get.status).toBe(bytes > 16 * 1024 * 1024 ? 500 : 200);
  });

  it.each([
    ['one', {}],
    ['one and a length that is another', { 'content-length': '7' }],
    ['one and its length in upper case', { 'Content-Length': '2', 'Transfer-Encoding': 'chunked' }],
  ])('has one length: says %s', async (_, headers) => {
    const { http, link } = await start();
    const at = http.lastIndexOf(':');
    for (const text of ['x', '']) {
      link.answer = (event) => respondTo(event, text, 200, headers);
      const socket = dial(Number(http.slice(at + 1)), http.slice(0, at));
      socket.write('GET /app/chat HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      const answer = `${Buffer.concat(await socket.toArray())}`;
      expect(answer.match(/^(?:content-length|transfer-encoding): .*/gim)).toEqual([
        `content-length: ${text.length}`,
      ]);
      expect(answer.split('\r\n\r\n')[1]).toBe(text);
    }
  });

  it('keeps the connection for the next request', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, 'x', 200, { 'content-length': '9' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      const asking = request(`http://${http}/app/chat`, { agent });
      asking.end();
      const [response] = await once(asking, 'response');
      sockets.add(asking.socket);
      response.resume();
      await once(response, 'end');
    }
    expect(sockets.size).toBe(1);
    agent.destroy();
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('does not take %s', async (method) => {
    const { http } = await start();
    const { status, headers, text } = await ask(http, '/app/chat', { method });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    expect(JSON.parse(text).code).toBe('N2O_HTTP_METHOD');
  });

  it.each([
    '/app/',
    '/app',
    '/app/a/b',
    '/app/chat.htm',
    '/app/%2e%2e',
    '/app/a%2fb',
    '/app/%00',
    '/app/chat%0Aid',
    '/app/chat%7f',
    '/rest/chat%0Aid',
    '/rest/chat%0D/7',
    '/app/%ff',
    '/app/a+b',
    '/rest',
    '/rest/',
    '/rest/a/b/c',
    '/rest/a/%ff',
    '//app/chat',
  ])('is not at %s', async (path) => {
    const { http, link } = await start();
    expect((await ask(http, path)).status).toBe(404);
    expect(link.events).toEqual([]);
  });
});

describe('a resource', () => {
  it('gets method, id and body', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, '{"id":7}', 201, { location: '/rest/people/7' });
    const body = JSON.stringify({ name: 'Ann', text: 'x'.repeat(200_000) });
    for (const method of ['POST', 'PUT']) {
      const headers = { 'content-type': 'application/json' };
      const answer = await ask(http, '/rest/people/a%2Fb', { method, body, headers });
      expect(answer).toMatchObject({ status: 201, text: '{"id":7}' });
      expect(answer.headers['content-security-policy']).toBeUndefined();
      const asked = requestOf(await link.next());
      expect(asked).toMatchObject({ kind: 'rest', method, resource: 'people', id: 'a/b' });
      expect(Buffer.from(asked.body).equals(Buffer.from(body))).toBe(true);
      expect(asked.headers.get('content-type')).toBe('application/json');
    }
  });

  it('names its methods', async () => {
    const { http, link } = await start();
    const options = await ask(http, '/rest/people', { method: 'OPTIONS' });
    expect([options.status, options.headers.allow]).toEqual([
      204,
      'GET, HEAD, POST, PUT, DELETE, OPTIONS',
    ]);
    const patch = await ask(http, '/rest/people', { method: 'PATCH' });
    expect([patch.status, patch.headers.allow]).toEqual([405, options.headers.allow]);
    expect(link.events).toEqual([]);
  });

  it('may answer without a body', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, '', requestOf(event).method === 'GET' ? 304 : 204);
    const deleted = await ask(http, '/rest/people/7', { method: 'DELETE' });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await ask(http, '/rest/people/7')).status).toBe(304);
  });

  it('is changed by pages of welcome origins only', async () => {
    const { http, link } = await start({ web: { origins: ['https://shop.example'] } });
    link.answer = (event) => respondTo(event, 'ok');
    const from = (origin: string, method = 'POST') =>
      ask(http, '/rest/people', { method, headers: { origin }, body: '{}' });
    expect((await from('https://shop.example')).status).toBe(200);
    expect((await from(`http://${http}`)).status).toBe(200);
    const refused = await from('https://evil.example');
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([403, 'N2O_HTTP_ORIGIN']);
    expect((await from('https://evil.example', 'GET')).status).toBe(200);
    expect((await from('null', 'DELETE')).status).toBe(403);
  });
});

describe('an answer that is none', () => {
  it.each<[ErrorCode, number]>([
    ['N2O_MODULE_UNKNOWN', 404],
    ['N2O_REST_INVALID', 400],
    ['N2O_SESSION_NONE', 401],
    ['N2O_EVENT_TIMEOUT', 504],
    ['N2O_BUSY_STORE', 503],
    ['N2O_HOST_CLOSED', 503],
    ['N2O_HANDLER_THREW', 500],
  ])('%s is %i', async (code, status) => {
    const { http, link } = await start();
    link.answer = (event) => failTo(event, code);
    const answer = await ask(http, '/app/chat');
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code]);
    expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('is 404 where no protocol knows it, and 503 where the vnode was lost', async () => {
    const { http, link } = await start();
    link.answer = (event) => event.settle('unknown');
    expect((await ask(http, '/app/chat')).status).toBe(404);
    link.answer = (event) => event.settle('lost');
    expect((await ask(http, '/app/chat')).status).toBe(503);
  });

  it.each([
    ['garbage', Buffer.from('what?')],
    ['another message', createBert().encode('hello')],
    ['nothing', Buffer.alloc(0)],
  ])('is 500 for %s', async (_, bytes) => {
    const { http, link } = await start();
    link.answer = (event) => event.settle('reply', bytes);
    const { status, text } = await ask(http, '/app/chat');
    expect([status, JSON.parse(text).code]).toEqual([500, 'N2O_HTTP_FAILED']);
  });

  it('is 500 for headers that would break the answer', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, 'x', 200, { 'x-a': 'a\rset-cookie: b=1' });
    const { status, headers } = await ask(http, '/app/chat');
    expect([status, headers['set-cookie']]).toEqual([500, undefined]);
  });

  it('is 504 when the vnode does not answer in time, and too late is harmless', async () => {
    const { http, link } = await start({ web: { deadline: 1 } });
    const { status, text } = await ask(http, '/app/chat');
    expect([status, JSON.parse(text).code]).toEqual([504, 'N2O_EVENT_TIMEOUT']);
    respondTo(await link.next(), 'late');
    link.answer = (event) => respondTo(event, 'in time');
    expect((await ask(http, '/app/chat')).text).toBe('in time');
  });
});

describe('the bounds of a request', () => {
  it.each([
    ['that says its length', { 'content-length': '1001' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('refuse a body %s with 413', async (_, headers) => {
    const { http, link } = await start({ web: { maxBody: 1000 } });
    const body = Buffer.alloc(1001);
    const answer = await ask(http, '/rest/people', { method: 'POST', headers, body });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text).code).toBe('N2O_HTTP_BODY');
    expect(link.events).toEqual([]);
  });

  it('tell so to who goes on sending, and hear what comes next', async () => {
    const { http } = await start({ web: { maxBody: 1000 } });
    const [host, port] = http.split(':');
    const socket = dial({ host: host as string, port: Number(port) });
    const body = Buffer.alloc(8 * 1024 * 1024);
    socket.write(`POST /rest/people HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`);
    expect(`${(await once(socket, 'data'))[0]}`).toMatch(/^HTTP\/1.1 413 /);
    socket.write(body);
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(`${Buffer.concat(await socket.toArray())}`).toContain('HTTP/1.1 200 OK');
  });

  it('answer 503 when the vnode has no room', async () => {
    const { http, link, broker } = await start({ vnodes: 1, limits: { inflightPerVnode: 1 } });
    const held = ask(http, '/app/chat');
    const event = await link.next();
    const busy = await ask(http, '/app/chat');
    expect([busy.status, busy.headers['retry-after']]).toEqual([503, '1']);
    expect(broker.counters.busyEvents).toBe(1);
    respondTo(event, 'held');
    expect((await held).text).toBe('held');
  });

  it('hold with any patience for CONNECT', async () => {
    const { http, link } = await start({ limits: { connectTimeout: 3_600_000 } });
    link.answer = (event) => respondTo(event, 'x');
    expect((await ask(http, '/app/chat')).status).toBe(200);
  });

  it('do not wait for browsers that have gone', async () => {
    const { http, link, broker } = await start();
    const at = http.lastIndexOf(':');
    const open = async (text: string) => {
      const socket = dial(Number(http.slice(at + 1)), http.slice(0, at));
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    };
    const asked = await open('GET /app/chat HTTP/1.1\r\nHost: x\r\n\r\n');
    const event = await link.next();
    asked.resetAndDestroy();
    const begun = await open('POST /rest/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc');
    begun.resetAndDestroy();
    respondTo(event, 'too late');
    link.answer = (next) => respondTo(next, 'here');
    expect((await ask(http, '/app/chat')).text).toBe('here');
    expect(link.events).toHaveLength(2);
    await broker.close();
  });

  it('let what is under way end when the broker closes', async () => {
    const { http, link, broker } = await start();
    const asked = ask(http, '/app/chat');
    const event = await link.next();
    const closing = broker.close();
    respondTo(event, 'the last');
    expect((await asked).text).toBe('the last');
    await closing;
  });
});
