import { on } from 'node:events';
import { renameSync, rmSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { N2OError } from '@n2o/shared';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ModuleWatch, watchModules } from '../../src/modules/watch.ts';
import { appFolder, write } from './app-folder.ts';

/** A watch that counts, and whose next call can be awaited. */
async function watching(folder: string): Promise<{
  readonly calls: () => number;
  readonly next: () => Promise<void>;
  readonly watch: ModuleWatch;
}> {
  let calls = 0;
  let wake = (): void => {};
  const watch = await watchModules(
    folder,
    () => {
      calls++;
      wake();
    },
    { quiet: 30 },
  );
  onTestFinished(() => watch.close());
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return { calls: () => calls, next, watch };
}

/** The next change of a file, as the system tells it. */
async function changeOf(file: string): Promise<void> {
  const watcher = watch(dirname(file));
  for await (const [, name] of on(watcher, 'change')) if (name === basename(file)) break;
  watcher.close();
}

describe('a watched folder', () => {
  it('tells of files that change, come, go and move, in whatever depth', async () => {
    const folder = appFolder({ 'a.ts': '1', 'lib/deep/b.ts': '1' });
    const { next, calls } = await watching(folder);
    const steps: (() => void)[] = [
      () => write(folder, { 'a.ts': '2' }),
      () => write(folder, { 'lib/deep/b.ts': '2' }),
      () => write(folder, { 'new/c.ts': '1' }),
      () => write(folder, { 'new/c.ts': '2' }),
      () => renameSync(join(folder, 'new/c.ts'), join(folder, 'lib/c.ts')),
      () => rmSync(join(folder, 'lib/deep'), { recursive: true }),
      () => write(folder, { 'lib/deep/b.ts': '3' }),
      () => write(folder, { 'lib/deep/b.ts': '4' }),
    ];
    for (const [i, step] of steps.entries()) {
      const told = next();
      step();
      await told;
      expect(calls()).toBeGreaterThan(i);
    }
  });

  it('tells of a burst of changes once', async () => {
    const folder = appFolder({ 'a.ts': '0' });
    const { next, calls } = await watching(folder);
    const told = next();
    for (let i = 0; i < 20; i++) write(folder, { 'a.ts': `${i}`, [`b${i}.ts`]: '' });
    await told;
    expect(calls()).toBe(1);
  });

  it('does not tell of installed packages and hidden files', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const folder = appFolder({ 'a.ts': '1', 'node_modules/p/index.js': '1', '.git/HEAD': '1' });
    await watching(folder);
    const changes = { 'node_modules/p/index.js': '2', '.git/HEAD': '2', '.a.ts.swp': '1' };
    const seen = Object.keys(changes).map((file) => changeOf(join(folder, file)));
    write(folder, changes);
    await Promise.all(seen);
    expect(vi.getTimerCount()).toBe(0);
    const other = changeOf(join(folder, 'a.ts'));
    write(folder, { 'a.ts': '2' });
    await other;
    expect(vi.getTimerCount()).toBe(1);
  });

  it('is quiet once the watch is closed', async () => {
    const folder = appFolder({ 'a.ts': '1' });
    const closed = await watching(folder);
    const open = await watching(folder);
    closed.watch.close();
    closed.watch.close();
    const told = open.next();
    write(folder, { 'a.ts': '2' });
    await told;
    expect(closed.calls()).toBe(0);
  });

  it('must be there', async () => {
    const folder = join(appFolder({}), 'nowhere');
    const thrown = await watchModules(folder, () => {}).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(N2OError);
    expect((thrown as N2OError).message).toContain(`${folder}: cannot be watched`);
  });
});
