import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Processes that a test starts from a .ts file find `./x` as the bundler does. */
const childEnvironment = { NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'scripts', 'steps', 'typescript-imports.mjs')).href}` };

/** Two projects: unit tests touch no disk and no socket; integration tests use real SQLite, real sockets and real processes. */
export default defineConfig({
  test: {
    projects: [
      // Vitest's own limit of 5 s: a test that needs longer on a busy machine says so itself, or is a proof (tests/prove).
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts', 'tests/faults/**/*.test.ts'],
          testTimeout: 30_000,
          // A hook may start a broker or a desk; what is judged is in the tests.
          hookTimeout: 60_000,
          env: childEnvironment,
        },
      },
    ],
  },
});
