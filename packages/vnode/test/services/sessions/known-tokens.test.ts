import { describe, expect, it, vi } from 'vitest';
import { KnownTokens } from '../../../src/services/sessions/known-tokens.ts';

const token = (text: string) => (text === 'forged' ? undefined : { sid: text, until: 1 });

describe('known tokens', () => {
  it('are opened once, and forged ones each time', () => {
    const read = vi.fn(token);
    const tokens = new KnownTokens(read);
    for (const text of ['a', 'forged', 'a', 'forged']) {
      expect(tokens.get(text)).toEqual(token(text));
    }
    expect(read.mock.calls).toEqual([['a'], ['forged'], ['forged']]);
  });

  it('are forgotten when others were shown more lately', () => {
    const read = vi.fn(token);
    const tokens = new KnownTokens(read);
    tokens.get('rare');
    for (let i = 0; i < 10_000; i++) {
      tokens.get(`${i}`);
      tokens.get('often');
    }
    read.mockClear();
    tokens.get('often');
    tokens.get('rare');
    expect(read.mock.calls).toEqual([['rare']]);
  });
});
