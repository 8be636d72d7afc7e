/** A broker that does byte for byte what a test tells it to. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A control packet as it came: its first byte, and what follows the remaining length. */
export interface Packet {
  readonly first: number;
  readonly body: Buffer;
}

export const CONNECT = 0x10;
export const PUBREL = 0x62;

/** One connection of a client, packet by packet. */
export interface Script {
  /** The next packet of the client. */
  next(): Promise<Packet>;
  send(...bytes: (number | Uint8Array)[]): void;
  /** Breaks the connection. */
  drop(): void;
}

export interface ScriptedBroker {
  readonly url: string;
  /** The next connection of the client, with its CONNECT answered; `more` goes out with CONNACK. */
  accept(sessionPresent: boolean, ...more: Uint8Array[]): Promise<Script>;
  close(): Promise<void>;
}

export async function startScript(): Promise<ScriptedBroker> {
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async accept(sessionPresent, ...more) {
      while (sockets.length === 0) await once(server, 'connection');
      const script = scriptOf(sockets.shift() as Socket);
      if ((await script.next()).first !== CONNECT) throw new TypeError('no CONNECT');
      script.send(0x20, 2, sessionPresent ? 1 : 0, 0, ...more);
      return script;
    },
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

function scriptOf(socket: Socket): Script {
  let bytes = Buffer.alloc(0);
  socket.on('error', () => {});
  return {
    async next() {
      for (;;) {
        // Packets of these tests are shorter than 128 bytes.
        const length = bytes.length < 2 ? Number.POSITIVE_INFINITY : 2 + (bytes[1] as number);
        if (bytes.length >= length) {
          const packet = { first: bytes[0] as number, body: bytes.subarray(2, length) };
          bytes = bytes.subarray(length);
          return packet;
        }
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        bytes = Buffer.concat([bytes, chunk]);
      }
    },
    send(...parts) {
      socket.write(
        Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'number' ? [part] : part))),
      );
    },
    drop() {
      socket.destroy();
    },
  };
}
