import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { vnodeOf } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { echo, textOf } from '../../../../test/support/link.ts';
import { publish, subscribe } from '../../../../test/support/packets.ts';
import { start } from '../start.ts';
import { Page } from './page.ts';

describe('N2O over WebSocket', () => {
  it('makes each message an event of a client of its own', async () => {
    const { http, link } = await start();
    const [one, other] = [await Page.open(http), await Page.open(http)];
    one.say('N2O,');
    other.say(Buffer.from([131, 106]));
    const { route, payload, qos } = await link.next();
    expect(Buffer.from(payload).toString()).toBe('N2O,');
    expect(route).toMatchObject({
      module: 'chat',
      version: '1',
      user: '',
      token: '',
      origin: undefined,
    });
    expect(route.client).toMatch(/^ws-[\w-]{22}$/);
    expect(route.vnode).toBe(vnodeOf(route.client, 16));
    expect(qos).toBe(0);
    expect((await link.next()).route.client).not.toBe(route.client);
  });

  it('answers text with text, and with binary what is not text', async () => {
    const { http, link } = await start();
    const answers: Record<string, Buffer> = {
      PING: Buffer.from('PONG'),
      '': Buffer.alloc(0),
      'N2O,': Buffer.from([131, 104, 0]),
      текст: Buffer.from('відповідь'),
    };
    link.answer = (event) => event.settle('reply', answers[textOf(event)] ?? event.payload);
    const page = await Page.open(http);
    page.say(
      'PING',
      '',
      'N2O,',
      'текст',
      Buffer.from('PING'),
      Buffer.alloc(0),
      Buffer.of(131, 97, 7),
    );
    expect(await page.take(7)).toEqual([
      'text PONG',
      'text ',
      'binary 836800',
      'text відповідь',
      `binary ${Buffer.from('PONG').toString('hex')}`,
      'binary ',
      'binary 836107',
    ]);
  });

  it('answers what no protocol knows with an empty frame, and nothing where there is nothing to say', async () => {
    const { http, link } = await start();
    const page = await Page.open(http);
    link.answer = (event) => event.settle(textOf(event) === 'silent' ? 'silent' : 'unknown');
    page.say('silent', 'hello');
    expect(await page.next()).toBe('binary ');
    expect(await page.rest()).toEqual([]);
  });

  it('passes on the error frame of an event that is dead, and says when its vnode was lost', async () => {
    const { http, link } = await start();
    const page = await Page.open(http);
    link.answer = (event) => {
      if (textOf(event).includes('lost')) event.settle('lost');
      else event.settle('dead', Buffer.from('{"error":1}'));
    };
    page.say('{"a":1}', '{"lost":1}');
    const [dead, lost] = await page.take(2);
    expect(dead).toBe('text {"error":1}');
    expect(lost).toContain('N2O_HOST_UNAVAILABLE');
  });

  it('keeps the order of events and answers', async () => {
    const { http, link } = await start({ limits: { inflightPerClient: 3 } });
    const page = await Page.open(http);
    const texts = Array.from({ length: 500 }, (_, i) => `${i}`);
    page.say(...texts);
    for (const text of texts) {
      const event = await link.next();
      expect(textOf(event)).toBe(text);
      event.settle('reply', event.payload);
    }
    expect(await page.take(500)).toEqual(texts.map((text) => `text ${text}`));
  });

  it('answers in order where the link answers at once', async () => {
    const { http, link } = await start({ limits: { inflightPerClient: 1 } });
    link.answer = echo;
    const page = await Page.open(http);
    page.say(...Array.from({ length: 100 }, (_, i) => `${i}`));
    expect(await page.take(100)).toEqual(Array.from({ length: 100 }, (_, i) => `text ${i}`));
  });

  it('does not read on while the window of the client is full', async () => {
    const { http, link, broker } = await start({ limits: { inflightPerClient: 4 } });
    const page = await Page.open(http);
    page.say(...Array.from({ length: 20 }, (_, i) => `${i}`));
    const first = await link.take(4);
    expect(await new Promise((resolve) => setImmediate(() => resolve(link.events.length)))).toBe(4);
    expect(broker.counters.stops).toBe(1);
    link.answer = echo;
    for (const event of first) echo(event);
    expect(await page.take(20)).toEqual(Array.from({ length: 20 }, (_, i) => `text ${i}`));
  });

  it('does not read on while the window of its vnode is full', async () => {
    const { http, link } = await start({ vnodes: 1, limits: { inflightPerVnode: 2 } });
    const [one, other] = [await Page.open(http), await Page.open(http)];
    one.say('1', '2');
    const held = await link.take(2);
    other.say('3', '4');
    expect(
      await other.rest().then(
        () => link.events.length,
        () => 0,
      ),
    ).toBe(2);
    link.answer = echo;
    for (const event of held) echo(event);
    expect(await other.take(2)).toEqual(['text 3', 'text 4']);
  });

  it.each([
    ['/ws/chat', 'chat'],
    ['/ws/app/chat.htm', 'chat'],
    ['/ws/app/chat.htm?room=1', 'chat'],
    ['/ws/a/b/game', 'game'],
    ['/ws/app/', 'index'],
    ['/ws/', 'index'],
    ['/ws', 'index'],
    ['/ws/%D1%87%D0%B0%D1%82', 'чат'],
  ])('reads the module of %s', async (path, module) => {
    const { http, link } = await start();
    (await Page.open(http, path)).say('hi');
    expect((await link.next()).route.module).toBe(module);
  });

  it.each([
    '/ws/a%2fb',
    '/ws/%00',
    '/ws/chat%0Aid',
    '/ws/%ff',
    '/ws/a+b',
    '/ws/%23',
    `/ws/${'x'.repeat(256)}`,
    '/wss',
    '/x',
  ])('is not at %s', async (path) => {
    const { http } = await start();
    expect(await Page.refused(http, path)).toBe(404);
  });

  it('knows the session token of the cookie, if it can stand in a topic', async () => {
    const { http, link } = await start();
    const open = (cookie: string) => Page.open(http, '/ws/chat', { headers: { cookie } });
    (await open('a=1; X-Auth-Token=abc-123; b=2')).say('1');
    (await open('X-Auth-Token=a/b+#')).say('2');
    (await open('n2o-token=def-456')).say('3');
    (await open('n2o-token=def-456; X-Auth-Token=abc-123')).say('4');
    (await open('not-n2o-token=def-456')).say('5');
    const tokens = (await link.take(5)).map(({ route }) => route.token);
    expect(tokens).toEqual(['abc-123', '', 'def-456', 'def-456', '']);
  });

  it('hears what is published to its actions topic', async () => {
    const { http, link, broker, join } = await start();
    const page = await Page.open(http);
    page.say('hi');
    const { client } = (await link.next()).route;
    const host = await join('n2o-host-a');
    host.say(publish(`actions/1/chat/${client}`, 'pushed', { qos: 1, id: 1 }));
    expect(await page.next()).toBe('text pushed');
    host.say(publish(`actions/1/chat/${client}`, Buffer.of(131, 106)));
    expect(await page.next()).toBe('binary 836a');
    page.say(Buffer.of(1));
    await link.next();
    await broker.bus.publish(`actions/1/chat/${client}`, Buffer.from('again'), {
      qos: 0,
      retain: false,
    });
    expect(await page.next()).toBe(`binary ${Buffer.from('again').toString('hex')}`);
  });

  it('hears what the server tells its module, in order with what it says itself', async () => {
    const { http, link, broker } = await start();
    const page = await Page.open(http);
    page.say('first');
    const first = await link.next();
    const { client } = first.route;
    await broker.bus.tell({ client, module: 'chat', version: '1' }, Buffer.from('told'));
    const told = await link.next();
    expect(told.route).toMatchObject({ client, module: 'chat', origin: 'server' });
    echo(first);
    echo(told);
    expect(await page.take(2)).toEqual(['text first', 'text told']);
  });

  it('lets others watch its actions', async () => {
    const { http, link, join } = await start();
    link.answer = echo;
    const watcher = await join('watcher');
    watcher.say(subscribe(1, ['+/1/chat/+', 0]));
    expect(await watcher.next()).toMatch(/^SUBACK/);
    const page = await Page.open(http);
    page.say('seen');
    expect(await page.next()).toBe('text seen');
    const { client } = (await link.next()).route;
    expect(await watcher.next()).toBe(`PUBLISH actions/1/chat/${client} seen`);
  });

  it('does not let a client of MQTT take its id', async () => {
    const { http, link, join } = await start();
    const page = await Page.open(http);
    page.say('hi');
    const { client } = (await link.next()).route;
    await expect(join(client)).rejects.toThrow('CONNACK 2');
    page.socket.close();
    await page.closed;
  });

  it('ends what is under way without harm when the page leaves', async () => {
    const { http, link, broker } = await start({ limits: { inflightPerClient: 2 } });
    const page = await Page.open(http);
    page.say('1', '2', '3');
    const events = await link.take(2);
    page.socket.terminate();
    await page.closed;
    const bye = await link.next();
    const next = await Page.open(http);
    next.say('next');
    const last = await link.next();
    for (const event of [...events, bye, last]) echo(event);
    expect(await next.next()).toBe('text next');
    expect(link.events.map(textOf)).toEqual(['1', '2', 'BYE', 'next']);
    expect(broker.counters.drops).toBe(0);
  });
});

describe('a page that is gone', () => {
  it.each(['close', 'terminate'] as const)(
    'is missed after %s, behind what it has said',
    async (how) => {
      const { http, link } = await start({ limits: { inflightPerClient: 2 } });
      const page = await Page.open(http);
      page.say('one', 'two');
      const [one, two] = await link.take(2);
      page.socket[how]();
      const bye = await link.next();
      expect([bye.payload.toString(), bye.qos]).toEqual(['BYE', 0]);
      expect(bye.route).toEqual(one?.route);
      expect(link.events.map(textOf)).toEqual(['one', 'two', 'BYE']);
      for (const event of [one, two]) event?.settle('reply', event.payload);
      bye.settle('silent');
    },
  );

  it('is not missed when it has said nothing', async () => {
    const { http, link } = await start();
    const mute = await Page.open(http);
    mute.socket.close();
    await mute.closed;
    const page = await Page.open(http);
    page.say('hi');
    expect(textOf(await link.next())).toBe('hi');
  });

  it('is missed once, when the broker closes, while there is somebody to tell', async () => {
    const { http, link, broker } = await start();
    link.answer = echo;
    const page = await Page.open(http);
    page.say('hi');
    await page.next();
    await broker.close();
    expect(await page.closed).toBe(1001);
    expect(link.events.map(textOf)).toEqual(['hi', 'BYE']);
  });

  it('leaves nothing behind', async () => {
    const { http, link, broker } = await start();
    const page = await Page.open(http);
    page.say('hi');
    echo(await link.next());
    page.socket.close();
    const bye = await link.next();
    bye.settle('dead', Buffer.from('{"error":1}'));
    await page.closed;
    const next = await Page.open(http);
    next.say('next');
    echo(await link.next());
    expect(await next.next()).toBe('text next');
    expect(broker.counters.drops).toBe(0);
  });
});

describe('the bounds of a WebSocket', () => {
  it('closes with 1009 on a message that is too long, before it has arrived', async () => {
    const { http, link } = await start({ web: { maxMessage: 1000 } });
    const page = await Page.open(http);
    page.say(Buffer.alloc(1001));
    expect(await page.closed).toBe(1009);
    expect(link.events).toEqual([]);
  });

  it('closes with 1007 on text that is no UTF-8, and with 1002 on garbage', async () => {
    const { http, link, broker } = await start();
    const bad = await Page.open(http);
    bad.socket.send(Buffer.of(0xff, 0xfe), { binary: false });
    expect(await bad.closed).toBe(1007);
    const garbage = await Page.open(http);
    (garbage.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    );
    expect(await garbage.closed).toBe(1002);
    expect(link.events).toEqual([]);
    expect(broker.counters.protocolErrors).toBe(2);
  });

  it('lets in pages of its own host, and those of the origins that are named', async () => {
    const named = await start({ web: { origins: ['https://shop.example'] } });
    const from = (origin: string) => ({ headers: { origin } });
    await Page.open(named.http, '/ws/chat', from(`http://${named.http}`));
    await Page.open(named.http, '/ws/chat', from('https://shop.example'));
    for (const origin of [
      'https://evil.example',
      'null',
      `http://${named.http}.evil.example`,
      'file://',
    ]) {
      expect(await Page.refused(named.http, '/ws/chat', from(origin))).toBe(403);
      expect(await Page.refused(named.http, '/mqtt', from(origin))).toBe(403);
    }
    const all = await start({ web: { origins: '*' } });
    await Page.open(all.http, '/ws/chat', from('https://any.example'));
  });

  it('refuses with 503 when there are too many', async () => {
    const { http } = await start({ limits: { connections: 2 } });
    await Page.open(http);
    const second = await Page.open(http);
    expect(await Page.refused(http, '/ws/chat')).toBe(503);
    second.socket.close();
    await second.closed;
    await Page.open(http);
  });

  it('closes with 1013 who does not read what it is sent', async () => {
    const { http, link, broker } = await start({ limits: { outputBytes: 512 * 1024 } });
    const page = await Page.open(http);
    page.say('hi');
    const { client } = (await link.next()).route;
    page.socket.pause();
    const action = Buffer.alloc(256 * 1024);
    const to = `actions/1/chat/${client}`;
    // Whatever the buffers of the system take: at some point it is enough.
    for (let i = 0; i < 200; i++) await broker.bus.publish(to, action, { qos: 0, retain: false });
    page.socket.resume();
    expect(await page.closed).toBe(1013);
  });

  it('does not read who asks for more than it reads, and goes on when it does', async () => {
    const { http, link } = await start();
    const page = await Page.open(http);
    const reply = Buffer.alloc(64 * 1024, 'x');
    link.answer = (event) => event.settle('reply', reply);
    page.socket.pause();
    page.say(...Array.from({ length: 2_000 }, (_, i) => Buffer.from(`${i}`.padEnd(2_000))));
    while (link.events.length === 0) await new Promise(setImmediate);
    page.socket.resume();
    expect(await page.take(2_000)).toHaveLength(2_000);
    expect(page.socket.readyState).toBe(page.socket.OPEN);
  });

  it('gives up who does not answer a ping, and nobody else', async () => {
    const { http } = await start({ web: { idle: 100 } });
    const dead = await Page.open(http, '/ws/chat', { autoPong: false });
    const alive = await Page.open(http);
    expect(await dead.closed).toBe(1006);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
  });

  it('survives connections that break in the middle of the upgrade', async () => {
    const { http, link } = await start();
    link.answer = echo;
    const at = http.lastIndexOf(':');
    const socket = dial(Number(http.slice(at + 1)), http.slice(0, at));
    await once(socket, 'connect');
    socket.write(
      'GET /ws/chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n',
    );
    socket.write(
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bm90IHZlcnkgc2VjcmV0IQ==\r\n\r\n',
    );
    socket.resetAndDestroy();
    await once(socket, 'close');
    const page = await Page.open(http);
    page.say('still here');
    expect(await page.next()).toBe('text still here');
  });

  it('says goodbye with 1001 when the broker closes, after what is under way', async () => {
    const { http, link, broker } = await start();
    const page = await Page.open(http);
    page.say('last');
    const event = await link.next();
    const closing = broker.close();
    echo(event);
    expect(await page.next()).toBe('text last');
    expect(await page.closed).toBe(1001);
    await closing;
  });
});
