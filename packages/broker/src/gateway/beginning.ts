/** The beginning that N2O's own pages say, with the query of their address: that they ask for with their WebSocket. */
import { isQuery } from '@n2o/shared';

/** `N2O,<token>` and nothing behind it. */
const BEGINNING = /^N2O,[^,]*$/;

/** Bytes that a beginning with a token has at most. */
const LONGEST = 4_096;

/** The query of an address, as a page may be asked for; empty where it is none, or too long. */
export function queryOf(url: string): string {
  const at = url.indexOf('?');
  const query = at < 0 ? '' : url.slice(at + 1);
  return isQuery(query) ? query : '';
}

/** The same message, or a beginning that says the query too; the runtime is the one for who names none. */
export function withQuery(payload: Uint8Array, query: string): Uint8Array {
  if (query === '' || payload[0] !== 78 || payload.length > LONGEST) return payload;
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('latin1');
  return BEGINNING.test(text) ? Buffer.from(`${text},,${query}`, 'latin1') : payload;
}
