import type { Context, ModuleDefinition } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { type Pages, say, startPages } from '../protocols/pages.ts';

/** What the module was told, last. */
let sid: string | undefined;

const index: ModuleDefinition = {
  async client(_message, { session }: Context) {
    sid = (await session.identity())?.sid;
  },
};

async function sidOf(pages: Pages): Promise<string | undefined> {
  sid = 'not asked';
  await pages.say(say('client', 1));
  return sid;
}

describe('whose session it is', () => {
  it.each([
    ['ends', ({ services }: Pages, sid: string) => services.sessions.end(sid)],
    ['is renewed', ({ services }: Pages, sid: string) => services.sessions.renew(sid)],
  ])('is nobody’s any more once it %s in another worker', async (_how, change) => {
    const pages = await startPages({ modules: { index } });
    await pages.say('N2O,');
    const before = await sidOf(pages);
    expect(before).toMatch(/^[\da-f]{40}$/);
    await change(pages, before as string);
    expect(await sidOf(pages)).toBeUndefined();
    await pages.say('N2O,');
    expect(await sidOf(pages)).toMatch(/^[\da-f]{40}$/);
  });
});
