import { describe, expect, it } from 'vitest';
import { readAddress } from '../../src/link/address.ts';

describe('the topic of an event that came to a vnode', () => {
  it('says who speaks, and where the answer goes', () => {
    const address = readAddress('events/1/3/thermostat/dev1', 3);
    expect(address).toMatchObject({ client: 'dev1', module: 'thermostat', version: '1', vnode: 3 });
    expect(String(address?.actions)).toBe('actions/1/thermostat/dev1');
  });

  it('may be of the form of N2O 6', () => {
    const address = readAddress('events/1/3/index/anna/dev1/secret', 3);
    expect(address).toMatchObject({ client: 'dev1', user: 'anna', token: 'secret' });
    expect(String(address?.actions)).toBe('actions/1/index/dev1');
  });

  it('is answered under the module level as it was written', () => {
    const address = readAddress('events/1/3//dev1', 3);
    expect(address?.module).toBe('index');
    expect(String(address?.actions)).toBe('actions/1//dev1');
  });

  it.each([
    ['events/1/3/chat/dev1', undefined],
    ['n2o/tell/1/3/chat/dev1', 'server'],
    ['n2o/http/1/3/chat/dev1', 'http'],
  ])('%s says on whose behalf: %s', (topic, origin) => {
    const address = readAddress(topic, 3);
    expect(address).toMatchObject({ client: 'dev1', module: 'chat', version: '1', vnode: 3 });
    expect(address?.origin).toBe(origin);
    expect(String(address?.actions)).toBe('actions/1/chat/dev1');
  });

  it.each(['events/1/3/echo/', 'events/1/3/echo', 'events/1/3/a/b/c/d/e', 'x/1/3/a/b'])(
    'is none where nobody is to be answered: %s',
    (topic) => {
      expect(readAddress(topic, 3)).toBeUndefined();
    },
  );
});
