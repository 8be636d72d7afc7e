import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..');
const root = await mkdtemp(join(tmpdir(), 'n2o-store-'));
afterAll(() => rm(root, { recursive: true, force: true }));

/** Says the number of what is there, then the last one of what is kept, again and again. */
const WRITER = `
  import { Journal, openFolderStore } from '@n2o/store';
  const store = await openFolderStore({ folder: process.argv[1] });
  const name = (i) => String(i).padStart(9, '0');
  let i = (await store.extent('log'))?.count ?? 0;
  const last = (await store.get('state', ['last']))[0];
  process.stdout.write(i + ' ' + (last ? String(last) : 0) + '\\n');
  const journal = new Journal({
    store,
    onState: (down) => process.stdout.write((down ? 'down ' + down.message : 'up') + '\\n'),
  });
  const work = () => {
    for (let n = 0; n < 20; n++) {
      i++;
      journal.put('log', name(i), Buffer.alloc(100));
      journal.put('state', 'last', Buffer.from(String(i)));
    }
    const said = i;
    journal.kept(() => process.stdout.write(said + '\\n'));
    if (journal.isFull || journal.down) setTimeout(work, 10);
    else setImmediate(work);
  };
  work();`;

function start(folder: string): { child: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, folder], {
    cwd: PACKAGE,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

it('a folder has everything that was confirmed before its process was killed, again and again', async () => {
  const folder = join(root, 'killed');
  let confirmed = 0;
  for (let round = 0; round < 6; round++) {
    const { child, lines } = start(folder);
    const [count, last] = String((await lines.next()).value)
      .split(' ')
      .map(Number);
    expect(count).toBeGreaterThanOrEqual(confirmed);
    // Both were put in the same turn: the one is not there without the other.
    expect(last).toBe(count);
    for (let n = 0; n < 30 + round * 17; n++) confirmed = Number((await lines.next()).value);
    const killed = kill(child);
    for (let line = await lines.next(); !line.done; line = await lines.next())
      confirmed = Number(line.value);
    await killed;
  }
});

// Only Linux can change the limits of a process that runs.
if (process.platform === 'linux')
  it('a folder whose disk is full takes no changes, says so, and goes on when there is room', async () => {
    const { child, lines } = start(join(root, 'full'));
    const limit = async (size: string) => {
      const prlimit = spawn('prlimit', ['--pid', `${child.pid}`, `--fsize=${size}`]);
      expect((await once(prlimit, 'exit'))[0]).toBe(0);
    };
    await lines.next();
    await limit('200000:unlimited');
    let line = '';
    const isDown = async () => {
      do line = String((await lines.next()).value);
      while (!line.startsWith('down'));
    };
    await isDown();
    expect(line).toMatch(/takes no changes: .*File too large/);
    // Now it cannot even be opened anew.
    await limit('1000:unlimited');
    await isDown();
    expect(line).toMatch(/takes no changes: .*File too large/);
    await limit('unlimited:unlimited');
    while (line !== 'up') line = String((await lines.next()).value);
    const before = Number((await lines.next()).value);
    expect(Number((await lines.next()).value)).toBeGreaterThan(before);
    await kill(child);
  });
