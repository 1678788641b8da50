/** A desk that only people open, as they meet it: it starts locked, says what is not watched, and opens by a password or a recovery code there and then. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { pidOf, test, untilReady } from '#tests/helpers/e2e-desk';
import { ADMIN, claimDesk } from '#tests/helpers/e2e-people';

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '') return;
  mkdirSync(folder, { recursive: true });
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(folder, `locked-key-${name}-${width}.png`) });
  }
}

test('a desk without a keychain is set so that only people open it, starts locked, and opens by a password or a code', async ({ launch }) => {
  test.setTimeout(300_000);
  const first = await launch();
  const codes = await claimDesk(first.page);
  await first.page.getByTestId('status-person').click();
  await first.page.getByTestId('person-settings').click();
  const protection = first.page.getByTestId('settings-protection');
  await expect(protection).toHaveAttribute('data-protection', 'file');
  await protection.getByTestId('keep-key').click();
  await first.page.getByTestId('keep-key-reason-text').fill('this machine has no keychain');
  await picture(first.page, 'decide');
  await first.page.getByTestId('keep-key-reason-confirm').click();
  await expect(protection).toHaveAttribute('data-protection', 'signIn');
  await protection.scrollIntoViewIfNeeded();
  await picture(first.page, 'decided');
  const keyFile = readFileSync(join(first.dataDir, 'desk-key.json'), 'utf8');
  expect(keyFile).not.toContain('"slot":"file"');

  // An engine that ends by itself needs nobody.
  const pid = await pidOf(first, 'Floorwatch engine');
  if (pid === null) throw new Error('no engine runs');
  process.kill(pid, 'SIGKILL');
  await expect(first.page.getByTestId('sign-in')).toBeVisible({ timeout: 60_000 });
  await first.quit();

  const second = await launch({ dataDir: first.dataDir });
  await untilReady(second.page);
  const locked = second.page.getByTestId('key-locked');
  await expect(locked).toBeVisible();
  await expect(second.page.getByTestId('key-locked-why')).toHaveAttribute('data-why', 'signIn');
  await expect(second.page.getByTestId('workspace')).toHaveCount(0);
  await picture(second.page, 'start');
  await second.page.getByTestId('sign-in-language').click();
  await picture(second.page, 'start-other-language');
  await second.page.getByTestId('sign-in-theme').click();
  await picture(second.page, 'start-other-theme');
  await second.page.getByTestId('key-secret').fill('not-anybodys-word-5');
  await second.page.keyboard.press('Enter');
  await expect(locked.getByTestId('refusal')).toHaveAttribute('data-code', 'FORBIDDEN', { timeout: 60_000 });
  await picture(second.page, 'wrong');
  await second.page.getByTestId('key-secret').fill(ADMIN.secret);
  await second.page.keyboard.press('Enter');
  await expect(second.page.getByTestId('status-person')).toHaveText(ADMIN.name, { timeout: 120_000 });
  await expect(second.page.getByTestId('workspace')).toBeVisible();
  await second.quit();

  const third = await launch({ dataDir: first.dataDir });
  await untilReady(third.page);
  await third.page.getByTestId('key-secret').fill(codes[2] ?? '');
  await third.page.keyboard.press('Enter');
  await expect(third.page.getByTestId('sign-in')).toBeVisible({ timeout: 120_000 });
  expect(third.pageErrors).toEqual([]);
});
