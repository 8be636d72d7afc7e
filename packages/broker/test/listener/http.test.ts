import { describe, expect, it } from 'vitest';
import { echo } from '../../../../test/support/link.ts';
import { connect, publish, subscribe } from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

async function get(address: string, path: string, method = 'GET') {
  const response = await fetch(`http://${address}${path}`, { method });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

/** Prometheus' text format: name → value; every line must be one of its three kinds. */
function parse(text: string): Map<string, number> {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.trimEnd().split('\n')) {
    const [, name, type] = /^# TYPE ([a-z0-9_]+) (counter|gauge)$/.exec(line) ?? [];
    if (name && type) types.set(name, type);
    else if (!/^# HELP [a-z0-9_]+ \S/.test(line)) {
      const [, sample, value] = /^([a-z0-9_]+) (\d+(?:\.\d+)?)$/.exec(line) ?? [];
      expect(sample, line).toBeDefined();
      expect(types.get(sample as string)).toBe(sample?.endsWith('_total') ? 'counter' : 'gauge');
      values.set(sample as string, Number(value));
    }
  }
  return values;
}

describe('the HTTP port', () => {
  it('says that the process lives', async () => {
    const { http } = await start({ notReady: () => 'no worker' });
    expect(await get(http, '/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
  });

  it('says whether events can be taken, and why not', async () => {
    let reason: string | undefined = 'workers are starting';
    const { http } = await start({ notReady: () => reason });
    expect(await get(http, '/readyz')).toMatchObject({
      status: 503,
      body: 'workers are starting\n',
    });
    reason = undefined;
    expect(await get(http, '/readyz')).toMatchObject({ status: 200, body: 'ready\n' });
    expect(await get(http, '/readyz?verbose')).toMatchObject({ status: 200 });
  });

  it('says that it is closing, over a connection that it still has', async () => {
    const { broker, link, http, join } = await start();
    const dev = await join('dev1');
    dev.say(publish('events/1//echo/dev1', 'slow'));
    const slow = await link.next();
    expect(await get(http, '/readyz')).toMatchObject({ status: 200 });
    const closed = broker.close();
    // Either the connection that fetch kept is still served, or there is none to be had any more.
    const late = await get(http, '/readyz').catch(() => undefined);
    if (late) expect(late).toMatchObject({ status: 503, body: 'closing\n' });
    slow.settle('silent');
    await closed;
  });

  it('counts what happened, in the form that Prometheus reads', async () => {
    const metrics = () => [
      { name: 'workerRestarts', help: 'restarts', type: 'counter' as const, value: 3 },
    ];
    const { http, link, join, open } = await start({ metrics });
    link.answer = echo;
    const dev = await join('dev1');
    dev.say(
      subscribe(1, ['room', 0]),
      publish('room', 'hi', { retain: true }),
      publish('events/1//echo/dev1', 'hi'),
    );
    expect(await dev.rest()).toHaveLength(3);
    const refused = await open();
    refused.say(connect('', { clean: false }));
    await refused.closed;
    const response = await get(http, '/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    const values = parse(response.body);
    expect(Object.fromEntries(values)).toMatchObject({
      n2o_connects_total: 1,
      n2o_refused_connects_total: 1,
      n2o_events_total: 1,
      n2o_actions_total: 1,
      n2o_publishes_total: 1,
      n2o_connections: 1,
      n2o_sessions: 1,
      n2o_retained: 1,
      n2o_retained_bytes: 2,
      n2o_pending_events: 0,
      n2o_worker_restarts_total: 3,
    });
  });

  it('answers HEAD as GET, without a body', async () => {
    const { http } = await start();
    expect(await get(http, '/healthz', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'refuses %s, and says what is allowed',
    async (method) => {
      const { http } = await start();
      const { status, headers } = await get(http, '/healthz', method);
      expect(status).toBe(405);
      expect(headers.get('allow')).toBe('GET, HEAD');
    },
  );

  it.each(['/healthz/', '/nothing', '/../etc/passwd', '/__proto__'])(
    'has nothing at %s',
    async (path) => {
      const { http } = await start();
      expect((await get(http, path)).status).toBe(404);
    },
  );
});
