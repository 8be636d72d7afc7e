/** Who is in the room, by name: one with two pages counts once. */
import type { Context, Services } from 'n2o';

const TABLE = 'chat/people';

/** Of whom nothing was heard for so long, the goodbye got lost. Milliseconds. */
const LONG = 86_400_000;

interface Person {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export function arrive({ client, services }: Context, name: string): Promise<void> {
  return services.kvs.put(TABLE, client, { name, since: Date.now() } satisfies Person);
}

export function depart({ client, services }: Context): Promise<void> {
  return services.kvs.delete(TABLE, client);
}

/** Their names, in order. */
export async function present({ kvs }: Services): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { key, value } of kvs.all<Person>(TABLE)) {
    if (Date.now() - value.since < LONG) names.add(value.name);
    else await kvs.delete(TABLE, key);
  }
  return [...names].sort();
}
