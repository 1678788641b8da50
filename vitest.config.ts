import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Processes that a test starts from a .ts file find `./x` as the bundler does. */
const childEnvironment = { NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'scripts', 'steps', 'typescript-imports.mjs')).href}` };

/** Two projects: unit tests touch no disk and no socket; integration tests use real SQLite, real sockets and real processes. */
export default defineConfig({
  test: {
    // By default one core is left idle for a person who watches; the suite is mostly run by nobody.
    maxWorkers: availableParallelism(),
    projects: [
      // A limit only for what hangs: on a machine that is busy with other things a property test of a second takes ten.
      // Pure code leaves nothing behind that a next file could meet, so the files of a worker share one loaded copy of it.
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], isolate: false, testTimeout: 20_000, setupFiles: ['tests/seed.ts'] } },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts', 'tests/faults/**/*.test.ts'],
          setupFiles: ['tests/seed.ts'],
          testTimeout: 60_000,
          // A hook may start a broker or a desk; what is judged is in the tests.
          hookTimeout: 60_000,
          env: childEnvironment,
        },
      },
    ],
  },
});
