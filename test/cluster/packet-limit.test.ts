import { createBroker } from '@n2o/broker';
import { type Logger, vnodeOf } from '@n2o/shared';
import { joinCluster, type Member, readEndpoint } from '@n2o/vnode';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SILENT } from '../support/broker.ts';
import { TestLink, textOf } from '../support/link.ts';
import { connect, heardBy, VNODES } from './both-brokers.ts';
import { startMosquitto } from './mosquitto.ts';

const LIMIT = 20_000;

/** Name → starts a broker that takes packets of no more than `LIMIT` bytes, and resolves with its URL. */
const BROKERS = {
  async ours() {
    const options = { host: '127.0.0.1', mqttPort: 0, httpPort: undefined, log: SILENT };
    const limits = { packetSize: LIMIT };
    const broker = await createBroker({ ...options, vnodes: VNODES, limits });
    onTestFinished(() => broker.close(0));
    return `mqtt://${broker.addresses.mqtt}`;
  },
  mosquitto: async () => (await startMosquitto(`max_packet_size ${LIMIT}`)).url,
};

/** A host that would send packets of 1 MiB, and answers each event with as many bytes as it says. */
async function join(url: string): Promise<{ member: Member; said: string[]; link: TestLink }> {
  const link = new TestLink();
  link.answer = (event) => event.settle('reply', Buffer.alloc(Number(textOf(event)), 'x'));
  const said: string[] = [];
  const hear: Logger['warn'] = (_, text = '') => void said.push(text);
  const log: Logger = { ...SILENT, warn: hear, error: hear };
  const member = joinCluster({
    endpoint: readEndpoint(url),
    name: 'a',
    vnodes: VNODES,
    workers: 1,
    host: link,
    log,
  });
  onTestFinished(() => member.close());
  await member.ready;
  return { member, said, link };
}

describe.each(Object.entries(BROKERS))('an answer that is larger than %s takes', (_, start) => {
  it.each([0, 1] as const)(
    'is an error for its client and harms nobody, in QoS %i',
    async (qos) => {
      const url = await start();
      const { member, said } = await join(url);
      const client = await connect(url, { clientId: 'dev1' });
      const heard = heardBy(client);
      await client.subscribeAsync('actions/1/echo/dev1', { qos: 1 });
      const ask = (bytes: number) =>
        client.publishAsync(`events/1/${vnodeOf('dev1', VNODES)}/echo/dev1`, String(bytes), {
          qos,
        });
      await ask(LIMIT + 1);
      await vi.waitFor(() => expect(said.join()).toContain('larger'), 10_000);
      await vi.waitFor(() => expect(member.vnodes).toHaveLength(VNODES), 10_000);
      const { linkBreaks } = member.counters;
      expect(linkBreaks).toBeLessThanOrEqual(1);
      // What would be let through is not kept back.
      await ask(LIMIT - 200);
      await ask(LIMIT + 2);
      await ask(3);
      await vi.waitFor(() => expect(heard.at(-1)).toContain('xxx'), 10_000);
      const answers = heard.map((line) => line.replace(/x+/, ({ length }) => `${length}`));
      const error = expect.stringContaining('N2O_PACKET_LIMIT');
      const first = qos === 0 && linkBreaks > 0 ? [] : [error];
      const [whole, little] = [LIMIT - 200, 3].map(
        (bytes) => `actions/1/echo/dev1 ${bytes} q${qos}`,
      );
      expect(answers).toEqual([...first, whole, error, little]);
      expect(member.counters.linkBreaks).toBe(linkBreaks);
    },
  );

  it('is an error for server code, and no harm to the host', async () => {
    const { member, said } = await join(await start());
    const say = (bytes: number) =>
      member.bus.publish('news', Buffer.alloc(bytes), { qos: 1, retain: false });
    await say(LIMIT).catch(() => {});
    await vi.waitFor(() => expect(said.join()).toContain('larger answers'), 10_000);
    await expect(say(LIMIT)).rejects.toMatchObject({ code: 'N2O_PACKET_LIMIT' });
    await vi.waitFor(() => say(LIMIT - 200), 10_000);
  });
});
