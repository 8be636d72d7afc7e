/** The web side of the HTTP port: who answers which path. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { DEFAULT_MODULE } from '@n2o/shared';
import type { Core } from '../core.ts';
import { share } from './cross-origin.ts';
import { sendFile } from './files.ts';
import { isWelcome } from './origin.ts';
import type { PageSocket } from './page-socket.ts';
import { PageSockets } from './page-sockets.ts';
import { Pages } from './pages.ts';
import { readPlace } from './place.ts';
import { respondError } from './respond.ts';
import { DEFAULT_WEB, type Web, type WebOptions } from './web.ts';

const RUNTIME = '/n2o/';
const RESOURCES = '/rest/';

/** The page at `/`, where there is no file for it. */
const START = { kind: 'app', resource: DEFAULT_MODULE, id: '' } as const;

export class Gateway {
  readonly #core: Core;
  readonly #web: Web;
  readonly #pages: Pages;
  readonly #sockets: PageSockets;

  /** @param guests where clients over WebSocket are found by others */
  constructor(core: Core, options: WebOptions, guests: Map<string, PageSocket>) {
    const web = { ...DEFAULT_WEB, maxMessage: core.limits.packetSize, ...options };
    this.#core = core;
    this.#web = web;
    this.#pages = new Pages(core, web);
    this.#sockets = new PageSockets(core, web, guests);
  }

  /** Answers a request; false where it is none for pages, resources and files. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    const { origin } = request.headers;
    if (origin !== undefined && path.startsWith(RESOURCES)) {
      if (share(origin, request, response, this.#web.origins)) return true;
    }
    const place = readPlace(path);
    if (place) {
      this.#pages.answer(place, path, request, response);
      return true;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const { runtime, public: folders } = this.#web;
    const missing = () => {
      if (path === '/') this.#pages.answer(START, path, request, response);
      else respondError(response, 'N2O_HTTP_PATH');
    };
    const around = { log: this.#core.log, missing, folders: true };
    if (path.startsWith(RUNTIME) && runtime !== undefined) {
      // The folders of the browser client are for its own scripts: they have no pages.
      const bare = { ...around, folders: false };
      sendFile([runtime], path.slice(RUNTIME.length - 1), request, response, bare);
    } else if (folders.length > 0) sendFile(folders, path, request, response, around);
    else if (path === '/') missing();
    else return false;
    return true;
  }

  /** Makes a WebSocket of a page, or refuses it. */
  upgrade(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.upgrade(path, request, socket, head);
  }

  /** May a page of this origin come in? */
  isWelcome(request: IncomingMessage): boolean {
    return isWelcome(request.headers, this.#web.origins);
  }

  /** Takes no more requests and messages. */
  stop(): void {
    this.#pages.stop();
    this.#sockets.stop();
  }

  /** Says goodbye to all who are there. */
  close(): void {
    this.#sockets.close();
  }
}
