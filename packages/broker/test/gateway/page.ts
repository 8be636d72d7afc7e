/** A page of a browser as the server sees it: a WebSocket, and the frames that came on it. */
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';

export class Page {
  readonly socket: WebSocket;
  /** The code that it was closed with. */
  readonly closed: Promise<number>;
  readonly #frames: string[] = [];
  #wake: () => void = () => {};

  constructor(address: string, path: string, options?: ClientOptions) {
    this.socket = new WebSocket(`ws://${address}${path}`, options);
    // Who is refused is told by `refused`, who waits for anything else by `closed`.
    this.socket.on('error', () => {});
    onTestFinished(() => this.socket.terminate());
    this.socket.on('message', (data: Buffer, binary) => {
      this.#frames.push(binary ? `binary ${data.toString('hex')}` : `text ${data}`);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => resolve(code));
    });
  }

  /** Opens a page that is let in. */
  static async open(address: string, path = '/ws/chat', options?: ClientOptions): Promise<Page> {
    const page = new Page(address, path, options);
    await once(page.socket, 'open');
    return page;
  }

  /** The status that it was refused with. */
  static async refused(address: string, path: string, options?: ClientOptions): Promise<number> {
    const { socket } = new Page(address, path, options);
    const [, response] = await once(socket, 'unexpected-response');
    return response.statusCode;
  }

  say(...messages: readonly (string | Uint8Array)[]): void {
    for (const message of messages) this.socket.send(message);
  }

  /** The next frame that came: `text …`, or `binary` and its bytes in hex. */
  async next(): Promise<string> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async take(count: number): Promise<string[]> {
    const frames: string[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** What came before the answer to a ping: when that is there, nothing else was under way. */
  async rest(): Promise<string[]> {
    this.socket.ping();
    await once(this.socket, 'pong');
    return this.#frames.splice(0);
  }
}
