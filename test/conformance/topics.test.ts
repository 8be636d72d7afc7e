import { describe, expect, it } from 'vitest';
import { publish, subscribe, unsubscribe } from '../support/packets.ts';
import { stages } from './stage.ts';
import { heard, listen, pair, retained, tell } from './talk.ts';

/** Filter, topic, and whether the one selects the other: the examples of 4.7, and what lies between them. */
const MATCHES: readonly (readonly [string, string, boolean])[] = [
  ['sport/tennis/player1/#', 'sport/tennis/player1', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
  ['sport/#', 'sport', true],
  ['sport/#', 'sports', false],
  ['sport/#', 'sport/', true],
  ['#', 'any/topic', true],
  ['#', '/', true],
  ['sport/tennis/+', 'sport/tennis/player1', true],
  ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
  ['sport/+', 'sport', false],
  ['sport/+', 'sport/', true],
  ['+/+', '/finance', true],
  ['/+', '/finance', true],
  ['+', '/finance', false],
  ['+/tennis/#', 'sport/tennis', true],
  ['+/tennis/#', 'sport/tennis/a/b', true],
  ['sport/+/player1', 'sport//player1', true],
  ['a//b', 'a//b', true],
  ['a/b', 'a//b', false],
  ['/', '/', true],
  ['a/', 'a', false],
  ['+/+/+', '//', true],
  ['ACCOUNTS', 'Accounts', false],
  ['Accounts payable', 'Accounts payable', true],
  ['é', 'e\u0301', false],
  ['\uFEFFa', 'a', false],
  ['日本/+', '日本/東京', true],
  ['😀', '😀', true],
  ['__proto__/+', '__proto__/constructor', true],
  ['a/$b', 'a/$b', true],
  ['a/+', 'a/$b', true],
];

describe.each(stages())('4.7 topic names and filters, on $name', ({ start }) => {
  it.each(MATCHES)(
    '[MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT-4.7.3-4] "%s" and "%s": %s',
    async (filter, topic, matching) => {
      const stage = await start();
      const { listener, speaker } = await pair(stage, [filter, 0]);
      await tell(speaker, [topic, 'live', { retain: true }]);
      expect(await heard(listener, speaker)).toEqual(matching ? [`PUBLISH ${topic} live`] : []);
      expect(await retained(stage, speaker, filter)).toEqual(
        matching ? [`PUBLISH ${topic} live retained`] : [],
      );
    },
  );

  it.each(['#', '+/#', '+', '+/monitor/#', '+/+', '+/monitor/clients'])(
    '[MQTT-4.7.2-1] %s does not select topics that begin with $',
    async (filter) => {
      const stage = await start();
      const { listener, speaker } = await pair(stage, [filter, 0]);
      // Whoever connects and leaves may be news in topics of the broker's own.
      await (await stage.join('somebody')).drop();
      speaker.say(publish('$odd/monitor/clients', 'x', { retain: true }), publish('$odd', 'x'));
      const lines = await heard(listener, speaker);
      lines.push(...(await retained(stage, speaker, filter)));
      expect(lines.filter((line) => line.startsWith('PUBLISH $'))).toEqual([]);
    },
  );

  it.each<[string, string]>([
    ['[MQTT-4.7.1-2] # behind a letter', 'sport/tennis#'],
    ['[MQTT-4.7.1-2] # before the end', 'sport/tennis/#/ranking'],
    ['[MQTT-4.7.1-2] # first and not last', '#/a'],
    ['[MQTT-4.7.1-2] ## at the end', 'a/##'],
    ['[MQTT-4.7.1-3] + behind a letter', 'sport+'],
    ['[MQTT-4.7.1-3] + before a letter', 'a/+b'],
    ['[MQTT-4.7.1-3] ++', '++/a'],
    ['[MQTT-4.7.3-1] nothing', ''],
  ])('%s is no filter: SUBSCRIBE and UNSUBSCRIBE close the connection', async (_, filter) => {
    const { join } = await start();
    for (const said of [
      subscribe(1, [filter, 0]),
      subscribe(1, ['good', 0], [filter, 0]),
      unsubscribe(1, filter),
    ]) {
      const peer = await join('a');
      peer.say(said);
      expect(await peer.last()).toEqual([]);
    }
  });

  it('[MQTT-4.7.3-1] an empty topic name closes the connection', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(publish('', 'x'));
    expect(await peer.last()).toEqual([]);
  });

  it('[MQTT-4.7.1-1] wildcards stand for themselves nowhere: a filter of the same name is not needed', async () => {
    const { listener, speaker } = await pair(await start(), ['a/+', 1], ['b/#', 2]);
    await tell(speaker, ['a/1', '1', { qos: 2 }], ['b', '2', { qos: 2 }], ['b/c/d', '3']);
    expect(await heard(listener, speaker)).toEqual([
      'PUBLISH a/1 1 q1',
      'PUBLISH b 2 q2',
      'PUBLISH b/c/d 3',
    ]);
  });

  it('4.7.3 topics and filters that are as long as they may be', async () => {
    const stage = await start({ limits: { topicLength: 0xffff, topicLevels: 0x10000 } });
    const { listener, speaker } = await pair(stage);
    const topic = 'x'.repeat(0xffff);
    await listen(listener, [topic, 1]);
    await tell(speaker, [topic, 'y', { qos: 1 }]);
    expect(await listener.nextPacket()).toMatchObject({ cmd: 'publish', topic });
  });
});
