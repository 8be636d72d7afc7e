/** How the tests run: those of the packages, and those that need more than one. */
import { defineConfig } from 'vitest/config';

/**
 * Where a browser or a command is waited for, a machine that is busy for a moment fails a test. In CI
 * these are tried a second time, and told of. What must never be lost or swapped is tried once.
 */
const PATIENT = [
  'test/browser/**/*.test.ts',
  'packages/client/test/browser/**/*.test.ts',
  'packages/n2o/test/**/*.test.ts',
];

/**
 * These have a process each: they measure what theirs uses, change its folder, or load the machine.
 * All others have one in common, which loads a package once, not once for every file. So they leave
 * nothing behind: what a test stubs, spies on or listens with goes with it.
 */
const ALONE = [
  'packages/broker/test/gateway/body.test.ts',
  'packages/broker/test/wire/frame.test.ts',
  'packages/shared/test/formatters/bert.test.ts',
  'test/{cluster,compose,end-to-end,faults,hostile,scripts}/**/*.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Built packages are what users import: they run as they are, not transformed again.
    // Each starts processes of its own, browsers among them: more at once would only wait longer.
    maxWorkers: 2,
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      {
        extends: true,
        test: {
          name: 'once',
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...ALONE, ...PATIENT],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'patient', include: PATIENT, retry: process.env.CI ? 1 : 0 },
      },
    ],
  },
});
