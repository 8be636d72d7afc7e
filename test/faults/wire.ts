/** One connection of a device: packets over a socket that may break at any moment. */
import { connect as dial, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';

export interface Listener {
  opened(): void;
  heard(packet: Packet): void;
  /** Told once, whoever ended it. */
  closed(): void;
}

export class Wire {
  readonly #socket: Socket;

  constructor(port: number, listener: Listener) {
    const socket = dial({ host: '127.0.0.1', port, noDelay: true });
    const packets = parser();
    packets.on('packet', (packet) => {
      if (!socket.destroyed) listener.heard(packet);
    });
    socket.on('connect', () => listener.opened());
    socket.on('data', (chunk) => {
      socket.cork();
      packets.parse(chunk);
      socket.uncork();
    });
    // What broke it makes no difference to a device.
    socket.on('error', () => {});
    socket.on('close', () => listener.closed());
    this.#socket = socket;
  }

  say(packet: Packet): void {
    if (!this.#socket.destroyed) this.#socket.write(generate(packet));
  }

  /** Breaks it, without a word. */
  cut(): void {
    this.#socket.destroy();
  }
}
