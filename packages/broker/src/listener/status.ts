/** What operators ask over HTTP: is it alive, is it ready, what has it counted. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '@n2o/shared';
import { listen } from './listen.ts';

/** What the pages say. */
export interface Status {
  /** Why the server is not ready to take events; `undefined` when it is. */
  notReady(): string | undefined;
  /** The metrics, in Prometheus' text format. */
  metrics(): string;
}

const PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Is it one of these pages? */
export function isStatusPath(path: string): boolean {
  return PATHS.has(path);
}

/** Answers `/healthz`, `/readyz` and `/metrics`; there is nothing else. */
export function answer(request: IncomingMessage, response: ServerResponse, status: Status): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    send(response, 405, 'method not allowed\n');
    return;
  }
  switch (pathOf(request)) {
    case '/healthz':
      send(response, 200, 'ok\n');
      break;
    case '/readyz': {
      const reason = status.notReady();
      send(response, reason === undefined ? 200 : 503, `${reason ?? 'ready'}\n`);
      break;
    }
    case '/metrics':
      send(response, 200, status.metrics());
      break;
    default:
      send(response, 404, 'not found\n');
  }
}

/**
 * A server with these pages and nothing else, for a process that has no broker, or none yet.
 * @throws N2O_LISTEN_FAILED
 */
export async function createStatusServer(
  { host, port, log }: { readonly host: string; readonly port: number; readonly log: Logger },
  status: Status,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer((request, response) => answer(request, response, status));
  const address = await listen(server, host, port, 'http', log);
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The path of a request, without its query. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const path = url.split('?', 1)[0] as string;
  if (path.startsWith('/')) return path;
  // As proxies are asked, with scheme and host; a server must know that too [RFC 9112, section 3.2.2].
  return path.replace(/^https?:\/\/[^/]+/i, '') || '/';
}

function send(response: ServerResponse, code: number, body: string): void {
  response.writeHead(code, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
