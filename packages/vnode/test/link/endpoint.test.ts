import { describe, expect, it } from 'vitest';
import { readEndpoint } from '../../src/link/endpoint.ts';

describe('the address of a broker', () => {
  it.each([
    ['mqtt://localhost', { host: 'localhost', port: 1883, secure: false }],
    ['mqtt://10.0.0.1:2883', { host: '10.0.0.1', port: 2883, secure: false }],
    ['mqtts://broker.example', { host: 'broker.example', port: 8883, secure: true }],
    ['mqtt://[::1]:1884', { host: '::1', port: 1884 }],
    ['mqtt://anna:p%40ss@b', { username: 'anna', password: 'p@ss', shown: 'mqtt://b:1883' }],
    ['mqtt://50%:100%@b', { username: '50%', password: '100%' }],
  ])('%s', (address, expected) => {
    expect(readEndpoint(address)).toMatchObject(expected);
  });

  it.each([
    ...['', 'localhost', 'http://b', 'mqtt://', 'ws://b/mqtt'],
    ...['mqtt://b:0', 'mqtt://b/x', 'mqtt://b?x=1', 'mqtt://u:12#3@b'],
  ])('is not %s', (address) => {
    expect(() => readEndpoint(address)).toThrow(
      expect.objectContaining({ code: 'N2O_CONFIG_OPTION' }),
    );
  });
});
