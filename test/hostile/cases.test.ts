import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENTS, LIMITS } from './clients.ts';
import { settled } from './memory.ts';
import { type Stage, setStage } from './stage.ts';
import { STRANGERS } from './strangers.ts';

const TABLES = [
  ['before CONNECT', STRANGERS, false],
  ['after CONNECT', CLIENTS, true],
] as const;

let stage: Stage;

beforeAll(async () => {
  // Nothing here is closed only because time passes.
  stage = await setStage({ limits: { ...LIMITS, connectTimeout: 3_600_000 } });
});

afterAll(() => stage.close());

describe.each(TABLES)('%s', (_, cases, connected) => {
  it.each(Object.entries(cases))('%s', async (_name, one) => {
    const { hears } = await stage.play(one, connected);
    if (one.hears !== 'whatever') expect(hears).toEqual(one.hears);
    await stage.unharmed();
  });
});

it('all of them, again and again, leave nothing behind', async () => {
  const round = async () => {
    for (const [, cases, connected] of TABLES) {
      for (const one of Object.values(cases)) await stage.play(one, connected);
    }
    await stage.unharmed();
  };
  for (let i = 0; i < 3; i++) await round();
  const before = await settled();
  for (let i = 0; i < 8; i++) await round();
  const after = await settled();
  // A leak of one KiB a case would be more.
  expect(after - before).toBeLessThan(1 << 20);
});
