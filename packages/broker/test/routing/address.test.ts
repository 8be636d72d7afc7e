import { describe, expect, it } from 'vitest';
import { readAddress } from '../../src/routing/address.ts';

const read = (topic: string) => {
  const { address, refused } = readAddress(topic, 'dev1', 9);
  const { client, module, version, vnode, user, token, actions } = address;
  return { client, module, version, vnode, user, token, actions, refused };
};

describe('an events topic', () => {
  const plain = { client: 'dev1', version: '1', vnode: 9, user: '', token: '', refused: undefined };

  it.each([
    ['events/1/9/echo/dev1', { ...plain, module: 'echo', actions: 'actions/1/echo/dev1' }],
    ['events/1//echo/dev1', { ...plain, module: 'echo', actions: 'actions/1/echo/dev1' }],
    ['events/1/3/echo/dev1', { ...plain, module: 'echo', actions: 'actions/1/echo/dev1' }],
    ['events/1/nobody/echo/dev1', { ...plain, module: 'echo', actions: 'actions/1/echo/dev1' }],
    ['events/1//echo/', { ...plain, module: 'echo', actions: 'actions/1/echo/dev1' }],
    [
      'events/2//echo/dev1',
      { ...plain, version: '2', module: 'echo', actions: 'actions/2/echo/dev1' },
    ],
    ['events/1///dev1', { ...plain, module: 'index', actions: 'actions/1//dev1' }],
    [
      'events/1//echo/ann/dev1/secret',
      { ...plain, module: 'echo', actions: 'actions/1/echo/dev1', user: 'ann', token: 'secret' },
    ],
    ['events/1//echo///', { ...plain, module: 'echo', actions: 'actions/1/echo/dev1' }],
    [
      'events/1//__proto__/dev1',
      { ...plain, module: '__proto__', actions: 'actions/1/__proto__/dev1' },
    ],
  ])('%s is read', (topic, expected) => {
    expect(read(topic)).toEqual(expected);
  });

  it.each([
    ['events/1//echo/dev2', 'actions/1/echo/dev1'],
    ['events/1//echo/ann/dev2/', 'actions/1/echo/dev1'],
    ['events/1//echo/Dev1', 'actions/1/echo/dev1'],
    ['events/1//echo/dev1 ', 'actions/1/echo/dev1'],
  ])('%s is refused as foreign, on the own topic of its sender', (topic, actions) => {
    expect(read(topic)).toMatchObject({ refused: 'N2O_EVENT_FOREIGN', actions, client: 'dev1' });
  });

  it.each([
    'events/',
    'events/1',
    'events/1//echo',
    'events///echo/dev1',
    'events/1//echo/ann/dev1',
    'events/1//echo/a/b/c/d',
  ])('%s is refused for its form', (topic) => {
    expect(read(topic)).toMatchObject({
      refused: 'N2O_EVENT_TOPIC',
      actions: 'actions/1/index/dev1',
    });
  });

  it('is known again by its bytes, wherever they lie', () => {
    const { address } = readAddress('events/1//echo/dev1', 'dev1', 9);
    const buffer = Buffer.from('xxevents/1//echo/dev1yy');
    expect(address.isAt(buffer, 2, buffer.length - 2)).toBe(true);
    expect(address.isAt(buffer, 2, buffer.length - 1)).toBe(false);
    expect(address.isAt(buffer, 1, buffer.length - 3)).toBe(false);
    expect(address.isAt(Buffer.from('events/2//echo/dev1'), 0, 19)).toBe(false);
  });
});
