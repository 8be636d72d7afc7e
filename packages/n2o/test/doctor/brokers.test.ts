/** What the doctor finds in brokers as they are installed. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../command.ts';
import { startAedes } from './aedes.ts';
import { examined } from './examined.ts';
import { startMosquitto } from './mosquitto.ts';

/** A probe of a broker takes its time: it waits for what must not come. */
const LONG = 60_000;

const PROMISES = [
  'messages queue for who is away',
  'the backlog is complete',
  'the backlog is in order',
  'new messages wait behind it',
  'live messages come in order',
  'so do all kinds at once',
  'a take-over closes the first',
  'and hands over what was open',
  'what was open comes again',
  'with DUP and its packet id',
  'packet ids are unique in flight',
  'acknowledgements in any order',
  'session present is true',
  'the granted QoS is kept',
  '$ topics are hidden from wildcards',
  'retained messages',
  'a last will',
  'a reply comes at once',
  'a packet of 1 MiB passes',
  'who does not read harms nobody',
  'the keep-alive is enforced',
];

const not = (verdict: string, verdicts: ReadonlyMap<string, string>) =>
  [...verdicts].filter(([, given]) => given !== verdict).map((row) => row.join(': '));

describe('n2o doctor', () => {
  test(
    'finds all promises kept by Mosquitto as Debian has it, and says what is bounded there',
    async () => {
      const { url } = await startMosquitto();
      const { code, verdicts, stdout } = await examined(url);
      expect([...verdicts.keys()]).toEqual(PROMISES);
      expect(not('kept', verdicts)).toEqual([
        'messages queue for who is away: limited',
        'a reply comes at once: limited',
      ]);
      expect(stdout).toMatch(/1,000 of 5,000 .*dropped silently\n +→ raise max_queued_messages/);
      expect(stdout).toMatch(/→ .*set_tcp_nodelay true \(Mosquitto\)/);
      expect(stdout).toMatch(/\nall 21 promises are kept, 2 of them within a bound\n$/);
      expect(code).toBe(0);
    },
    LONG,
  );

  test(
    'names what a bare Aedes loses, and what comes out of order',
    async () => {
      const { left, url } = await startAedes();
      const { code, verdicts, stdout } = await examined(url);
      expect([...verdicts.keys()]).toEqual(PROMISES);
      expect(Object.fromEntries(verdicts)).toMatchObject({
        'new messages wait behind it': 'broken',
        'so do all kinds at once': 'broken',
        'with DUP and its packet id': 'broken',
        'session present is true': 'broken',
        'the granted QoS is kept': 'broken',
        'who does not read harms nobody': 'broken',
      });
      expect(stdout).toMatch(/new messages overtook queued ones\n +→ no setting mends this/);
      expect(stdout).toMatch(/QoS 2: \d+ acknowledged messages did not come/);
      expect(stdout).toMatch(/\n\d of 21 promises are broken\n$/);
      expect(code).toBe(1);

      // Nothing of it is left in the broker.
      expect(await left()).toEqual({ sessions: 0, retained: [] });
    },
    LONG,
  );

  test(
    'finds all promises kept by the broker of this project',
    async () => {
      const server = await serve({ 'echo.js': 'export const event = (message) => message;' });
      onTestFinished(() => server.close());
      const { code, verdicts } = await examined(server.url);
      expect(not('kept', verdicts)).toEqual([]);
      expect(code).toBe(0);
    },
    LONG,
  );
});
