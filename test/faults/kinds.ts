/** The kinds of requests: how a device writes them, and what it reads in their answers. */

/** What an answer says: `count` as far as the module knows how often it was called for this client. */
export type Answer =
  | { readonly n: number; readonly count: number | undefined }
  | { readonly error: string };

export interface Kind {
  readonly name: string;
  readonly module: string;
  /** Whether its requests have exactly one effect each, in place of at least one. */
  readonly once: boolean;
  ask(n: number): string;
}

export const KINDS: readonly Kind[] = [
  {
    name: 'keyed event',
    module: 'counter',
    once: true,
    ask: (n) => JSON.stringify({ n, idempotencyKey: `key-${n}` }),
  },
  {
    name: 'JSON-RPC',
    module: 'counter',
    once: true,
    ask: (n) => JSON.stringify({ jsonrpc: '2.0', method: 'count', params: { n }, id: n }),
  },
  {
    name: 'event without key',
    module: 'journal',
    once: false,
    ask: (n) => JSON.stringify({ n }),
  },
];

export function readAnswer(payload: Uint8Array): Answer {
  const text = Buffer.from(payload).toString();
  const value = JSON.parse(text) as { result?: unknown };
  const { n, count } = (value.result ?? value) as { n?: number; count?: number };
  if (n !== undefined) return { n, count };
  return { error: /N2O_[A-Z_]+/.exec(text)?.[0] ?? text };
}
