/** The client library against our own broker, over a line that breaks. */
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { type Client, connect } from '@n2o/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serve } from './command.ts';

const MODULES = {
  // The effect counts how often it was had; every third event waits for the disk.
  'count.js': `
    import { readFile } from 'node:fs/promises';
    const seen = new Map();
    export default {
      async event({ n, who }) {
        if (n % 3 === 0) await readFile(import.meta.filename);
        const key = who + n;
        seen.set(key, (seen.get(key) ?? 0) + 1);
        return { n, times: seen.get(key) };
      },
      methods: { add: ([a, b]) => a + b },
    };`,
  'quiet.js': `export default { event: (message) => (message.hush ? undefined : message) };`,
};

let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve(MODULES);
});
afterAll(() => server.close());

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A way to the server that can be cut. */
async function line() {
  const { hostname, port } = new URL(server.url);
  const sockets = new Set<Socket>();
  const proxy = createServer({ noDelay: true }, (near) => {
    const far = dial({ host: hostname, port: Number(port), noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  open.push({
    close: async () => {
      proxy.close();
      cut();
    },
  });
  return { url: `mqtt://127.0.0.1:${(proxy.address() as AddressInfo).port}`, cut };
}

async function client(url: string, options: Parameters<typeof connect>[1] = {}): Promise<Client> {
  const connected = await connect(url, { backoff: { min: 1, max: 10 }, ...options });
  open.push(connected);
  return connected;
}

describe.each([
  { clean: true, qos: 1 },
  { clean: false, qos: 1 },
  { clean: true, qos: 2 },
  { clean: false, qos: 2 },
] as const)('with clean: $clean and QoS $qos', (options) => {
  test('every call gets its own reply, though the line breaks all the time', async () => {
    const { url, cut } = await line();
    const who = `who-${options.clean}-${options.qos}`;
    const one = await client(url, { ...options, id: who, timeout: 15_000 });
    const order: number[] = [];
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 300; n++) {
      const call = one.call('count', { n, who }).then((reply) => {
        order.push((reply as { n: number }).n);
        return reply;
      });
      calls.push(call);
      // Replies come while others are sent, and the line is cut in the midst of them.
      if (n % 10 === 9) await calls[n - 9];
      if (n % 25 === 24) cut();
    }
    const replies = (await Promise.all(calls)) as { n: number; times: number }[];
    expect(replies.map(({ n }) => n)).toEqual(replies.map((_, n) => n));
    expect(order).toEqual(replies.map((_, n) => n));
    // A reply that is remembered is not made twice.
    expect(replies.filter(({ times }) => times !== 1)).toEqual([]);
  });
});

test('RPC, silence and messages that are only sent keep out of each other’s way', async () => {
  const { url, cut } = await line();
  const one = await client(url);
  const rpc = one.rpc('count');
  const ends: Promise<unknown>[] = [];
  for (let n = 0; n < 12; n++) {
    ends.push(one.send('quiet', { hush: true }), one.send('quiet', { answered: n }));
    ends.push(one.call('quiet', { n }).then((reply) => expect(reply).toEqual({ n })));
    ends.push(
      (rpc.add as (params: unknown) => Promise<unknown>)([n, 1]).then((sum) =>
        expect(sum).toBe(n + 1),
      ),
    );
    if (n % 4 === 3) cut();
  }
  await Promise.all(ends);
});

test('a call of a silent handler times out and leaves no trace', async () => {
  const one = await client(server.url);
  const silent = one.call('quiet', { hush: true }, { timeout: 50 });
  await expect(silent).rejects.toMatchObject({ code: 'N2O_CLIENT_TIMEOUT' });
  expect(await one.call('quiet', { n: 1 })).toEqual({ n: 1 });
});
