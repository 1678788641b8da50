/** Real market days replayed in the app: quotes move and accounts are valued. Runs where the material lies beside the checkout, and says so where not. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { openPanel } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { hasSharedMaterial, sharedFile } from '#tests/helpers/shared-material';

const DAYS = [
  ['xauusd', 'xauusd-2014-05-01-quotes.csv.gz'],
  ['comex-gc', 'comex-gc-2013-10-07-trades.csv.gz'],
] as const;

for (const [kind, file] of DAYS) {
  test(`${kind}: the real day shows prices and valued accounts in a replay`, async ({ launch }) => {
    test.skip(!hasSharedMaterial, 'the real market days are not beside the checkout');
    test.setTimeout(300_000);
    const dataDir = mkdtempSync(join(tmpdir(), 'floorwatch-real-'));
    try {
      const recording = join(dataDir, 'recordings', `${kind}.fwrec.gz`);
      mkdirSync(join(dataDir, 'recordings'));
      const command = [
        'scripts/floorwatch.mjs',
        'desk',
        'import',
        kind,
        sharedFile('market', file),
        '--out',
        recording,
        '--accounts',
        '12',
        '--json',
      ];
      const imported = spawnSync(process.execPath, command, { encoding: 'utf8' });
      expect([0, 4], imported.stdout).toContain(imported.status);
      const desk = await launch({ dataDir });
      const { page } = desk;
      await untilReady(page);
      await page.getByTestId('workspace-tab-health').click();
      await page.getByTestId('recording-row').first().getByTestId('replay-start').click();
      await expect(page.getByTestId('status-mode')).toHaveAttribute('data-mode', 'replay');
      await page.getByTestId('replay-speed-max').click();

      await page.getByTestId('workspace-tab-accounts').click();
      const accounts = page.getByTestId('blotter-accounts');
      await expect(accounts.locator('.data-table-row')).toHaveCount(12, { timeout: 120_000 });
      const balance = accounts.locator('.data-table-row').first().locator('[data-column="balance"]');
      await expect(balance).toHaveText(/\d/, { timeout: 120_000 });
      const before = await balance.textContent();
      await expect(balance).not.toHaveText(before ?? '', { timeout: 120_000 });
      await openPanel(page, 'quotes');
      await expect(page.getByTestId('blotter-quotes').locator('.data-table-row').first().locator('[data-column="lastPrice"]')).toHaveText(/\d/, {
        timeout: 120_000,
      });
      expect(desk.pageErrors).toEqual([]);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}
