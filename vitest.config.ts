import { defineConfig } from 'vitest/config';

/** Two projects: unit tests touch no disk and no socket; integration tests use real SQLite, real sockets and real processes. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { test: { name: 'integration', include: ['tests/integration/**/*.test.ts', 'tests/faults/**/*.test.ts'], testTimeout: 30_000 } },
    ],
  },
});
