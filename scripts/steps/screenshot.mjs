/** Draws the desk once in a data folder of its own and writes the window to a PNG, for machines without a screen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { _electron } from '@playwright/test';
import { environmentForDisplay, hasDisplay, startVirtualDisplay } from './display.mjs';
import { repositoryFolder, say } from './process.mjs';

const READY_TIMEOUT_MS = 60_000;

/** `state` is set on the page's root element when the first status picture is drawn. */
export async function takeScreenshot(runtime, file, args) {
  const virtual = hasDisplay() ? null : await startVirtualDisplay();
  if (virtual !== null) say(`no display here: drawing on a virtual one (${virtual.display})`);
  const dataFolder = mkdtempSync(join(tmpdir(), 'floorwatch-screenshot-'));
  try {
    const app = await _electron.launch({
      executablePath: runtime.executable,
      args: [repositoryFolder, ...runtime.args, `--data-dir=${dataFolder}`, ...args],
      env: { ...(virtual === null ? process.env : environmentForDisplay(virtual.display)), ...runtime.env },
    });
    try {
      const page = await app.firstWindow();
      await page.locator('[data-app-state="ready"]').first().waitFor({ state: 'attached', timeout: READY_TIMEOUT_MS });
      await page.screenshot({ path: file });
    } finally {
      await app.close();
    }
  } finally {
    virtual?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
