/** What is known of each device: kept in the store, and changed in its device's own events alone. */
import type { Context, Services } from 'n2o';

/** Degrees Celsius that a target can have. */
export const LOWEST = 5;
export const HIGHEST = 30;

/** Measurements that are kept. */
export const POINTS = 60;

const TABLE = 'thermostat/devices';

/** Of whom nothing was heard for so long is forgotten. Milliseconds. */
const LONG = 86_400_000;

export interface Point {
  readonly measured: number;
  readonly target: number;
}

export interface Device {
  /** Degrees Celsius. */
  readonly target: number;
  readonly measured: number | null;
  readonly heating: boolean;
  readonly here: boolean;
  /** Milliseconds since 1970. */
  readonly heard: number;
  readonly points: readonly Point[];
}

/** What is new of a device. */
export type Changes = Partial<Pick<Device, 'target' | 'here'> & { readonly measured: number }>;

const NEW: Device = {
  target: 20,
  measured: null,
  heating: false,
  here: true,
  heard: 0,
  points: [],
};

/** The device that says something; one of which nothing is known is a new one. */
export async function deviceOf(context: Context): Promise<Device> {
  return (await known(context)) ?? NEW;
}

export function known({ client, services }: Context): Promise<Device | undefined> {
  return services.kvs.get<Device>(TABLE, client);
}

export function keep({ client, services }: Context, device: Device): Promise<void> {
  return services.kvs.put(TABLE, client, device);
}

/** A device with what is new of it. */
export function next(changes: Changes, before = NEW): Device {
  const { measured = before.measured, here = true } = changes;
  const target = Math.min(HIGHEST, Math.max(LOWEST, changes.target ?? before.target));
  const heating = measured !== null && measured < target;
  const point = changes.measured === undefined ? [] : [{ measured: changes.measured, target }];
  const points = [...before.points, ...point].slice(-POINTS);
  return { target, measured, heating, here, heard: Date.now(), points };
}

export async function* devices({ kvs }: Services): AsyncGenerator<readonly [string, Device]> {
  for await (const { key, value } of kvs.all<Device>(TABLE)) {
    if (Date.now() - value.heard < LONG) yield [key, value];
    else await kvs.delete(TABLE, key);
  }
}
