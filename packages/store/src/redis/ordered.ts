/** Groups that are kept in order, in Redis: sorted sets whose members are a field, NUL and its value. */
import type { Extent, Range } from '@n2o/shared';
import { type Entry, Portion } from '../order.ts';
import type { Connection } from './connection.ts';
import { ENTRIES, type Groups, inPortions, type Values } from './groups.ts';

export class OrderedGroups implements Groups {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get(key: string, fields: readonly string[]): Promise<Values> {
    return inPortions(fields, async (some) => {
      const found = some.map((name) =>
        this.#members('zrangebylex', [key, `[${name}\0`, `(${name}\x01`, 'LIMIT', '0', '1']),
      );
      return (await Promise.all(found)).map((entries) => entries[0]?.[1]);
    });
  }

  async extent(key: string): Promise<Extent | undefined> {
    const [firsts, lasts, count] = await Promise.all([
      this.#members('zrange', [key, '0', '0']),
      this.#members('zrange', [key, '-1', '-1']),
      this.#connection.send('zcard', [key]),
    ]);
    const [first, last] = [firsts[0]?.[0], lasts[0]?.[0]];
    if (first === undefined || last === undefined) return undefined;
    return { first, last, count: Number(count) };
  }

  async range(key: string, { from, count, reverse = false }: Range): Promise<readonly Entry[]> {
    const portion = new Portion(count);
    let edge = from;
    while (portion.room > 0) {
      const asked = Math.min(portion.room, ENTRIES);
      const entries = await this.#page(key, edge, reverse, asked);
      for (const entry of entries) portion.take(entry);
      if (entries.length < asked) break;
      edge = entries.at(-1)?.[0];
    }
    return portion.entries;
  }

  async *entries(key: string): AsyncGenerator<Entry[]> {
    let edge: string | undefined;
    for (;;) {
      const entries = await this.#page(key, edge, false, ENTRIES);
      if (entries.length > 0) yield entries;
      if (entries.length < ENTRIES) return;
      edge = entries.at(-1)?.[0];
    }
  }

  #page(key: string, from: string | undefined, reverse: boolean, count: number): Promise<Entry[]> {
    // A member begins with its field and NUL: below that are all fields before it, above \x01 all behind.
    const [name, edges] = reverse
      ? ['zrevrangebylex', [from === undefined ? '+' : `(${from}\0`, '-']]
      : ['zrangebylex', [from === undefined ? '-' : `[${from}\x01`, '+']];
    return this.#members(name as string, [key, ...edges, 'LIMIT', '0', `${count}`]);
  }

  async #members(command: string, args: string[]): Promise<Entry[]> {
    const members = (await this.#connection.send(command, args)) as Buffer[];
    return members.map((member) => {
      const end = member.indexOf(0);
      return [member.toString('utf8', 0, end), member.subarray(end + 1)];
    });
  }
}
