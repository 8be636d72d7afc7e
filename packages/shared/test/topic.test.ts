import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutToken } from '../src/token.ts';
import {
  actionsTopic,
  eventsTopic,
  httpTopic,
  isEvents,
  isReserved,
  isTopicFilter,
  isTopicName,
  levelCount,
  matches,
  parseActions,
  parseEvents,
  parseHttp,
  parseTell,
  tellTopic,
  vnodeFilters,
} from '../src/topic.ts';

const level = fc.string({ minLength: 1 }).filter((text) => !/[/+#\0]/.test(text));

describe('events topics', () => {
  it('have five levels', () => {
    expect(parseEvents('events/1//thermostat/dev1')).toEqual({
      version: '1',
      node: '',
      module: 'thermostat',
      client: 'dev1',
    });
  });

  it('are shown to others without a token', () => {
    expect(withoutToken('events/1/2/index/anna/dev1/token')).toBe('events/1/2/index/anna/dev1/');
    for (const topic of [
      'events/1/2/index/anna/dev1/',
      'events/1//chat/dev1',
      'tell/a/b/c/d/e/f',
    ]) {
      expect(withoutToken(topic)).toBe(topic);
    }
  });

  it('have seven levels in the form of N2O 6', () => {
    expect(parseEvents('events/1/2/index/anna/dev1/token')).toEqual({
      version: '1',
      node: '2',
      module: 'index',
      user: 'anna',
      client: 'dev1',
      token: 'token',
    });
  });

  it("may be those of today's mq.js, from the client that they name", () => {
    const topic = '/events/34239034/chat/chat/1/3/emqttd_abc';
    const read = { version: '1', node: '3', module: 'chat', client: 'emqttd_abc' };
    expect(parseEvents(topic)).toEqual(read);
    expect(isEvents(topic, 'emqttd_abc')).toBe(true);
    expect(isEvents(topic, 'other')).toBe(false);
    expect(isEvents('events/1//chat/emqttd_abc', 'other')).toBe(true);
  });

  it.each([
    '',
    'events',
    'events/1/2/m',
    'events/1/2/m/u/c',
    'events/1/2/m/u/c/t/x',
    'events//2/m/c',
    'actions/1/m/c/d',
    '/events/1/2/m/c',
    '/events/o/s/m/1/2/c/d',
    '/events/o/s//1/2/c',
    '/events/o/s/m/1/2/',
    '/other/o/s/m/1/2/c',
    'Events/1/2/m/c',
  ])('are not %j', (topic) => {
    expect(parseEvents(topic)).toBeUndefined();
  });

  it('are printed as they are read', () => {
    fc.assert(
      fc.property(level, level, level, level, (version, node, module, client) => {
        expect(parseEvents(eventsTopic(version, node, module, client))).toEqual({
          version,
          node,
          module,
          client,
        });
      }),
    );
  });

  it('take any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseEvents(text);
        parseActions(text);
      }),
    );
  });

  it('keep inherited names apart from levels', () => {
    expect(parseEvents('events/__proto__/constructor/__proto__/toString')).toEqual({
      version: '__proto__',
      node: 'constructor',
      module: '__proto__',
      client: 'toString',
    });
  });
});

describe('actions topics', () => {
  it('are printed as they are read, whatever the client id', () => {
    fc.assert(
      fc.property(level, level, fc.string({ minLength: 1 }), (version, module, client) => {
        expect(parseActions(actionsTopic(version, module, client))).toEqual({
          version,
          module,
          client,
        });
      }),
    );
  });
});

describe('topic names and filters', () => {
  it.each(['a', '/', 'a/b', ' ', '$SYS/x', 'a//b'])('%j is a topic name', (topic) => {
    expect(isTopicName(topic)).toBe(true);
  });

  it.each(['', 'a/+', '#', 'a#', 'a\0b'])('[MQTT-3.3.2-2] [MQTT-4.7.3-1] %j is not', (topic) => {
    expect(isTopicName(topic)).toBe(false);
  });

  it.each(['#', '+', 'a/#', '/+', '+/+/#', 'a/+/b', '/', '/finance'])(
    '%j is a filter',
    (filter) => {
      expect(isTopicFilter(filter)).toBe(true);
    },
  );

  it.each(['', 'a#', 'a/#/b', 'a+', '+a/b', '#/a', 'a/b+/c', 'a\0'])(
    '[MQTT-4.7.1-2] [MQTT-4.7.1-3] %j is not',
    (filter) => {
      expect(isTopicFilter(filter)).toBe(false);
    },
  );

  it.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
    ['sport/#', 'sport', true],
    ['#', 'a/b/c', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/monitor/Clients', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS/monitor/Clients', true],
    ['ACCOUNTS', 'Accounts', false],
  ] as const)('the filter %j against %j: %j', (filter, topic, expected) => {
    expect(matches(filter, topic)).toBe(expected);
  });

  it('counts levels', () => {
    expect(['a', '', 'a/b', '/', 'a//b'].map(levelCount)).toEqual([1, 1, 2, 2, 3]);
  });
});

describe('what is said to the module of a client', () => {
  const told = { version: '1', node: '7', module: 'chat', client: 'dev1' };

  it('has topics that only servers and their hosts speak on', () => {
    expect(tellTopic('1', 7, 'chat', 'dev1')).toBe('n2o/tell/1/7/chat/dev1');
    expect(parseTell('n2o/tell/1/7/chat/dev1')).toEqual(told);
    expect(parseTell(httpTopic('1', 7, 'chat', 'dev1'))).toBeUndefined();
    expect(parseHttp(httpTopic('1', 7, 'chat', 'dev1'))).toEqual(told);
    expect(parseHttp(tellTopic('1', 7, 'chat', 'dev1'))).toBeUndefined();
    expect([tellTopic('1', 7, 'a', 'b'), httpTopic('1', 7, 'a', 'b')].every(isReserved)).toBe(true);
  });

  it.each([
    'n2o/tell/1/7/chat',
    'n2o/tell/1/7/chat/',
    'n2o/tell/1/7//dev1',
    'n2o/tell//7/chat/dev1',
    'n2o/tell/1/7/chat/dev1/more',
    'n2o/tells/1/7/chat/dev1',
    'events/1/7/chat/dev1',
  ])('%s is none of them', (topic) => {
    expect(parseTell(topic)).toBeUndefined();
  });

  it('is selected by the filters of its vnode', () => {
    const filters = vnodeFilters(7);
    const selects = (topic: string) => filters.some((filter) => matches(filter, topic));
    expect(selects(eventsTopic('1', '7', 'chat', 'dev1'))).toBe(true);
    expect(selects(tellTopic('1', 7, 'chat', 'dev1'))).toBe(true);
    expect(selects(httpTopic('1', 7, 'chat', 'dev1'))).toBe(true);
    expect(selects(tellTopic('1', 8, 'chat', 'dev1'))).toBe(false);
  });
});
