/** End-to-end tests: the built app in a real Electron, each test with a data folder of its own. Run by `npm test`, which sets the runtime and the display. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results/e2e',
  // Each test starts an app with an engine and a demonstration feed of its own: two at once on two cores would measure each other.
  workers: 1,
  fullyParallel: false,
  // Drawing is in software and the first start fills caches; a test that waits longer than this waits for something that will not come.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // A test that passes only the second time has a cause, in itself or in the app, and is mended: `npm test` names it and counts it apart.
  retries: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
});
