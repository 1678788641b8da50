import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Processes that a test starts from a .ts file find `./x` as the bundler does. */
const childEnvironment = { NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'scripts', 'steps', 'typescript-imports.mjs')).href}` };

/** Two projects: unit tests touch no disk and no socket; integration tests use real SQLite, real sockets and real processes. */
export default defineConfig({
  test: {
    projects: [
      // Property tests take seconds on a machine that shares its cores; the limit is for what hangs, not for what is slow.
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts', 'tests/faults/**/*.test.ts'],
          testTimeout: 30_000,
          env: childEnvironment,
        },
      },
    ],
  },
});
