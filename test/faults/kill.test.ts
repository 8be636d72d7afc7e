/** Whatever is killed at whatever moment: what was acknowledged is there, once where it has a key, and in order. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFailed, onTestFinished } from 'vitest';
import { Killer } from './killer.ts';
import { Load } from './load.ts';
import { createRandom } from './random.ts';
import { onFolder, onMosquitto, onRedis, type System, together } from './systems.ts';

/** How long there is killing, in each system. */
const SECONDS = Number(process.env.FAULTS_SECONDS ?? 8);
const SEED = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);
/** Milliseconds until everything is up at first, and until all is answered at last. */
const AROUND = 90_000;

const SYSTEMS: readonly (readonly [name: string, start: () => Promise<System>])[] = [
  ['a broker with workers, on a folder', together],
  ['a broker on a folder, and hosts', () => onFolder(['a', 'b'])],
  ['a broker that stores first, and hosts', () => onFolder(['a', 'b'], '--ack', 'stored')],
  ['a broker on Redis, and hosts', () => onRedis(['a', 'b'])],
  ['Mosquitto, and hosts', () => onMosquitto(['a', 'b', 'c'])],
];

it.each(SYSTEMS)(
  '%s',
  async (name, start) => {
    // When a request is asked depends on the machine: strikes have a sequence of their own.
    const random = createRandom(SEED);
    const system = await start();
    const load = new Load({ ...system, random: createRandom(~SEED) });
    onTestFinished(() => load.end());
    const diary = [`${name}: FAULTS_SEED=${SEED} FAULTS_SECONDS=${SECONDS}`];
    const tell = (text: string) => diary.push(`${new Date().toISOString()} ${text}`);
    onTestFailed(() => report(system, load, diary));

    await load.ready();
    load.start();
    const strikes = await new Killer({
      system,
      load,
      random,
      duration: SECONDS * 1_000,
      tell,
    }).run();
    load.pause();
    tell('no more requests');
    await load.idle();
    await load.last();
    const journal = await system.journal();
    for (const { requests } of load.devices) requests.check(journal);

    console.log(`${diary[0]}: ${strikes} strikes, ${load.findings.print()}`);
    expect(load.findings.faults).toEqual([]);
  },
  SECONDS * 1_000 + AROUND,
);

/** Leaves behind what there is to know of a run that failed. */
async function report(system: System, load: Load, diary: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-faults-report-'));
  const open = load.devices.filter(({ requests }) => requests.open.size > 0);
  const texts = [...diary, load.findings.print(), ...load.findings.faults];
  await writeFile(
    join(folder, 'diary'),
    [...texts, '', ...open.map((device) => device.describe())].join('\n'),
  );
  for (const member of [system.broker, ...system.hosts]) {
    if (member) await writeFile(join(folder, member.name), member.tail());
  }
  console.error(`${diary[0]}: see ${folder}`);
}
