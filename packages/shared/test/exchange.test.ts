import { describe, expect, it } from 'vitest';
import {
  type HttpRequest,
  readRequest,
  readResponse,
  writeRequest,
  writeResponse,
} from '../src/exchange.ts';
import { atom } from '../src/formatters/bert/atom.ts';
import { createBert } from '../src/formatters/bert/bert.ts';
import { tuple } from '../src/formatters/bert/term.ts';
import { binary, textOf } from '../src/formatters/utf8.ts';

const bert = createBert();
const through = (value: unknown) => bert.decode(bert.encode(value).slice());

const request: HttpRequest = {
  kind: 'rest',
  scheme: 'https',
  method: 'PUT',
  path: '/rest/users/m%C3%A4x',
  query: 'q=1',
  headers: new Map([['content-type', 'application/json']]),
  body: binary('{"a":1}'),
  resource: 'users',
  id: 'mäx',
};

describe('an exchange with the HTTP port', () => {
  it('has requests that come out as they went in', () => {
    expect(readRequest(through(writeRequest(request)))).toEqual(request);
  });

  it('has responses that come out as they went in', () => {
    const response = {
      status: 404,
      headers: new Map([['content-type', 'text/html; charset=utf-8']]),
      body: new Uint8Array(),
    };
    expect(readResponse(through(writeResponse(response)))).toEqual(response);
  });

  it('has headers in lower case, whoever wrote them', () => {
    const headers = new Map([
      ['Content-Type', 'text/plain'],
      ['KEEP-ALIVE', 'timeout=5'],
    ]);
    const read = readResponse(through(writeResponse({ status: 200, headers, body: 'x' })));
    expect([...(read?.headers.keys() ?? [])]).toEqual(['content-type', 'keep-alive']);
  });

  it('has texts of any length and script', () => {
    for (const body of ['', 'a', 'ü'.repeat(10_000), '→'.repeat(9_999), '𝄞x'.repeat(5_000)]) {
      const response = { status: 200, headers: new Map([['x-a', body.slice(0, 300)]]), body };
      const read = readResponse(through(writeResponse(response)));
      expect(read).toEqual({ ...response, body: new TextEncoder().encode(body) });
    }
  });

  it('has texts with half a surrogate pair', () => {
    const response = { status: 200, headers: new Map(), body: 'a\ud800b\udc00' };
    const read = readResponse(through(writeResponse(response)));
    expect(textOf(read?.body ?? new Uint8Array())).toBe('a\ufffdb\ufffd');
  });

  it('has ids with line breaks, and no headers with any', () => {
    const odd = { ...request, id: 'a\nb\r\n%' };
    expect(readRequest(through(writeRequest(odd)))).toEqual(odd);
    const headers = new Map([['x-a', 'a\r\nset-cookie: b=1']]);
    const write = () => writeResponse({ status: 200, headers, body: '' });
    expect(write).toThrow(expect.objectContaining({ code: 'N2O_HTTP_FAILED' }));
    expect(() => writeRequest({ ...request, headers })).toThrow(/line break/);
  });

  it.each([
    ['text', 'http'],
    ['another tuple', tuple(atom('http'), 1)],
    ['a request without a body', tuple(atom('http'), new Map([[binary('kind'), binary('app')]]))],
    ['an error frame', tuple(atom('error'), binary('N2O_HANDLER_THREW'), binary('the handler'))],
    ['a status that is none', tuple(atom('http'), 99, new Map(), binary(''))],
  ])('is not read in %s', (_what, value) => {
    expect(readRequest(value)).toBeUndefined();
    expect(readResponse(value)).toBeUndefined();
  });
});
