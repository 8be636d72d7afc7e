/** A bare Aedes over TCP, as its users have it, gone when the test is over. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { onTestFinished } from 'vitest';

/** What is asked of its persistence, which its types do not show. */
interface Persistence {
  countOffline(): Promise<{ readonly subsCount: number; readonly clientsCount: number }>;
  createRetainedStream(filter: string): AsyncIterable<{ readonly topic: string }>;
}

export async function startAedes() {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => broker.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const { persistence } = broker as unknown as { readonly persistence: Persistence };
  /** Sessions that are kept, and topics on which something is retained. */
  const left = async () => {
    const { clientsCount: sessions } = await persistence.countOffline();
    const retained: string[] = [];
    for await (const { topic } of persistence.createRetainedStream('#')) retained.push(topic);
    return { sessions, retained };
  };
  return { broker, left, url: `mqtt://127.0.0.1:${port}` };
}
