/** An option: what it takes, what it is without, and what is said of it. */
import { z } from 'zod';
import type { Kind } from '../config/kinds.ts';

/** What is to be known of an option beside its values. */
export interface About extends Omit<Kind<unknown>, 'schema'> {
  readonly description: string;
  /** The default in words, where it is not a fixed value. */
  readonly byDefault?: string;
}

/** What the defaults depend on. */
export interface Machine {
  readonly cores: number;
  /** `NODE_ENV` is `production`. */
  readonly production: boolean;
}

/** Descriptions of options, by their schema. */
export const about = z.registry<About>();

/** An option with a default; `inWords` where that is not the same everywhere. */
export function option<Value, Written>(
  kind: Kind<Value, Written>,
  byDefault: Value,
  description: string,
  inWords?: string,
): z.ZodType<Value, Written | undefined> {
  const schema = kind.schema.default(byDefault as never) as z.ZodType<Value, Written | undefined>;
  return described(schema, kind, description, inWords);
}

/** An option that may be absent; `inWords` is what happens then. */
export function optional<Value, Written>(
  kind: Kind<Value, Written>,
  description: string,
  inWords: string,
): z.ZodType<Value | undefined, Written | undefined> {
  return described(kind.schema.optional(), kind, description, inWords);
}

function described<Schema extends z.ZodType, Value, Written>(
  schema: Schema,
  { schema: _, ...kind }: Kind<Value, Written>,
  description: string,
  inWords: string | undefined,
): Schema {
  about.add(schema, { ...kind, description, ...(inWords !== undefined && { byDefault: inWords }) });
  return schema;
}
