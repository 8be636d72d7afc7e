import { binary, type Change, N2OError, type Store, textOf } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../src/memory.ts';
import { createNearStore } from '../src/near.ts';
import { serveStore } from '../src/remote/serve.ts';
import { createRemoteStore, type RemoteStore } from '../src/remote/store.ts';
import { conforms } from './conformance.ts';

/** A store in another thread: what is said arrives later, in its order. */
function openFar(behind: Store): RemoteStore & { asked: number } {
  const remote = Object.assign(
    createRemoteStore(
      {
        send(request) {
          remote.asked++;
          const copy = Uint8Array.from(request);
          setImmediate(() => {
            void serveStore(behind, copy, (answer) => {
              const said = Uint8Array.from(answer);
              setImmediate(() => remote.hear(said));
            });
          });
        },
        close: async () => {},
      },
      { follows: true },
    ),
    { asked: 0 },
  );
  return remote;
}

const open = (behind: Store) => createNearStore(openFar(behind), () => true);
const put = (field: string, value: string, group = 'g'): Change => ({
  group,
  field,
  value: binary(value),
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function read(store: Store, field: string, group = 'g'): Promise<string | undefined> {
  const [value] = await store.get(group, [field]);
  return value && textOf(value);
}

const behind = createMemoryStore();
conforms('a store that keeps what was read', {
  open: async () => open(behind),
  shared: true,
  seesLater: true,
});

describe('a store that keeps what was read', () => {
  it('asks once for what does not change, and whether it is there', async () => {
    const far = openFar(createMemoryStore());
    const near = createNearStore(far, (group) => group === 'g');
    await near.commit([put('a', '1')]);
    const before = far.asked;
    for (let i = 0; i < 3; i++) {
      expect(await read(near, 'a')).toBe('1');
      expect(await read(near, 'b')).toBeUndefined();
    }
    expect(far.asked - before).toBe(2);
    for (let i = 0; i < 3; i++) await read(near, 'a', 'another');
    expect(far.asked - before).toBe(5);
  });

  it('sees what others have changed, once they know that it is', async () => {
    const behind = createMemoryStore();
    const [ours, theirs] = [open(behind), open(behind)];
    for (let i = 0; i < 20; i++) {
      await theirs.commit([put('a', `${i}`)]);
      expect(await read(ours, 'a')).toBe(`${i}`);
      expect(await read(ours, 'a')).toBe(`${i}`);
    }
    await theirs.commit([{ group: 'g', drop: true }]);
    expect(await read(ours, 'a')).toBeUndefined();
  });

  it('sees its own changes at once, whatever is on its way', async () => {
    const near = open(createMemoryStore());
    const before = read(near, 'a');
    const kept = near.commit([put('a', '1')]);
    const during = read(near, 'a');
    expect(await Promise.all([before, during])).toEqual([undefined, '1']);
    await kept;
    expect(await read(near, 'a')).toBe('1');
    void near.commit([put('a', '2')]);
    expect(await read(near, 'a')).toBe('2');
  });

  it('is never behind what was read or made before, with many at it', async () => {
    const behind = createMemoryStore();
    const threads = Array.from({ length: 3 }, () => open(behind));
    let kept = 0;
    let made = 0;
    const changes = async (thread: Store) => {
      for (let i = 0; i < 100; i++) {
        const mine = ++made;
        await thread.commit([put('a', `${mine}`)]);
        kept = Math.max(kept, mine);
        await read(thread, 'a');
      }
    };
    const reads = async (thread: Store) => {
      let last = 0;
      while (kept < 100) {
        const atLeast = Math.max(last, kept);
        last = Number((await read(thread, 'a')) ?? 0);
        expect(last).toBeGreaterThanOrEqual(atLeast);
        await turn();
      }
    };
    const [first, ...others] = threads as [Store, ...Store[]];
    await Promise.all([changes(first), ...others.map(reads), reads(first)]);
  });

  it('does not keep what could not be read, nor what changed while it was', async () => {
    const behind = createMemoryStore();
    const far = openFar(behind);
    const near = createNearStore(far, () => true);
    const asked = near.get('g', ['a']);
    far.lost(new N2OError('N2O_STORE_UNAVAILABLE'));
    await expect(asked).rejects.toMatchObject({ code: 'N2O_STORE_UNAVAILABLE' });
    const reading = read(near, 'a');
    await behind.commit([put('a', '1')]);
    expect(await reading).toBe('1');
    expect(await read(near, 'a')).toBe('1');
  });

  it('keeps the groups that were read last', async () => {
    const far = openFar(createMemoryStore());
    const near = createNearStore(far, () => true);
    await Promise.all(Array.from({ length: 5_000 }, (_, i) => read(near, 'a', `g${i}`)));
    const before = far.asked;
    await read(near, 'a', 'g4999');
    expect(far.asked).toBe(before);
    await read(near, 'a', 'g0');
    expect(far.asked).toBe(before + 1);
  });

  it('is the store itself where that cannot be followed', () => {
    const store = Object.assign(createMemoryStore(), { follow: undefined });
    expect(createNearStore(store, () => true)).toBe(store);
  });
});
