/** Where N2O's own browser files are, a folder for each of their revisions: see docs/compatibility.md. */
import { readdirSync } from 'node:fs';
import { it } from 'vitest';

/** Empty where nobody has named a folder. */
export const { N2O_ORIGINAL: ORIGINAL = '' } = process.env;

/** The names of the revisions. Where there are none, the test file says so. */
export function revisions(): readonly string[] {
  const names = ORIGINAL === '' ? [] : readdirSync(ORIGINAL);
  if (names.length === 0) {
    it("N2O's own browser files were not tried: N2O_ORIGINAL names no folder of them", ({ skip }) =>
      skip('see docs/compatibility.md'));
  }
  return names;
}
