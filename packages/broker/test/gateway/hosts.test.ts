import { createBert, ERRORS, ErrorFrame, readRequest, writeResponse } from '@n2o/shared';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { connect, puback, publish, subscribe } from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { createBroker } from '../../src/index.ts';
import { ask } from './ask.ts';
import { Page } from './page.ts';

const bert = createBert();

/** A broker without workers, with one vnode, and the host of that. */
async function start(hostPatience = 30_000) {
  const broker = await createBroker({
    host: '127.0.0.1',
    mqttPort: 0,
    httpPort: 0,
    vnodes: 1,
    hostPatience,
    log: SILENT,
  });
  onTestFinished(() => broker.close(0));
  const host = async () => {
    const peer = await Peer.dial(broker.addresses.mqtt ?? '');
    peer.say(connect('n2o-vnode-1', { clean: false }), subscribe(1, ['events/+/1/#', 1]));
    expect(await peer.take(2)).toEqual(['CONNACK 0', 'SUBACK 1 [1]']);
    return peer;
  };
  return { http: broker.addresses.http ?? '', host };
}

/** The next event of a host. */
async function eventOf(host: Peer) {
  const packet = await host.nextPacket();
  if (packet.cmd !== 'publish') throw new Error(`got ${packet.cmd}`);
  const [, , , , module = '', client = ''] = packet.topic.replace(/^events/, 'n2o/x').split('/');
  return { topic: packet.topic, actions: `actions/1/${module}/${client}`, packet };
}

describe('a host elsewhere', () => {
  it('answers requests of HTTP', async () => {
    const { http, host } = await start();
    const owner = await host();
    const page = ask(http, '/app/chat?a=1');
    const { topic, actions, packet } = await eventOf(owner);
    expect(topic).toMatch(/^n2o\/http\/1\/1\/chat\/http-[\w-]+$/);
    expect(readRequest(bert.decode(packet.payload as Buffer))).toMatchObject({ query: 'a=1' });
    const answer = { status: 200, headers: new Map(), body: Buffer.from('from afar') };
    owner.say(
      publish(actions, bert.encode(writeResponse(answer)), { qos: 1, id: 1 }),
      puback(packet.messageId ?? 0),
    );
    expect(await page).toMatchObject({ status: 200, text: 'from afar' });
  });

  it('answers pages over WebSocket, and speaks to them', async () => {
    const { http, host } = await start();
    const owner = await host();
    const page = await Page.open(http, '/ws/chat', {
      headers: { cookie: 'X-Auth-Token=abc' },
    });
    page.say('PING');
    const packet = await owner.nextPacket();
    if (packet.cmd !== 'publish') throw new Error(`got ${packet.cmd}`);
    const [, client] = /^events\/1\/1\/chat\/\/(ws-[\w-]{22})\/abc$/.exec(packet.topic) ?? [];
    const actions = `actions/1/chat/${client}`;
    owner.say(publish(actions, 'PONG', { qos: 1, id: 1 }), puback(packet.messageId ?? 0));
    expect(await page.next()).toBe('text PONG');
    owner.say(publish(actions, 'news', { qos: 1, id: 2 }));
    expect(await page.next()).toBe('text news');
  });

  it('may have no answer', async () => {
    const { http, host } = await start();
    const owner = await host();
    const page = ask(http, '/app/none');
    const { actions, packet } = await eventOf(owner);
    const frame = new ErrorFrame('N2O_MODULE_UNKNOWN', ERRORS.N2O_MODULE_UNKNOWN);
    owner.say(publish(actions, bert.encode(frame), { qos: 1, id: 1 }));
    owner.say(puback(packet.messageId ?? 0));
    expect((await page).status).toBe(404);
  });

  it('is waited for, but not for ever', async () => {
    const { http } = await start(1);
    const { status, headers, text } = await ask(http, '/app/chat');
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(text).code).toBe('N2O_HOST_UNAVAILABLE');
  });
});
