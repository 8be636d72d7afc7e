/** A resource that is kept in a table of the key-value store. */
import { type Context, N2OError, type Resource } from '@n2o/shared';

export interface KvsResourceOptions<Value> {
  /** The table that it is kept in. */
  readonly table: string;
  /**
   * Returns what is to be kept of a value that a client sent, without its `id`.
   * @throws N2O_REST_INVALID, with what is wrong with it
   */
  readonly validate: (value: unknown, context: Context) => Value | Promise<Value>;
  /** Makes the id of a value that came without one; by default a random UUID. */
  readonly newId?: () => string;
}

/** Entries that a list has at most, and by default. */
const MAX_LIST = 1_000;
const LIST = 100;

/** Bytes of an id. */
const MAX_ID = 200;

/**
 * What a module can export as `rest`. A list is read in the order of the ids: `?count=` at most so
 * many, `?after=` the last id of the page before, up to which the table is read again. Values have
 * their `id` as a member. Of two clients that create one id at the same moment, the later wins.
 */
export function kvsResource<Value extends object>(options: KvsResourceOptions<Value>): Resource {
  const { table, validate, newId = () => crypto.randomUUID() } = options;
  return {
    async list(query, { services }) {
      const { count, after } = query;
      const most = readCount(count);
      const values: unknown[] = [];
      for await (const { key, value } of services.kvs.all<Value>(table)) {
        if (after !== undefined && !isBehind(key, after)) continue;
        values.push({ ...value, id: key });
        if (values.length === most) break;
      }
      return values;
    },
    async get(id, { services }) {
      const value = await services.kvs.get<Value>(table, needId(id));
      return value && { ...value, id };
    },
    async create(value, context) {
      const kept = await validate(value, context);
      const id = readId(value) ?? newId();
      if ((await context.services.kvs.get(table, id)) !== undefined) {
        throw new N2OError('N2O_REST_INVALID', `there is '${id}' already`);
      }
      await context.services.kvs.put(table, id, kept);
      return { ...kept, id };
    },
    async update(id, value, context) {
      const { kvs } = context.services;
      const kept = await validate(value, context);
      if ((await kvs.get(table, needId(id))) === undefined) return undefined;
      await kvs.put(table, id, kept);
      return { ...kept, id };
    },
    async delete(id, { services }) {
      if ((await services.kvs.get(table, needId(id))) === undefined) return false;
      await services.kvs.delete(table, id);
      return true;
    },
  };
}

/** In the order of stores: that of the bytes. */
function isBehind(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}

/** The id that a client wants. @throws N2O_REST_INVALID */
function readId(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  const { id } = value;
  if (id === undefined || id === null) return undefined;
  if (typeof id !== 'string') throw new N2OError('N2O_REST_INVALID', 'the id is not a text');
  return needId(id);
}

/** @throws N2O_REST_INVALID */
function needId(id: string): string {
  // Addresses that end in dots are others to who follows them: nobody could read or delete it.
  if (id === '' || id === '.' || id === '..' || id.length > MAX_ID || id.includes('\0')) {
    const text = `an id has 1 to ${MAX_ID} characters, no NUL, and is neither . nor ..`;
    throw new N2OError('N2O_REST_INVALID', text);
  }
  return id;
}

/** @throws N2O_REST_INVALID */
function readCount(count: string | undefined): number {
  const most = count === undefined ? LIST : Number(count);
  if (Number.isInteger(most) && most >= 1 && most <= MAX_LIST) return most;
  throw new N2OError('N2O_REST_INVALID', `count is a number from 1 to ${MAX_LIST}`);
}
