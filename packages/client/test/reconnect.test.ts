import type { N2OError } from '@n2o/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { type Client, type ClientOptions, connect } from '../src/index.ts';
import { type ServerOptions, startServer, type TestServer } from './server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options);
  open.push(server);
  return server;
}

async function dial(server: TestServer, options: ClientOptions = {}): Promise<Client> {
  const client = await connect(server.url, { backoff: { min: 1, max: 20 }, ...options });
  open.push(client);
  return client;
}

const next = (client: Client, event: 'connect' | 'disconnect') =>
  new Promise<N2OError | undefined>((resolve) => client.on(event, (...[error]) => resolve(error)));

test('an address where nobody listens is an error at once', async () => {
  const server = await startServer();
  await server.close();
  await expect(connect(server.url)).rejects.toMatchObject({
    code: 'N2O_CLIENT_CONNECT',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('a broker that refuses is an error that says why', async () => {
  const server = await serve();
  server.aedes.authenticate = (_client, _name, _password, done) => done(null, false);
  await expect(connect(server.url)).rejects.toMatchObject({
    code: 'N2O_CLIENT_CONNECT',
    message: expect.stringContaining('Not authorized'),
  });
});

test('a broker that says nothing is an error in time', async () => {
  const server = await serve();
  server.aedes.preConnect = () => {};
  await expect(connect(server.url, { connectTimeout: 30 })).rejects.toMatchObject({
    code: 'N2O_CLIENT_CONNECT',
    message: expect.stringContaining('timeout'),
  });
});

describe('when the connection breaks', () => {
  test('the client tells, connects again, and goes on', async () => {
    const server = await serve();
    const client = await dial(server);
    const disconnected = next(client, 'disconnect');
    const connected = next(client, 'connect');
    server.drop();
    expect(await disconnected).toMatchObject({ code: 'N2O_CLIENT_CONNECT' });
    await connected;
    expect(await client.call('echo', 'x')).toBe('x');
  });

  test('what was not acknowledged is sent again: same order, same identifiers, with DUP', async () => {
    let broken = true;
    const server = await serve({ accept: () => !broken });
    const client = await dial(server);
    const calls = ['a', 'b', 'c'].map((message) => client.call('echo', message));
    await server.arrived(3);
    broken = false;
    server.drop();
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
    const first = server.seen.slice(0, 3);
    expect(first.map(({ text, dup }) => ({ text, dup }))).toEqual([
      { text: 'a', dup: false },
      { text: 'b', dup: false },
      { text: 'c', dup: false },
    ]);
    expect(server.seen.slice(3)).toEqual(first.map((seen) => ({ ...seen, dup: true })));
  });

  test('a request keeps its id when it is sent again, so that the server knows it for the same', async () => {
    let broken = true;
    const server = await serve({ accept: () => !broken });
    const client = await dial(server);
    const called = client.rpc('echo').echo?.(1);
    await server.arrived(1);
    broken = false;
    server.drop();
    expect(await called).toBe(1);
    expect(server.seen[1]?.text).toBe(server.seen[0]?.text);
    expect(JSON.parse(server.seen[0]?.text ?? '').id).toMatch(/^\w{12}-1$/);
  });

  test('calls made meanwhile wait for the next connection', async () => {
    const first = await startServer();
    const client = await dial(first, { timeout: 5_000 });
    const disconnected = next(client, 'disconnect');
    await first.close();
    await disconnected;
    const calls = [client.call('echo', 1), client.rpc('echo').echo?.(2), client.send('echo', 3)];
    const second = await serve({ port: first.port });
    expect(await Promise.all(calls)).toEqual([1, 2, undefined]);
    expect(second.seen.map(({ dup }) => dup)).toEqual([false, false, false]);
  });

  test('a call that timed out before it was sent never is', async () => {
    const first = await startServer();
    const client = await dial(first);
    const disconnected = next(client, 'disconnect');
    await first.close();
    await disconnected;
    await expect(client.call('echo', 'old', { timeout: 1 })).rejects.toMatchObject({
      code: 'N2O_CLIENT_TIMEOUT',
    });
    const later = client.call('echo', 'new');
    const second = await serve({ port: first.port });
    expect(await later).toBe('new');
    expect(second.seen.map(({ text }) => text)).toEqual(['new']);
  });

  test('a call of QoS 0 is rejected, and the next one gets its own reply', async () => {
    let release: () => void = () => {};
    const late = new Promise<string>((resolve) => {
      release = () => resolve('late');
    });
    const server = await serve({ answer: (text) => (text === 'slow' ? late : text) });
    const client = await dial(server);
    const connected = next(client, 'connect');
    const slow = client.call('m', 'slow', { qos: 0 });
    await server.arrived(1);
    server.drop();
    await expect(slow).rejects.toMatchObject({ code: 'N2O_CLIENT_CONNECT' });
    await expect(client.call('m', 'none', { qos: 0 })).rejects.toMatchObject({
      code: 'N2O_CLIENT_CONNECT',
    });
    await connected;
    const call = client.call('m', 'next');
    release();
    expect(await call).toBe('next');
  });

  test('a call that was acknowledged but not answered is sent again to N2O’s broker', async () => {
    let times = 0;
    const answer = (text: string) => (text === 'slow' && ++times === 1 ? undefined : text);
    const server = await serve({ answer });
    const client = await dial(server);
    const slow = client.call('m', 'slow');
    // QoS 1 is acknowledged in order: this one is acknowledged behind the other.
    await client.call('other', 'x');
    server.drop();
    expect(await slow).toBe('slow');
    expect(server.seen.map(({ text, dup }) => ({ text, dup }))).toEqual([
      { text: 'slow', dup: false },
      { text: 'x', dup: false },
      { text: 'slow', dup: true },
    ]);
    expect(server.seen[2]?.id).toBe(server.seen[0]?.id);
  });

  test('subscriptions hold', async () => {
    const server = await serve();
    const client = await dial(server);
    await client.subscribe('news/#');
    const connected = next(client, 'connect');
    server.drop();
    await connected;
    const message = new Promise((resolve) => client.on('message', resolve));
    await client.publish('news/today', 'rain', { qos: 2 });
    expect(await message).toMatchObject({ topic: 'news/today', payload: Buffer.from('rain') });
  });

  test('a broker that stays away is tried again and again, and told of', async () => {
    const server = await startServer();
    const client = await dial(server);
    const failed = new Promise<N2OError>((resolve) => {
      let count = 0;
      client.on('error', (error) => {
        if (++count === 3) resolve(error);
      });
    });
    await server.close();
    expect(await failed).toMatchObject({ code: 'N2O_CLIENT_CONNECT' });
    expect(client.connected).toBe(false);
  });
});

describe('when the connection to another broker breaks', () => {
  test('a call whose reply may be lost with it is rejected, and the next one gets its own', async () => {
    const server = await serve({ answer: (text) => (text === 'slow' ? undefined : text) });
    const client = await dial(server, { vnodes: 4 });
    const slow = client.call('m', 'slow');
    await client.send('other', 'x');
    server.drop();
    await expect(slow).rejects.toMatchObject({ code: 'N2O_CLIENT_CONNECT' });
    expect(await client.call('m', 'next')).toBe('next');
  });

  test('requests and what is only sent are repeated, calls are not: they might be answered twice', async () => {
    let broken = true;
    const server = await serve({ accept: () => !broken });
    const client = await dial(server, { vnodes: 4 });
    const call = client.call('m', 'called');
    const ends = Promise.all([client.rpc('m').echo?.([1]), client.send('m', 'sent')]);
    await server.arrived(3);
    broken = false;
    server.drop();
    await expect(call).rejects.toMatchObject({ code: 'N2O_CLIENT_CONNECT' });
    expect(await ends).toEqual([[1], undefined]);
    const again = server.seen.slice(3).map(({ text, dup }) => [text.slice(0, 10), dup]);
    expect(again).toEqual([
      ['{"jsonrpc"', true],
      ['sent', true],
    ]);
  });
});

describe('a session that is kept', () => {
  test('brings the reply that came while the connection was broken', async () => {
    let release: () => void = () => {};
    const later = new Promise<string>((resolve) => {
      release = () => resolve('later');
    });
    const server = await serve({ answer: (text) => (text === 'slow' ? later : text) });
    const client = await dial(server, { vnodes: 4, clean: false, id: 'dev1' });
    const slow = client.call('m', 'slow');
    await client.send('other', 'x');
    const disconnected = next(client, 'disconnect');
    server.drop();
    await disconnected;
    release();
    expect(await slow).toBe('later');
  });

  test('does not bring a reply of the last life of the client to a call of this one', async () => {
    const server = await serve({ answer: (text) => (text === 'old' ? undefined : text) });
    const options = { vnodes: 4, clean: false, id: 'dev1' };
    const first = await dial(server, options);
    void first.call('m', 'old').catch(() => {});
    await server.arrived(1);
    await first.close();
    await server.act('m', 'dev1', 'reply to the old one');
    const second = await dial(server, options);
    expect(await second.call('m', 'new')).toBe('new');
  });
});

describe('close', () => {
  test('rejects what waits, and what comes after', async () => {
    const server = await serve({ accept: () => false });
    const client = await dial(server);
    const ends = Promise.allSettled([
      client.call('m', 1),
      client.rpc('m').echo?.(1),
      client.send('m', 1),
      client.publish('events/1//m/x', 'x'),
    ]);
    await client.close();
    const closed = { code: 'N2O_CLIENT_CLOSED' };
    for (const end of await ends) expect(end).toMatchObject({ reason: closed });
    await expect(client.call('m', 1)).rejects.toMatchObject(closed);
    await expect(client.send('m', 1)).rejects.toMatchObject(closed);
    await expect(client.publish('a', 'x')).rejects.toMatchObject(closed);
    await expect(client.subscribe('a')).rejects.toMatchObject(closed);
  });

  test('says good-bye, so that the will is not published', async () => {
    const server = await serve();
    const watcher = await dial(server);
    const heard: string[] = [];
    watcher.on('message', ({ topic }) => heard.push(topic));
    await watcher.subscribe(['wills/#', 'end']);
    const will = { payload: new Uint8Array(), qos: 1, retain: false } as const;
    const polite = await dial(server, { will: { topic: 'wills/polite', ...will } });
    await dial(server, { will: { topic: 'wills/rude', ...will }, id: 'rude' });
    await polite.close();
    const rude = new Promise<void>((resolve) => watcher.on('message', () => resolve()));
    server.drop('rude');
    await rude;
    expect(heard).toEqual(['wills/rude']);
  });

  test('is idempotent, and what `await using` does', async () => {
    const server = await serve();
    let kept: Client | undefined;
    {
      await using client = await connect(server.url);
      kept = client;
    }
    await expect(kept.call('m', 1)).rejects.toMatchObject({ code: 'N2O_CLIENT_CLOSED' });
    await Promise.all([kept.close(), kept.close()]);
  });

  test('ends the wait for the next attempt', async () => {
    const server = await startServer();
    const client = await connect(server.url, { backoff: { min: 3_600_000, max: 3_600_000 } });
    const disconnected = next(client, 'disconnect');
    await server.close();
    await disconnected;
    await client.close();
  });
});
