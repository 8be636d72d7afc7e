import { hostOf } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../end-to-end/n2o.ts';
import { type Host, startHost } from './hosts.ts';
import { startLoad } from './load.ts';
import { startMosquitto } from './mosquitto.ts';

const MODULES = {
  'slow.ts': `
    import { setTimeout as wait } from 'node:timers/promises';
    export const event = async (message: string) => (await wait(Math.random() * 10), message);`,
};

const LOAD = { clients: 24, window: 4, module: 'slow', vnodes: 16 };

/** The vnodes that a host should have among these. */
function shareOf(name: string, names: readonly string[]): number[] {
  return Array.from({ length: 16 }, (_, i) => i + 1).filter((v) => hostOf(v, names) === name);
}

/** Vnodes that a host has claimed, as it has logged it. */
function claimed({ log }: Host): unknown[] {
  return log.filter(({ msg }) => msg === 'vnode claimed').map(({ vnode }) => vnode);
}

function givenAway({ log }: Host): unknown[] {
  return log.filter(({ msg }) => msg === 'vnode given away').map(({ vnode }) => vnode);
}

describe('while clients ask', () => {
  it('hosts come and go, only what must move moves, every request is answered once and in order', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(MODULES);
    const a = await startHost(broker.url, 'a', app);
    expect(claimed(a)).toHaveLength(16);
    const load = await startLoad(broker, LOAD);
    await load.answered(200);
    const b = await startHost(broker.url, 'b', app);
    const c = await startHost(broker.url, 'c', app);
    await load.answered(500);
    const names = ['a', 'b', 'c'];
    // What b was given first and then c was to have went through both.
    expect(claimed(b).sort()).toEqual(shareOf('b', ['a', 'b']).sort());
    expect(claimed(c).sort()).toEqual(shareOf('c', names).sort());
    expect(givenAway(a)).toHaveLength(16 - shareOf('a', names).length);
    expect(await a.end()).toBe(0);
    await load.answered(300);
    expect(await c.end()).toBe(0);
    await load.answered(300);
    const { requests, ...rest } = await load.stop();
    expect(rest).toEqual({ repeated: 0, disorders: 0 });
    expect(requests).toBeGreaterThan(1_300);
    expect(await b.end()).toBe(0);
  }, 60_000);

  it('a rolling restart is not seen by any of them', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(MODULES);
    const names = ['a', 'b', 'c'];
    const hosts = await Promise.all(names.map((name) => startHost(broker.url, name, app)));
    const load = await startLoad(broker, LOAD);
    for (const [i, name] of names.entries()) {
      await load.answered(200);
      expect(await (hosts[i] as Host).end()).toBe(0);
      hosts[i] = await startHost(broker.url, name, app);
    }
    await load.answered(200);
    expect(await load.stop()).toMatchObject({ repeated: 0, disorders: 0 });
  }, 60_000);

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'hosts end with %s: all is answered, in order',
    async (signal) => {
      const broker = await startMosquitto();
      const app = await folderOf(MODULES);
      const a = await startHost(broker.url, 'a', app);
      const b = await startHost(broker.url, 'b', app);
      const load = await startLoad(broker, LOAD);
      await load.answered(300);
      a.child.kill(signal);
      await a.exit;
      await load.answered(1_000);
      const again = await startHost(broker.url, 'a', app);
      await load.answered(300);
      b.child.kill(signal);
      await load.answered(1_000);
      expect((await load.stop()).disorders).toBe(0);
      expect(await again.end()).toBe(0);
    },
    60_000,
  );
});
