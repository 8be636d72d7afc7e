/** Durations and sizes with their units: `30s`, `64KiB`. */

type Units = Readonly<Record<string, number>>;

/** From small to large. */
const MILLISECONDS: Units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const BYTES: Units = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 };

/** Reads `250`, `250ms`, `30s`, `5m`, `1h`, `7d` as milliseconds; anything else is given back as it is. */
export function milliseconds(value: unknown): unknown {
  return read(value, MILLISECONDS);
}

/** Reads `1024`, `1024B`, `64KiB`, `1MiB`, `2GiB` as bytes; anything else is given back as it is. */
export function bytes(value: unknown): unknown {
  return read(value, BYTES);
}

/** Writes milliseconds in the largest unit that fits: `30s`. */
export function durationText(milliseconds: number): string {
  return write(milliseconds, MILLISECONDS);
}

/** Writes bytes in the largest unit that fits: `64KiB`. */
export function sizeText(bytes: number): string {
  return write(bytes, BYTES);
}

function read(value: unknown, units: Units): unknown {
  const parts = typeof value === 'string' ? /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(value) : null;
  if (!parts) return value;
  const [, number, unit = ''] = parts;
  const factor = unit === '' ? 1 : new Map(Object.entries(units)).get(unit);
  return factor === undefined ? value : Number(number) * factor;
}

function write(value: number, units: Units): string {
  const [unit, factor] = Object.entries(units).findLast(([, size]) => value % size === 0) ?? [
    '',
    1,
  ];
  return `${value / factor}${unit}`;
}
