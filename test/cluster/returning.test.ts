import { describe, expect, it } from 'vitest';
import { folderOf, start } from '../end-to-end/n2o.ts';
import { startHost } from './hosts.ts';

const MODULES = {
  'counter.ts': `
    export const state = () => 0;
    export function event(_: unknown, { state }) {
      state.set(state.get() + 1);
      return state.get();
    }`,
};

describe('workers beside the broker', () => {
  it('go on where a host has left off that served their vnodes for a while', async () => {
    const app = await folderOf(MODULES);
    const n2o = await start(MODULES);
    const client = await n2o.connect({ clientId: 'dev' });
    await client.subscribeAsync('actions/1/counter/dev', { qos: 1 });
    const count = async (key: string) => {
      const answered = new Promise<number>((resolve) => {
        client.once('message', (_, payload) => resolve(Number(payload.toString())));
      });
      const payload = JSON.stringify({ idempotencyKey: key });
      await client.publishAsync('events/1//counter/dev', payload, { qos: 1 });
      return answered;
    };
    expect(await count('a')).toBe(1);
    expect(await count('b')).toBe(2);
    const host = await startHost(`mqtt://127.0.0.1:${n2o.port}`, 'h', app, '--store', 'broker');
    expect(await count('c')).toBe(3);
    expect(await count('d')).toBe(4);
    expect(await host.end()).toBe(0);
    expect(await count('e')).toBe(5);
    expect(await count('c')).toBe(3);
    expect(await count('f')).toBe(6);
  }, 40_000);
});
