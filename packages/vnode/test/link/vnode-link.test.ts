import { describe, expect, it } from 'vitest';
import { echo, textOf } from '../../../../test/support/link.ts';
import { puback, publish } from '../../../../test/support/packets.ts';
import type { Peer } from '../../../../test/support/peer.ts';
import { startVnode } from './scripted.ts';

const TOPIC = 'events/1/3/echo/dev1';

function event(id: number, text: string, more: { dup?: boolean; topic?: string } = {}): Buffer {
  const { topic = TOPIC, dup = false } = more;
  return publish(topic, text, { qos: 1, id, dup });
}

/** Nothing has come when the acknowledgement of something worthless is the next to come. */
async function isSilent(broker: Peer): Promise<void> {
  broker.say(event(60_000, '', { topic: 'events/1/3/worthless' }));
  expect(await broker.next()).toBe('PUBACK 60000');
}

describe('an event', () => {
  it('is acknowledged behind its action, when it is settled and not before', async () => {
    const { link, accept } = await startVnode();
    const broker = await accept();
    broker.say(event(7, 'one'), event(8, 'two', { topic: 'events/1/3/echo/dev2' }));
    const [one, two] = await link.take(2);
    await isSilent(broker);
    two?.settle('reply', Buffer.from('TWO'));
    one?.settle('reply', Buffer.from('ONE'));
    expect(await broker.take(4)).toEqual([
      'PUBLISH actions/1/echo/dev2 TWO q1 #2',
      'PUBACK 8',
      'PUBLISH actions/1/echo/dev1 ONE q1 #3',
      'PUBACK 7',
    ]);
  });

  it.each(['silent', 'unknown'] as const)('that ends %s is only acknowledged', async (outcome) => {
    const { link, accept } = await startVnode();
    const broker = await accept();
    broker.say(event(7, 'one'));
    (await link.next()).settle(outcome);
    expect(await broker.next()).toBe('PUBACK 7');
  });

  it('that nobody could handle is published as a dead letter, and its client told', async () => {
    const { link, accept } = await startVnode();
    const broker = await accept();
    broker.say(event(7, 'poison'));
    (await link.next()).settle('dead', Buffer.from('frame'));
    const { topic, payload } = (await broker.nextPacket()) as { topic?: string; payload?: Buffer };
    expect(topic).toBe('dead/echo/dev1');
    expect(JSON.parse(String(payload))).toMatchObject({
      error: { code: 'N2O_EVENT_DEAD' },
      topic: TOPIC,
      client: 'dev1',
      module: 'echo',
      qos: 1,
      payload: Buffer.from('poison').toString('base64'),
    });
    expect(await broker.take(2)).toEqual(['PUBLISH actions/1/echo/dev1 frame q1 #3', 'PUBACK 7']);
  });

  it.each([
    [
      'the token of a session',
      'events/1/3/echo/ann/dev1/secret',
      'events/1/3/echo/ann/dev1/',
      'poison',
    ],
    ['the cookies of a request', 'n2o/http/1/3/echo/dev1', 'n2o/http/1/3/echo/dev1', ''],
  ])('leaves a dead letter without %s', async (_, said, topic, payload) => {
    const { link, accept } = await startVnode();
    const broker = await accept();
    broker.say(event(7, 'poison', { topic: said }));
    (await link.next()).settle('dead');
    const letter = (await broker.nextPacket()) as { payload?: Buffer };
    const what = { topic, payload: Buffer.from(payload).toString('base64') };
    expect(JSON.parse(String(letter.payload))).toMatchObject(what);
  });

  it('of QoS 0 has an action of QoS 0', async () => {
    const { link, accept } = await startVnode();
    link.answer = echo;
    const broker = await accept();
    broker.say(publish(TOPIC, 'hello'));
    expect(await broker.next()).toBe('PUBLISH actions/1/echo/dev1 hello');
  });

  it('that another host has by now is neither answered nor acknowledged', async () => {
    const { link, accept, counters } = await startVnode();
    const broker = await accept();
    broker.say(event(7, 'one'));
    (await link.next()).settle('lost');
    expect(await broker.last()).toEqual([]);
    expect(counters.linkLostEvents).toBe(1);
  });
});

describe('what is too large for a packet', () => {
  it('is an error for its client, and nothing for the next one', async () => {
    const { link, accept } = await startVnode();
    link.answer = (event) => event.settle('reply', Buffer.alloc(70_000, 'x'));
    const broker = await accept();
    broker.say(event(7, 'a'));
    const lines = await broker.take(2);
    expect(lines[0]).toContain('N2O_PACKET_LIMIT');
    expect(lines[1]).toBe('PUBACK 7');
    link.answer = echo;
    broker.say(event(8, 'b'));
    expect((await broker.take(2))[1]).toBe('PUBACK 8');
  });

  it('leaves a dead letter without it', async () => {
    const { link, accept } = await startVnode({ packetLimit: 100_000 });
    link.answer = (event) => event.settle('dead', Buffer.from('sorry'));
    const broker = await accept();
    broker.say(event(7, 'x'.repeat(60_000)));
    const lines = await broker.take(3);
    expect(lines[0]).toMatch(/^PUBLISH dead\/echo\/dev1 <2\d\d bytes>/);
    expect(lines[2]).toBe('PUBACK 7');
  });
});

describe('a message that is no event', () => {
  it.each(['events/1/3/echo/', 'events/1/3/x'])('is acknowledged: %s', async (topic) => {
    const { link, accept, counters } = await startVnode();
    const broker = await accept();
    broker.say(event(7, 'x', { topic }));
    expect(await broker.next()).toBe('PUBACK 7');
    expect(link.events).toEqual([]);
    expect(counters.linkRefusedEvents).toBe(1);
  });

  it('since it is retained is acknowledged', async () => {
    const { link, accept } = await startVnode();
    const broker = await accept();
    broker.say(publish(TOPIC, 'x', { qos: 1, id: 7, retain: true }));
    expect(await broker.next()).toBe('PUBACK 7');
    expect(link.events).toEqual([]);
  });

  it('since it is too large is acknowledged, its client told, and the next one handled', async () => {
    const { link, accept } = await startVnode({ packetLimit: 1_000 });
    link.answer = echo;
    const broker = await accept();
    broker.say(event(7, 'x'.repeat(200_000)), event(8, 'y'));
    const lines = await broker.take(4);
    expect(lines[0]).toContain('N2O_PACKET_LIMIT');
    expect(lines.slice(1)).toEqual(['PUBACK 7', 'PUBLISH actions/1/echo/dev1 y q1 #3', 'PUBACK 8']);
  });
});

it('a request of HTTP that is too large is one with too large a body', async () => {
  const { accept } = await startVnode({ packetLimit: 1_000 });
  const broker = await accept();
  broker.say(event(7, 'x'.repeat(200_000), { topic: 'n2o/http/1/3/echo/http-1' }));
  expect((await broker.take(2))[0]).toMatch(/^PUBLISH actions\/1\/echo\/http-1 .*N2O_HTTP_BODY/);
});

describe('an event that comes again on the next connection', () => {
  it('while it is under way is not run twice, and answered there', async () => {
    const { link, accept, counters } = await startVnode();
    const first = await accept();
    first.say(event(7, 'one'));
    const under = await link.next();
    await first.drop();
    const second = await accept();
    second.say(event(7, 'one', { dup: true }), event(8, 'two'));
    expect(textOf(await link.next())).toBe('two');
    under.settle('reply', Buffer.from('ONE'));
    expect(await second.take(2)).toEqual(['PUBLISH actions/1/echo/dev1 ONE q1 #2', 'PUBACK 7']);
    expect(link.events).toHaveLength(2);
    expect(counters.linkRejoinedEvents).toBe(1);
  });

  it('and was settled meanwhile gets its reply and is not run twice', async () => {
    const { link, accept, counters } = await startVnode();
    const first = await accept();
    first.say(event(7, 'one'));
    const under = await link.next();
    await first.drop();
    under.settle('reply', Buffer.from('ONE'));
    const second = await accept();
    second.say(event(7, 'one', { dup: true }));
    expect(await second.take(2)).toEqual(['PUBLISH actions/1/echo/dev1 ONE q1 #2', 'PUBACK 7']);
    expect(link.events).toHaveLength(1);
    expect(counters.linkRepeatedEvents).toBe(1);
  });

  it('since its acknowledgement was lost gets its reply again and is not run twice', async () => {
    const { link, accept } = await startVnode();
    link.answer = echo;
    const first = await accept();
    first.say(event(7, 'one'));
    expect(await first.take(2)).toEqual(['PUBLISH actions/1/echo/dev1 one q1 #2', 'PUBACK 7']);
    await first.drop();
    const second = await accept();
    second.say(event(7, 'one', { dup: true }));
    expect(await second.take(2)).toEqual(['PUBLISH actions/1/echo/dev1 one q1 #2', 'PUBACK 7']);
    expect(link.events).toHaveLength(1);
  });

  it('is run when it is another one under the same identifier', async () => {
    const { link, accept } = await startVnode();
    link.answer = echo;
    const first = await accept();
    first.say(event(7, 'one'));
    await first.take(2);
    await first.drop();
    const second = await accept();
    second.say(event(7, 'two', { dup: true }));
    expect(await second.take(2)).toEqual(['PUBLISH actions/1/echo/dev1 two q1 #2', 'PUBACK 7']);
  });

  it('is run when the broker has taken over what came after its acknowledgement', async () => {
    const { link, accept } = await startVnode();
    link.answer = echo;
    const first = await accept();
    first.say(event(7, 'one'), event(8, 'two'));
    await first.take(4);
    // The second action: the broker has read the PUBACK of the first event, which came before it.
    first.say(puback(2), puback(3));
    await isSilent(first);
    await first.drop();
    const second = await accept();
    second.say(event(7, 'one', { dup: true }));
    await second.take(2);
    expect(link.events.map(textOf)).toEqual(['one', 'two', 'one']);
  });
});

describe('when the broker has forgotten the session', () => {
  it('what is under way is answered, but not acknowledged', async () => {
    const { link, accept } = await startVnode();
    const first = await accept();
    first.say(event(7, 'one'));
    const under = await link.next();
    await first.drop();
    const second = await accept(false);
    under.settle('reply', Buffer.from('ONE'));
    expect(await second.next()).toBe('PUBLISH actions/1/echo/dev1 ONE q1 #2');
    await isSilent(second);
  });
});

describe('a vnode whose window is full', () => {
  it('is not read from, until there is room again', async () => {
    const { link, tenure, accept, counters } = await startVnode({ limits: { window: 4 } });
    const broker = await accept();
    broker.acknowledges = true;
    broker.say(...[1, 2, 3, 4, 5, 6].map((id) => event(id, `${id}`)));
    const events = await link.take(4);
    expect(tenure.link.load.count).toBe(4);
    expect(counters.linkStops).toBe(1);
    events[0]?.settle('silent');
    expect(textOf(await link.next())).toBe('5');
    expect(tenure.link.load.count).toBe(4);
  });

  it('is read from though the broker does not read, lest each waits for the other', async () => {
    const { link, accept } = await startVnode({ limits: { outputBytes: 1_000 } });
    link.answer = (event) => event.settle('reply', Buffer.alloc(1_000_000));
    const broker = await accept();
    broker.ignore();
    for (let id = 1; id <= 30; id++) broker.say(event(id, 'x'));
    expect(await link.take(30)).toHaveLength(30);
  });
});

describe('a vnode that is given away', () => {
  it('ends what it has, says so, and takes nothing more', async () => {
    const { link, tenure, accept } = await startVnode();
    const broker = await accept();
    broker.say(event(1, 'one'), event(2, 'two'));
    const [one, two] = await link.take(2);
    const left = tenure.leave();
    broker.say(event(3, 'three'));
    one?.settle('silent');
    two?.settle('reply', Buffer.from('TWO'));
    expect(await broker.take(4)).toEqual([
      'PUBACK 1',
      'PUBLISH actions/1/echo/dev1 TWO q1 #2',
      'PUBACK 2',
      'DISCONNECT',
    ]);
    await broker.drop();
    await left;
    expect(link.events).toHaveLength(2);
  });
});

describe('a vnode that another host has taken', () => {
  it('sends nothing for it any more', async () => {
    const { link, tenure, accept, counters } = await startVnode();
    const broker = await accept();
    broker.say(event(1, 'one'));
    const one = await link.next();
    tenure.lose();
    one.settle('reply', Buffer.from('ONE'));
    expect(await broker.last()).toEqual([]);
    expect(counters.linkLostEvents).toBe(1);
  });

  it('does not connect before it is known whose it is', async () => {
    let asked: (() => void) | undefined;
    const question = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { tenure, accept, counters } = await startVnode({
      fresh: () => {
        asked?.();
        return new Promise(() => {});
      },
    });
    const broker = await accept();
    await broker.drop();
    await question;
    tenure.lose();
    expect(counters.linkConnects).toBe(1);
  });
});
