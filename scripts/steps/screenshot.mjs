/** Draws the desk once in a data folder of its own and writes the window to a PNG, for machines without a screen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { _electron } from '@playwright/test';
import { environmentForDisplay, hasDisplay, startVirtualDisplay } from './display.mjs';
import { repositoryFolder, say } from './process.mjs';

const READY_TIMEOUT_MS = 60_000;
/** A desk without accounts (no feed, an empty source) draws none however long one waits. */
const PICTURE_TIMEOUT_MS = 20_000;

/** Waits for the first status picture, which the page says on its root element, and then for a risk map with accounts in it. */
export async function takeScreenshot(runtime, file, args) {
  const virtual = hasDisplay() ? null : await startVirtualDisplay();
  if (virtual !== null) say(`no display here: drawing on a virtual one (${virtual.display})`);
  const dataFolder = mkdtempSync(join(tmpdir(), 'floorwatch-screenshot-'));
  try {
    const app = await _electron.launch({
      executablePath: runtime.executable,
      // Chromium would leave files in the home folder before the app can say where they belong.
      args: [repositoryFolder, ...runtime.args, `--user-data-dir=${join(dataFolder, 'profile')}`, `--data-dir=${dataFolder}`, ...args],
      env: { ...(virtual === null ? process.env : environmentForDisplay(virtual.display)), ...runtime.env },
    });
    try {
      const page = await app.firstWindow();
      await page.locator('[data-app-state="ready"]').first().waitFor({ state: 'attached', timeout: READY_TIMEOUT_MS });
      const map = page.locator('[data-testid="heatmap"]').first();
      await map
        .waitFor({ state: 'visible', timeout: PICTURE_TIMEOUT_MS })
        .catch(() => say('no account to draw yet: the picture shows the desk as it is'));
      await page.screenshot({ path: file });
    } finally {
      await app.close();
    }
  } finally {
    virtual?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
