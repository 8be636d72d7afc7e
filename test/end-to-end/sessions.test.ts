import { expect, it } from 'vitest';
import { folderOf, start } from './n2o.ts';

const VISITS = `
  export async function main({ session }) {
    const visits = (await session.get('visits') ?? 0) + 1;
    await session.set('visits', visits);
    return String(visits);
  }`;
const LAST = `
  export const main = async ({ session }) => String(await session.get('visits') ?? 0);`;

/** What a page says to whoever shows the cookie, and the cookie of who shows none. */
async function visit(url: string, cookie = ''): Promise<{ says: number; cookie: string }> {
  const response = await fetch(url, { headers: { cookie } });
  const says = Number(/<body>(\d+)/.exec(await response.text())?.[1]);
  return { says, cookie: response.headers.get('set-cookie')?.split(';', 1)[0] ?? '' };
}

it.each(['memory', 'folder'])(
  'the variables of a session are the same on all workers, from one page to the next (%s)',
  async (kind) => {
    const modules = { 'visits.ts': VISITS, 'last.ts': LAST };
    const store = kind === 'folder' ? await folderOf({}) : kind;
    const n2o = await start(modules, '--workers', '3', '--store', store);
    const guests = await Promise.all(
      Array.from({ length: 5 }, async () => (await visit(`${n2o.http}/app/visits`)).cookie),
    );
    // Requests go to the workers in turn, and several guests at once mix these turns.
    const series = guests.map(async (cookie) => {
      for (let visits = 2; visits <= 20; visits++) {
        expect((await visit(`${n2o.http}/app/visits`, cookie)).says).toBe(visits);
        const readers = Array.from({ length: 4 }, () => visit(`${n2o.http}/app/last`, cookie));
        for (const { says } of await Promise.all(readers)) expect(says).toBe(visits);
      }
    });
    await Promise.all(series);
    // Who keeps something near is shown, and of one session there are so many at most.
    const metrics = await (await fetch(`${n2o.http}/metrics`)).text();
    const watches = Number(/^n2o_store_watches (\d+)$/m.exec(metrics)?.[1]);
    expect(watches).toBeGreaterThan(0);
    expect(watches).toBeLessThanOrEqual(64 * guests.length);
  },
);
