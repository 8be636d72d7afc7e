/** Runs the golden vectors: what Erlang's N2O puts on the wire, read where they are kept. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const FOLDER =
  process.env.VECTORS ?? fileURLToPath(new URL('../../../../../shared/vectors', import.meta.url));

/** A line of a file of vectors; the README beside them says what its fields mean. */
export type Line = Readonly<Record<string, unknown>>;

/** Lines that we knowingly read or write otherwise. */
export interface Difference {
  readonly reason: string;
  readonly covers: (line: Line) => boolean;
}

/** All lines of a file. */
export function lines(file: string): Line[] {
  const path = `${FOLDER}/${file}`;
  expect(existsSync(path), `${path} is missing; VECTORS names another folder`).toBe(true);
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text): Line => JSON.parse(text));
}

/**
 * Holds every line of a file to a check, which throws when we differ. A line that differs must be in
 * the table of differences, and a line in the table must differ.
 */
export function run(
  file: string,
  check: (line: Line) => void,
  differences: readonly Difference[] = [],
): void {
  const all = lines(file);
  const counts = new Map(differences.map(({ reason }) => [reason, 0]));
  const wrong: string[] = [];
  let passed = 0;
  for (const [i, line] of all.entries()) {
    const known = differences.find(({ covers }) => covers(line));
    const failure = failureOf(() => check(line));
    if (failure === undefined) passed++;
    if (known !== undefined) counts.set(known.reason, (counts.get(known.reason) ?? 0) + 1);
    if (failure !== undefined && known === undefined) {
      wrong.push(`line ${i + 1}: ${failure}\n  ${JSON.stringify(line).slice(0, 300)}`);
    }
    if (failure === undefined && known !== undefined) {
      wrong.push(`line ${i + 1} is no longer different: ${known.reason}`);
    }
  }
  const different = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.info(`${file}: ${all.length} read, ${passed} passed, ${different} knowingly different`);
  for (const [reason, count] of counts) console.info(`  ${count} × ${reason}`);
  expect(wrong.join('\n')).toBe('');
  expect(passed + different).toBe(all.length);
  for (const [reason, count] of counts) expect(count, `no line for: ${reason}`).toBeGreaterThan(0);
}

function failureOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The bytes of hex text. */
export function bytesOf(hex: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(String(hex), 'hex'));
}

/** The bytes of a line: its `hex`, or its `hex_parts`. */
export function payloadOf(line: Line): Uint8Array {
  if (line.hex !== undefined) return bytesOf(line.hex);
  const parts = line.hex_parts as readonly (readonly [string, number])[];
  return bytesOf(parts.map(([hex, times]) => hex.repeat(times)).join(''));
}

/** Bytes as hex text. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
