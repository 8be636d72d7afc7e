import { describe, expect, it } from 'vitest';
import { startHost } from '../cluster/hosts.ts';
import { folderOf, type Running, start } from './n2o.ts';

/** Counts the visits of a page, and tells whoever asks how many there were. */
const VISITS = `
  export async function main({ session }) {
    const visits = (await session.get('visits') ?? 0) + 1;
    await session.set('visits', visits);
    return String(visits);
  }
  export async function event(message, { session }) {
    if (message !== 'init') return { visits: await session.get('visits') ?? 0 };
  }`;
const APP = { 'visits.js': VISITS };

/** The token of a session with these visits. */
async function tokenOf({ http }: Running, visits: number): Promise<string> {
  let cookie = '';
  for (let i = 0; i < visits; i++) {
    const response = await fetch(`${http}/app/visits`, { headers: { cookie } });
    cookie = response.headers.get('set-cookie')?.split(';', 1)[0] ?? cookie;
  }
  return cookie.slice(cookie.indexOf('=') + 1);
}

/** What a device hears that shows a password, and begins a conversation with a token, or none. */
async function visitsOf(n2o: Running, clientId: string, password: string, token?: string) {
  const device = await n2o.connect({ clientId, username: 'visits', password });
  await device.subscribeAsync(`actions/1/visits/${clientId}`, { qos: 1 });
  const heard: Buffer[] = [];
  device.on('message', (_, payload) => void heard.push(payload));
  const say = (text: string) =>
    device.publishAsync(`events/1//visits/${clientId}`, text, { qos: 1 });
  if (token !== undefined) await say(`N2O,${token}`);
  await say('{"how":"many"}');
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(token === undefined ? 1 : 2);
  return JSON.parse(String(heard.at(-1))).visits;
}

const SERVERS: Readonly<Record<string, () => Promise<Running>>> = {
  'workers of the broker': () => start(APP),
  'workers that get what was stored': () => start(APP, '--ack', 'stored'),
  async 'a vnode host'() {
    const n2o = await start(APP, '--workers', '0');
    const { host, port } = n2o;
    await startHost(`mqtt://${host}:${port}`, 'a', await folderOf(APP));
    return n2o;
  },
};

describe.each(Object.entries(SERVERS))('a session on %s', (_, serve) => {
  it('is that of the token which is shown as the password, unless one is said', async () => {
    const n2o = await serve();
    const [two, three] = [await tokenOf(n2o, 2), await tokenOf(n2o, 3)];
    expect(await visitsOf(n2o, 'a', two, '')).toBe(2);
    expect(await visitsOf(n2o, 'b', two, three)).toBe(3);
    expect(await visitsOf(n2o, 'c', two, 'nonsense')).toBe(2);
    expect(await visitsOf(n2o, 'd', 'nonsense', three)).toBe(3);
    expect(await visitsOf(n2o, 'e', 'nonsense', '')).toBe(0);
    expect(await visitsOf(n2o, 'f', two)).toBe(2);
  }, 30_000);
});
