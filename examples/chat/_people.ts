/** Who is in the room, by name: one with two pages counts once. */
import type { Context, Services } from 'n2o';

/** Of whom nothing was heard for so long, the goodbye got lost. Milliseconds. */
const LONG = 86_400_000;

interface Person {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export function arrive({ client, services }: Context, place: string, name: string): Promise<void> {
  return services.kvs.put(tableOf(place), client, { name, since: Date.now() } satisfies Person);
}

export function depart({ client, services }: Context, place: string): Promise<void> {
  return services.kvs.delete(tableOf(place), client);
}

/** Their names, in order. */
export async function present({ kvs }: Services, place: string): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { key, value } of kvs.all<Person>(tableOf(place))) {
    if (Date.now() - value.since < LONG) names.add(value.name);
    else await kvs.delete(tableOf(place), key);
  }
  return [...names].sort();
}

function tableOf(place: string): string {
  return `${place}/people`;
}
