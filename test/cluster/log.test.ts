import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vnodeOf } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { folderOf, run } from '../end-to-end/n2o.ts';
import { BROKERS, connect, VNODES } from './both-brokers.ts';
import { startHost } from './hosts.ts';

const LOUD = `export function event(message, { log }) {
  log.debug({ message }, 'heard');
  return 'ok';
}`;

describe.each(Object.entries(BROKERS))('hosts on the broker %s', (_, start) => {
  it('log what all of them are told to over the broker', async () => {
    const broker = await start();
    const app = await folderOf({ 'loud.js': LOUD });
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => startHost(broker, name, app, '--store', 'memory')),
    );
    const { exit, err } = run('log', 'debug', '--module', 'loud', '--broker', broker);
    expect([await exit, err()]).toEqual([0, '']);
    for (const host of [a, b]) {
      expect(await host?.logged('log level changed')).toMatchObject({
        module: 'loud',
        least: 'debug',
      });
    }
    // Enough of them that each host has some.
    for (const id of Array.from({ length: VNODES }, (_, i) => `dev${i}`)) {
      const client = await connect(broker, { clientId: id });
      await client.publishAsync(`events/1/${vnodeOf(id, VNODES)}/loud/${id}`, 'hello', { qos: 1 });
    }
    const lines = await Promise.all([a, b].map((host) => host?.logged('heard')));
    expect(lines.map((line) => line?.level)).toEqual([20, 20]);
  });
});

it('a host reads at SIGHUP what it is to log', async () => {
  const broker = await (BROKERS.ours as () => Promise<string>)();
  const app = await folderOf({ 'loud.js': LOUD, 'n2o.config.json': '{}' });
  const file = join(app, 'n2o.config.json');
  const host = await startHost(broker, 'a', app, '--store', 'memory', '--config', file);
  await writeFile(file, '{"logModules": "loud=debug"}');
  host.child.kill('SIGHUP');
  expect(await host.logged('read again')).toMatchObject({ least: 'info', modules: 'loud=debug' });
  const client = await connect(broker, { clientId: 'dev1' });
  await client.publishAsync('events/1//loud/dev1', 'hello', { qos: 1 });
  expect(await host.logged('heard')).toMatchObject({ module: 'loud', client: 'dev1' });
  expect(await host.end()).toBe(0);
});
