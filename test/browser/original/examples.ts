/** The examples, each started as it is, for pages with N2O's own files, and a browser to see them. */
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../../support/browser.ts';
import { type Served, serveExample } from '../served.ts';
import { ORIGINAL } from './revisions.ts';

/** `mq.js` looks for a broker on this port and no other. */
const PORT = 8083;

const EXAMPLES = ['chat', 'login', 'upload'] as const;
export type Example = (typeof EXAMPLES)[number];

const OURS = ['chat', 'upload'].map((name) =>
  fileURLToPath(new URL(`../../../examples/${name}/public`, import.meta.url)),
);

const FILES = ['utf8', 'ieee754', 'bert', 'heart', 'n2o', 'nitro', 'ftp'];

/** Over what a page speaks, how it is asked to, and which files it loads for that. */
export const ORIGINAL_WAYS = [
  { transport: 'ws', query: 'runtime=script', names: FILES },
  {
    transport: 'mqtt',
    query: 'runtime=script&transport=mqtt',
    names: [...FILES, 'paho-mqtt', 'mq'],
  },
] as const;

export interface Shown {
  readonly browser: Browser;
  addressOf(example: Example): string;
  /** Ends the server of an example at once, and starts it again. */
  restart(example: Example): Promise<void>;
  close(): Promise<void>;
}

export async function showExamples(revision: string): Promise<Shown> {
  const flags = ['--public', [...OURS, ORIGINAL].join(','), '--browser-files', `/${revision}`];
  const start = async (name: Example) => [name, await serveExample(name, flags)] as const;
  const servers: ReadonlyMap<Example, Served> = new Map(await Promise.all(EXAMPLES.map(start)));
  // Each under a name of its own, on the port that the files want, wherever it really is.
  const rules = Array.from(
    servers,
    ([name, { url }]) => `MAP ${name}.test:${PORT} ${new URL(url).host}`,
  );
  const browser = await startBrowser(`--host-resolver-rules=${rules.join(', ')}`);
  return {
    browser,
    addressOf: (example) => `http://${example}.test:${PORT}/app/${example}`,
    restart: async (example) => servers.get(example)?.restart(),
    async close() {
      await browser.close();
      await Promise.all(Array.from(servers.values(), (server) => server.close()));
    },
  };
}

/** Notes what goes wrong in the pages of a user, but not that a server was killed. */
export function noteErrors(user: BrowserContext, errors: string[]): void {
  user.on('weberror', (error) => errors.push(error.error().message));
  user.on('console', (line) => {
    const isError = line.type() === 'error' && !line.text().includes('ERR_CONNECTION');
    if (isError) errors.push(line.text());
  });
}

/** The next conversation that a page begins; what is clicked before it has its token would be lost. */
export function conversationOf(page: Page): Promise<void> {
  return new Promise((resolve) => {
    page.once('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (payload.includes('Token')) resolve();
      });
    });
  });
}
