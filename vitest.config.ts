/** How the tests run: those of the packages, and those that need more than one. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Built packages are what users import: they run as they are, not transformed again.
    // Each starts processes of its own, browsers among them: more at once would only wait longer.
    maxWorkers: 2,
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
  },
});
