import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  connect,
  DISCONNECT,
  PINGREQ,
  puback,
  publish,
  pubrec,
  pubrel,
  subscribe,
  unsubscribe,
} from '../support/packets.ts';
import { CLIENT } from './clients.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});

afterAll(() => stage.close());

/** Says bytes and nothing more; the broker closes when it has heard them all, or before. */
async function say(bytes: Uint8Array): Promise<void> {
  const peer = await stage.open();
  peer.say(bytes);
  peer.socket.end();
  await peer.closed;
}

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });

/** Packets that are right, of a client that does all there is to do. */
const packets = fc.oneof(
  fc.constantFrom<Uint8Array>(
    PINGREQ,
    DISCONNECT,
    puback(1),
    pubrec(1),
    pubrel(1),
    unsubscribe(2, 'a/+'),
  ),
  fc.constantFrom('a', 'a/+', '#', '+/b', '$SYS/#').map((filter) => subscribe(1, [filter, 1])),
  fc
    .record({
      topic: fc.constantFrom(
        'a',
        'a/b',
        `events/1//echo/${CLIENT}`,
        'events/1//echo/',
        'actions/1/x/y',
      ),
      payload: fc.uint8Array({ maxLength: 20 }),
      qos: fc.constantFrom(0, 1, 2),
      id: fc.integer({ min: 1, max: 5 }),
      retain: fc.boolean(),
    })
    .map(({ topic, payload, ...options }) => publish(topic, payload, options)),
);

it('whatever bytes come on a fresh connection, nobody else is harmed', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, async (said) => {
      await say(said);
      await stage.unharmed();
    }),
    { numRuns: 200 },
  );
});

it('whatever bytes come behind a CONNECT, nobody else is harmed', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, async (said) => {
      await say(Buffer.concat([connect(CLIENT), said]));
      await stage.unharmed();
    }),
    { numRuns: 200 },
  );
});

it('whatever happens to some bytes of a proper conversation, nobody else is harmed', async () => {
  const faults = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 });
  const conversations = fc.array(packets, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(conversations, faults, fc.boolean(), async (conversation, wrong, clean) => {
      const said = Buffer.concat([
        connect(CLIENT, { clean, will: { topic: 'w' } }),
        ...conversation,
      ]);
      for (const [at, byte] of wrong) said[at % said.length] = byte;
      await say(said);
      await stage.unharmed();
    }),
    { numRuns: 300 },
  );
});

it('an event with any payload that is turned away is answered', async () => {
  const peer = await stage.join(CLIENT);
  await fc.assert(
    fc.asyncProperty(bytes, async (payload) => {
      peer.say(publish('events/1//echo/witness', payload));
      const [frame, ...more] = await peer.rest();
      expect(frame).toMatch(/^PUBLISH actions\/1\/echo\/mallory /);
      expect(more).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
