/** Coming to a desk as a person does: the demonstration's people, claiming it, signing in, and locking it by keyboard alone. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { tick } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';

const SECRET = 'quartz-vessel-77-meadow';

/** Kept where somebody looks at them; nothing is compared. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `people-${name}.png`) });
}

test('the desk is locked and unlocked by keyboard, and still says that it is in trouble', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await expect(page.getByTestId('status-person')).toHaveText('林岚 Lin Lan');
  const waiting = page.getByTestId('status-alerts');
  await expect(waiting.locator('[data-count]:not([data-count="0"])').first()).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+l');
  const lock = page.getByTestId('lock-screen');
  await expect(lock).toBeVisible();
  await expect(page.getByTestId('workspace')).not.toBeVisible();
  await expect(lock.locator('[data-count]:not([data-count="0"])').first()).toBeVisible();
  await picture(page, 'lock');
  // Nothing under it can be reached by key.
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-input')).toHaveCount(0);
  await page.getByTestId('unlock-secret').fill('000000');
  await page.keyboard.press('Enter');
  await expect(lock.getByTestId('refusal')).toBeVisible();
  await expect(page.getByTestId('unlock-secret')).toHaveValue('');
  await page.keyboard.type('246800');
  await page.keyboard.press('Enter');
  await expect(lock).toHaveCount(0);
  await expect(page.getByTestId('workspace')).toBeVisible();
  expect(desk.pageErrors).toEqual([]);
});

test('another person takes over, and sees and does only what is theirs', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('status-person').click();
  await picture(page, 'menu');
  await page.getByTestId('person-switch').click();
  await page.getByTestId('sign-in-person-auditor').click();
  await picture(page, 'switch');
  await page.getByTestId('sign-in-secret').fill('demo-auditor');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('status-person')).toHaveText('郑远 Zheng Yuan');
  // An auditor sees the map by department and no single account.
  await expect(page.getByTestId('refusal').first()).toHaveAttribute('data-code', 'FORBIDDEN', { timeout: 30_000 });
  await picture(page, 'auditor');
  expect(desk.pageErrors).toEqual([]);
});

test('a desk is claimed, its codes are shown once, people are made, and after a restart everybody signs in', async ({ launch }) => {
  const first = await launch();
  const { page } = first;
  await untilReady(page);
  await page.getByTestId('status-person').click();
  await page.getByTestId('person-claim').click();
  await page.getByTestId('claim-name').fill('沈博 Bo Shen');
  await page.getByTestId('claim-login').fill('boss');
  await page.getByTestId('new-secret').fill('Password1!');
  await expect(page.getByTestId('secret-judged')).toHaveAttribute('data-strong', 'false', { timeout: 30_000 });
  await expect(page.getByTestId('claim-submit')).toBeDisabled();
  await picture(page, 'claim');
  await page.getByTestId('new-secret').fill(SECRET);
  await page.getByTestId('new-secret-again').fill(SECRET);
  await expect(page.getByTestId('secret-judged')).toHaveAttribute('data-strong', 'true', { timeout: 30_000 });
  await page.getByTestId('claim-submit').click();
  await expect(page.getByTestId('once-codes').locator('li')).toHaveCount(8, { timeout: 60_000 });
  await picture(page, 'codes');
  // They are not lost by a key pressed too early.
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('once-codes-done')).toBeDisabled();
  await tick(page.getByTestId('once-codes-kept'));
  await page.getByTestId('once-codes-done').click();
  await expect(page.getByTestId('status-person')).toHaveText('沈博 Bo Shen');

  await page.getByTestId('status-person').click();
  await page.getByTestId('person-people').click();
  await page.getByTestId('new-person-name').fill('杜婷 Du Ting');
  await page.getByTestId('new-person-login').fill('duting');
  await page.getByTestId('new-person-submit').click();
  const code = await page.getByTestId('once-codes').locator('li').innerText();
  await tick(page.getByTestId('once-codes-kept'));
  await page.getByTestId('once-codes-done').click();
  await page.getByTestId('grant-duting').click();
  await page.getByTestId('grant-role').selectOption('dutyOfficer');
  await page.getByTestId('grant-reason').fill('joins the desk');
  await page.getByTestId('grant-submit').click();
  await expect(page.getByTestId('revoke-duting-dutyOfficer')).toBeVisible();
  await picture(page, 'people');
  await first.quit();

  const second = await launch({ dataDir: first.dataDir });
  await untilReady(second.page);
  await expect(second.page.getByTestId('sign-in')).toBeVisible();
  await expect(second.page.getByTestId('workspace')).toHaveCount(0);
  await picture(second.page, 'sign-in');
  await second.page.getByTestId('sign-in-other-way').click();
  await second.page.getByTestId('code-login').fill('duting');
  await second.page.getByTestId('code-code').fill(code);
  await second.page.getByTestId('new-secret').fill('lantern-harbour-39-moss');
  await second.page.getByTestId('new-secret-again').fill('lantern-harbour-39-moss');
  await expect(second.page.getByTestId('code-submit')).toBeEnabled({ timeout: 30_000 });
  await picture(second.page, 'code');
  await second.page.getByTestId('code-submit').click();
  await expect(second.page.getByTestId('status-person')).toHaveText('杜婷 Du Ting', { timeout: 60_000 });
  await expect(second.page.getByTestId('workspace')).toBeVisible();
  expect(second.pageErrors).toEqual([]);
});
