import { expect, it } from 'vitest';
import { Outgoing } from '../../src/pool/outgoing.ts';
import { readRecords, TOLD } from '../../src/pool/records.ts';

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
