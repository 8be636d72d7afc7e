/** Groups in Redis that are not kept in order: hashes. */
import type { Extent } from '@n2o/shared';
import { widen } from '../extent.ts';
import type { Entry } from '../order.ts';
import type { Connection } from './connection.ts';
import { ENTRIES, FIELDS, type Groups, inPortions, type Values } from './groups.ts';
import { isUnknownScript, SCRIPTS } from './script.ts';

export class HashGroups implements Groups {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get(key: string, fields: readonly string[]): Promise<Values> {
    return inPortions(fields, async (some) => {
      const values = await this.#connection.send('hmget', [key, ...some]);
      return (values as (Buffer | null)[]).map((value) => value ?? undefined);
    });
  }

  async extent(key: string): Promise<Extent | undefined> {
    let extent: Extent | undefined;
    let cursor = '0';
    do {
      const [next, fields] = await this.#fields(key, cursor);
      extent = widen(extent, fields.map(String));
      cursor = String(next);
    } while (cursor !== '0');
    // A field may have been met twice while the hash grew.
    return extent && { ...extent, count: Number(await this.#connection.send('hlen', [key])) };
  }

  async *entries(key: string): AsyncGenerator<Entry[]> {
    let cursor = '0';
    do {
      const args = [key, cursor, 'COUNT', String(ENTRIES)];
      const [next, flat] = (await this.#connection.send('hscan', args)) as [Buffer, Buffer[]];
      const page: Entry[] = [];
      for (let i = 0; i + 1 < flat.length; i += 2)
        page.push([String(flat[i]), flat[i + 1] as Buffer]);
      if (page.length > 0) yield page;
      cursor = String(next);
    } while (cursor !== '0');
  }

  async #fields(key: string, cursor: string): Promise<[next: Buffer, fields: Buffer[]]> {
    const { sha, text } = SCRIPTS.fields;
    const rest = ['1', key, cursor, String(FIELDS)];
    let reply: unknown;
    try {
      reply = await this.#connection.send('evalsha', [sha, ...rest]);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      reply = await this.#connection.send('eval', [text, ...rest]);
    }
    return reply as [Buffer, Buffer[]];
  }
}
