/** Hosts come, go and are restarted while devices are answered: no device notices. */
import { expect, it, onTestFinished } from 'vitest';
import { Load } from './load.ts';
import type { Member } from './member.ts';
import { createRandom } from './random.ts';
import { moves, VNODES, watchClaims } from './shares.ts';
import { onFolder, onMosquitto, type System } from './systems.ts';

const NAMES = ['host-1', 'host-2', 'host-3'];
const SYSTEMS: readonly (readonly [name: string, start: () => Promise<System>])[] = [
  ['our broker', () => onFolder(NAMES.slice(0, 1))],
  ['Mosquitto', () => onMosquitto(NAMES.slice(0, 1))],
];
/** Answers that are heard before and after each change. */
const BETWEEN = 100;

it.each(SYSTEMS)(
  'from one host to three, a rolling restart, and back to one, on %s',
  async (name, start) => {
    const system = await start();
    const load = new Load({ ...system, random: createRandom(1) });
    onTestFinished(() => load.end());
    const [first, ...others] = NAMES.map((host, i) => system.hosts[i] ?? system.another(host)) as [
      Member,
      ...Member[],
    ];
    const here = [first];
    const told: string[] = [];

    /** A change while devices are answered: exactly those vnodes move that have to. */
    const change = async (what: string, after: readonly Member[], how: () => Promise<unknown>) => {
      await load.answers(BETWEEN);
      load.findings.longest = 0;
      const expected = moves(here.map(namesOf), after.map(namesOf));
      const claims = watchClaims([first, ...others]);
      load.surge();
      await how();
      await claims.count(expected.length);
      await load.answers(BETWEEN);
      expect(claims.all, what).toEqual(expected);
      here.splice(0, here.length, ...after);
      const share = Math.round((100 * expected.length) / VNODES);
      const wait = Math.round(load.findings.longest);
      told.push(
        `  ${what}: ${expected.length} of ${VNODES} vnodes moved (${share} %), longest wait ${wait} ms`,
      );
    };
    const join = (host: Member) =>
      change(`${host.name} joins`, [...here, host], () => host.start());
    const leave = (host: Member) =>
      change(
        `${host.name} leaves`,
        here.filter((other) => other !== host),
        async () => {
          expect(await host.end('SIGTERM')).toBe(0);
        },
      );

    await load.ready();
    load.start();
    for (const host of others) await join(host);
    for (const host of [first, ...others]) {
      await leave(host);
      await join(host);
    }
    for (const host of others) await leave(host);
    load.pause();
    await load.idle();
    await load.last();
    const journal = await system.journal();
    for (const { requests } of load.devices) requests.check(journal);

    const { findings } = load;
    console.log([`${name}: ${findings.print()}`, ...told].join('\n'));
    expect(findings.faults).toEqual([]);
    expect(findings.errors).toEqual([]);
    expect(findings.of('connections lost')).toBe(0);
  },
  120_000,
);

function namesOf({ name }: Member): string {
  return name;
}
