/** Clients that send numbered requests to hosts which may die at any moment, and send again until they are answered. */
import type { Outcome, Route } from '@n2o/shared';

/** What came of a request. */
export interface Answer {
  readonly outcome: Outcome;
  readonly text: string;
}

/** Sends a request; `undefined` when the host died over it. */
export type Ask = (route: Route, text: string) => Promise<Answer | undefined>;

/** A module that counts in its state, and whose worker dies now and then, before and after. */
export const COUNTER = `
  import { defineModule } from 'n2o';
  const dies = (likely) => Math.random() < likely && process.exit(1);
  export default defineModule({
    state: () => ({ count: 0, seen: [] }),
    methods: {
      async inc({ likely }, { state, key }) {
        dies(likely);
        const { count, seen } = state.get();
        state.set({ count: count + 1, seen: [...seen, key] });
        dies(likely);
        await null;
        dies(likely);
        return count + 1;
      },
      seen: (_, { state }) => state.get().seen,
    },
  });`;

export function routeOf(client: string, vnode: number): Route {
  return { client, module: 'counter', version: '1', vnode, user: '', token: '' };
}

export function requestOf(id: string, method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params, id });
}

/** Asks until there is a result; resolves with all results that came, sent again `more` times. */
export async function insist(
  ask: Ask,
  route: Route,
  text: string,
  more: number,
): Promise<unknown[]> {
  const results: unknown[] = [];
  while (results.length <= more) {
    const answer = await ask(route, text);
    const { result, error } = answer?.outcome === 'reply' ? JSON.parse(answer.text) : {};
    if (result !== undefined) results.push(result);
    else if (error?.data.code === 'N2O_HANDLER_THREW') throw new RangeError(error.message);
  }
  return results;
}
