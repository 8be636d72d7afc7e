/** N2O over WebSocket: lets pages in at `/ws/:module`, each as a client of its own. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { eventsTopic, isToken, pageId, vnodeOf } from '@n2o/shared';
import { WebSocketServer } from 'ws';
import type { Core } from '../core.ts';
import { Address } from '../routing/address.ts';
import { queryOf } from './beginning.ts';
import { isWelcome } from './origin.ts';
import { GOING_AWAY, PageSocket } from './page-socket.ts';
import { readSocketPath } from './place.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import type { Web } from './web.ts';

/** Milliseconds that the other side has for its goodbye; `@types/ws` does not know this option yet. */
const PATIENCE = { closeTimeout: 5_000 };

const VERSION = '1';

export class PageSockets {
  readonly #core: Core;
  readonly #web: Web;
  readonly #guests: Map<string, PageSocket>;
  readonly #server: WebSocketServer;
  #closing = false;

  /** @param guests where those who are there are found by others */
  constructor(core: Core, web: Web, guests: Map<string, PageSocket>) {
    this.#core = core;
    this.#web = web;
    this.#guests = guests;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: web.maxMessage,
      perMessageDeflate: false,
      ...PATIENCE,
    });
  }

  /** Makes a WebSocket of a connection, or refuses it. */
  upgrade(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const module = readSocketPath(path);
    const { connections, limits } = this.#core;
    if (module === undefined) refuseUpgrade(socket, 404);
    else if (!isWelcome(request.headers, this.#web.origins)) refuseUpgrade(socket, 403);
    else if (this.#closing || connections >= limits.connections) {
      refuseUpgrade(socket, 503);
    } else this.#accept(module, request, socket, head);
  }

  /** Takes no more messages, and nobody more. */
  stop(): void {
    this.#closing = true;
    for (const page of this.#guests.values()) page.stop();
  }

  /** Says goodbye to all. */
  close(): void {
    for (const page of this.#guests.values()) page.close(GOING_AWAY, 'N2O_HOST_CLOSED');
  }

  #accept(module: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const token = tokenOf(request);
    const query = queryOf(request.url ?? '');
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const client = pageId(randomBytes(16).toString('base64url'));
      const vnode = vnodeOf(client, this.#core.vnodes);
      const route = { client, module, version: VERSION, vnode, user: '', token };
      const topic = Buffer.from(eventsTopic(VERSION, '', module, client));
      const address = new Address(route, topic);
      const page = new PageSocket(this.#core, ws, address, this.#web.idle, query);
      this.#guests.set(client, page);
      this.#core.counters.connects++;
      ws.on('close', () => {
        this.#guests.delete(client);
        page.leave();
      });
    });
  }
}

/** The session token that the browser has in a cookie, ours before N2O's, as pages are shown; only one that can be a level of a topic. */
function tokenOf({ headers: { cookie = '' } }: IncomingMessage): string {
  const tokens = [
    /(?:^|;\s*)n2o-token=([^;]*)/.exec(cookie),
    /(?:^|;\s*)X-Auth-Token=([^;]*)/i.exec(cookie),
  ];
  return tokens.map((found) => found?.[1] ?? '').find(isToken) ?? '';
}
