/** A web server with one live page, small enough to see what the page says, and to fail it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  atom,
  binary,
  createFormatters,
  type Format,
  type Instruction,
  Io,
  type Message,
  Tuple,
  tuple,
} from '@n2o/shared';
import { type WebSocket, WebSocketServer } from 'ws';

const FILES = join(import.meta.dirname, '../../dist/browser');

/** What a page has said, and by which connection. */
export interface Heard extends Message {
  /** Of connections, from 1. */
  readonly connection: number;
}

export interface PageServer {
  readonly url: string;
  /** All messages but signs of life, in the order of their arrival. */
  readonly heard: readonly Heard[];
  /** For which module and token cookies were asked for. */
  readonly moved: readonly string[];
  /** The next message for which this holds, also one that was heard already. */
  hears(wanted: (heard: Heard) => boolean): Promise<Heard>;
  /** Says something to all pages. */
  say(value: unknown, format?: Format): void;
  /** Tells all pages what to do. */
  tell(...instructions: readonly Instruction[]): void;
  /** Cuts all connections, and takes no new ones until `up`. */
  down(): void;
  up(): void;
  close(): Promise<void>;
}

export interface PageServerOptions {
  /** What stands in the body. */
  readonly body?: string;
  /** What `main` has wired. */
  readonly actions?: readonly Instruction[];
  /** Attributes of the page's script besides `data-module`. */
  readonly attributes?: string;
  /** Scripts after the page's own. */
  readonly scripts?: string;
  readonly policy?: string;
  /** What a page is told when it begins: by default nothing. Script for N2O's runtime. */
  init?(connection: number): readonly Instruction[] | string;
  /** What has to be over before a cookie is given. */
  move?(): Promise<void>;
  /** What anything else is answered: by default nothing. */
  answer?(heard: Heard): unknown;
}

export async function startPageServer(options: PageServerOptions = {}): Promise<PageServer> {
  const formatters = createFormatters();
  const heard: Heard[] = [];
  const moved: string[] = [];
  const waiting = new Set<() => void>();
  const pages = new Set<WebSocket>();
  let connections = 0;
  let isUp = true;

  const http = createServer(({ url = '', headers }, response) => {
    const [path = ''] = url.split('?');
    if (path.startsWith('/n2o/session/')) {
      moved.push(`${path} ${headers['x-auth-token']}`);
      void Promise.resolve(options.move?.()).then(() => response.writeHead(204).end());
      return;
    }
    if (path === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const isFile = path.startsWith('/n2o/');
    response.setHeader('content-type', isFile ? 'text/javascript' : 'text/html; charset=utf-8');
    response.setHeader(
      'content-security-policy',
      options.policy ?? "default-src 'none'; script-src 'self'; connect-src 'self'",
    );
    response.end(isFile ? readFileSync(join(FILES, path.slice(5))) : documentOf(options));
  });
  const sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (isUp) sockets.handleUpgrade(request, socket, head, accept);
    else socket.destroy();
  });

  function accept(page: WebSocket): void {
    const connection = ++connections;
    pages.add(page);
    page.on('close', () => pages.delete(page));
    page.on('message', (data: Buffer) => {
      const message = formatters.decode(new Uint8Array(data));
      if (message.value === 'PING') {
        page.send('PONG');
        return;
      }
      const one: Heard = { ...message, connection };
      heard.push(one);
      const answer = isInit(one)
        ? beginning(options.init?.(connection) ?? [])
        : options.answer?.(one);
      const format = one.format === 'text' && typeof answer !== 'string' ? 'bert' : one.format;
      if (answer !== undefined) page.send(formatters[format].encode(answer));
      for (const look of waiting) look();
    });
  }

  function say(value: unknown, format: Format = 'bert'): void {
    for (const page of pages) page.send(formatters[format].encode(value));
  }

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/`,
    heard,
    moved,
    hears(wanted) {
      return new Promise((resolve) => {
        const look = () => {
          const found = heard.find(wanted);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
    say,
    tell(...instructions) {
      say(new Io(binary(JSON.stringify(instructions)), binary('')));
    },
    down() {
      isUp = false;
      for (const page of pages) page.terminate();
    },
    up() {
      isUp = true;
    },
    async close() {
      for (const page of pages) page.terminate();
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

/** Text or tuple, as the page's format is. */
export function isInit({ value }: Message): boolean {
  if (value instanceof Tuple) return value.items[0] === atom('init');
  return typeof value === 'string' && value.startsWith('N2O,');
}

function beginning(todo: readonly Instruction[] | string): Io {
  const text = typeof todo === 'string' ? todo : JSON.stringify(todo);
  return new Io(binary(text), tuple(atom('Token'), binary('the-token')));
}

function documentOf({ body = '', actions, attributes = '', scripts = '' }: PageServerOptions) {
  const wired = actions
    ? `<script type="application/json" id="n2o-actions">${JSON.stringify(actions).replaceAll('<', '\\u003c')}</script>`
    : '';
  return `<!doctype html><html><head><meta charset="utf-8"><script type="module" src="/n2o/page.js" data-module="chat" ${attributes}></script>${scripts}</head><body>${body}${wired}</body></html>`;
}
