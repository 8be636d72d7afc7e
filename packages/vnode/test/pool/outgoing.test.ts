import { expect, it } from 'vitest';
import { Outgoing } from '../../src/pool/outgoing.ts';
import { GUEST, readRecords, TOLD } from '../../src/pool/records.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What leaves, as the answers of the store that are in it. */
function setUp() {
  const left: string[][] = [];
  const outgoing = new Outgoing((packed) => {
    const answers: string[] = [];
    readRecords(packed, (kind, _flags, _number, start, end) => {
      if (kind === TOLD) answers.push(Buffer.from(packed.subarray(start, end)).toString());
    });
    left.push(answers);
  });
  return { outgoing, left };
}

it('leaves when the turn ends', async () => {
  const { outgoing, left } = setUp();
  outgoing.tell(Buffer.from('a'));
  outgoing.tell(Buffer.from('b'));
  expect(left).toEqual([]);
  await turn();
  expect(left).toEqual([['a', 'b']]);
});

it('leaves at once before something else is said, and once', async () => {
  const { outgoing, left } = setUp();
  outgoing.tell(Buffer.from('a'));
  outgoing.flush();
  expect(left).toEqual([['a']]);
  outgoing.flush();
  await turn();
  expect(left).toEqual([['a']]);
  outgoing.tell(Buffer.from('b'));
  await turn();
  expect(left).toEqual([['a'], ['b']]);
});

it('leaves before the turn ends with every eighth request of HTTP', async () => {
  const packs: number[] = [];
  const outgoing = new Outgoing((packed) => {
    let guests = 0;
    readRecords(packed, (kind) => {
      if (kind === GUEST) guests++;
    });
    packs.push(guests);
  });
  for (let slot = 0; slot < 20; slot++) {
    const route = { client: `c${slot}`, module: 'm', version: '1', vnode: 1, user: '', token: '' };
    const event = {
      route: { ...route, origin: 'http' },
      payload: Buffer.from('x'),
      qos: 0,
      dup: false,
      settle: () => undefined,
    } as const;
    outgoing.event(event, slot, false);
  }
  expect(packs).toEqual([8, 8]);
  await turn();
  expect(packs).toEqual([8, 8, 4]);
});
