/** A standard MQTT broker with an N2O server on it, small enough to tell it what to do wrong. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { actionsTopic, parseEvents } from '@n2o/shared';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';

/** An event as it arrived. */
export interface Seen {
  readonly topic: string;
  readonly text: string;
  readonly qos: number;
  readonly dup: boolean;
  readonly id: number | undefined;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly aedes: Aedes;
  /** All events, in the order of their arrival. */
  readonly seen: readonly Seen[];
  /** Resolves when so many events have arrived in all. */
  arrived(count: number): Promise<void>;
  /** Publishes to a client as a module does. */
  act(module: string, client: string, payload: string | Uint8Array): Promise<void>;
  /** Breaks all connections, or that of one client. */
  drop(client?: string): void;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly port?: number;
  /** What a module answers: by default the message itself. `undefined` is silence. */
  answer?(text: string, module: string, payload: Uint8Array): Answer | Promise<Answer>;
  /** Whether an event is acknowledged (and handled); others wait for ever. Default: all are. */
  accept?(seen: Seen): boolean;
  /** As N2O's broker does: a client gets its actions without asking. Default true. */
  readonly subscribes?: boolean;
}

type Answer = string | Uint8Array | undefined;

/** Answers JSON-RPC as a module without methods does, and all else with `answer`. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { answer = (text) => text, accept = () => true, subscribes = true } = options;
  const seen: Seen[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  /** By client: its events are answered in their order. */
  const mailboxes = new Map<string, Promise<void>>();
  const connections = new Set<Client>();

  const aedes = await Aedes.createBroker({
    authorizePublish(client, packet, done) {
      const event = parseEvents(packet.topic);
      if (!client || !event) return done(null);
      const { topic, qos, dup } = packet;
      const text = packet.payload.toString();
      const one: Seen = { topic, text, qos, dup, id: (packet as AedesPublishPacket).messageId };
      seen.push(one);
      for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
      if (!accept(one)) return;
      done(null);
      const before = mailboxes.get(client.id) ?? Promise.resolve();
      const payload = Buffer.from(packet.payload);
      mailboxes.set(
        client.id,
        before.then(async () => {
          const reply = rpc(text) ?? (await answer(text, event.module, payload));
          if (reply !== undefined && !aedes.closed) await act(event.module, client.id, reply);
        }),
      );
    },
  });
  aedes.on('client', (client) => {
    connections.add(client);
    if (subscribes) client.subscribe({ topic: `actions/1/+/${client.id}`, qos: 1 }, () => {});
  });
  aedes.on('clientDisconnect', (client) => connections.delete(client));

  function act(module: string, client: string, payload: string | Uint8Array): Promise<void> {
    const topic = actionsTopic('1', module, client);
    const packet = {
      cmd: 'publish' as const,
      topic,
      payload: Buffer.from(payload),
      qos: 1 as const,
    };
    return new Promise((resolve, reject) => {
      aedes.publish({ ...packet, retain: false, dup: false }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  const server: Server = createServer({ noDelay: true }, aedes.handle);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    aedes,
    seen,
    arrived: (count) =>
      new Promise((resolve) => {
        if (seen.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    act,
    drop(id) {
      for (const client of connections) {
        if (id === undefined || client.id === id) (client.conn as Socket).destroy();
      }
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const client of connections) (client.conn as Socket).destroy();
      await closed;
    },
  };
}

/** A module without methods knows none. */
function rpc(text: string): string | undefined {
  if (!text.startsWith('{"jsonrpc"')) return undefined;
  const { id, method, params } = JSON.parse(text) as {
    id: string;
    method: string;
    params?: unknown;
  };
  if (method === 'echo') return JSON.stringify({ jsonrpc: '2.0', result: params, id });
  const error = { code: -32601, message: `there is no method ${method}`, data: { method } };
  return JSON.stringify({ jsonrpc: '2.0', error, id });
}
