/** Gives a page the functions that N2O's script expects, over the client that `page.js` has left there. */
import { atom, binary, createLeanBert, Float, Tuple } from '@n2o/shared';
import { writtenValue } from '../nitro/postback.ts';
import { sourceValue } from '../nitro/source.ts';
import type { PageClient } from '../page-client.ts';
import { ftpOf } from './ftp.ts';

/** Pages whose actions come as JavaScript use these by name; terms are values of ours. */
function globalsOf(client: PageClient): Readonly<Record<string, unknown>> {
  const bert = createLeanBert();
  const bin = (value: unknown) => (value instanceof Uint8Array ? value : binary(String(value)));
  const enc = (term: unknown) => bert.encode(term);
  const report = (error: unknown) => {
    document.dispatchEvent(new CustomEvent('n2o-error', { detail: error }));
  };
  const send = (data: Uint8Array | string) => {
    const format = typeof data === 'string' ? 'text' : 'binary';
    client.send(client.module, data, { format }).catch(report);
  };
  return {
    enc,
    atom,
    bin,
    string: String,
    number: Number,
    float: (value: number) => new Float(value),
    tuple: (...items: readonly unknown[]) => new Tuple(items),
    list: (...items: readonly unknown[]) => items,
    map: (...pairs: readonly { k: unknown; v: unknown }[]) =>
      new Map(pairs.map(({ k, v }) => [k, v])),
    nil: () => [],
    utf8_toByteArray: (text: string) => binary(text),
    qi: (id: string) => document.getElementById(id),
    qs: (selector: string) => document.querySelector(selector),
    qa: (selector: string) => document.querySelectorAll(selector),
    qn: (name: string) => document.createElement(name),
    token: () => client.token,
    ws: { send },
    direct: (term: unknown) => send(enc(new Tuple([atom('direct'), term]))),
    querySourceRaw: sourceValue,
    querySource: (id: string) => writtenValue(sourceValue(id)),
    validateSources: () => true,
    ftp: ftpOf(client, report),
  };
}

/** What the page has of its own stays. */
for (const [name, value] of Object.entries(globalsOf(window.n2o))) {
  if (!Object.hasOwn(window, name)) Object.defineProperty(window, name, { value, writable: true });
}
