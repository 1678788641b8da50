/** What an administrator does in the running app: changes a name, says that two records are one person's, and makes somebody's data unreadable for ever. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { tick } from '#tests/helpers/e2e-actions';
import { test } from '#tests/helpers/e2e-desk';
import { ADMIN, claimDesk, openPeople } from '#tests/helpers/e2e-people';

const SECRET = 'lantern-harbour-39-moss';

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `administration-${name}.png`) });
}

/** Answers the one-time code. */
async function makePerson(page: Page, name: string, login: string): Promise<string> {
  await page.getByTestId('new-person-name').fill(name);
  await page.getByTestId('new-person-login').fill(login);
  await page.getByTestId('new-person-submit').click();
  const code = await page.getByTestId('once-codes').locator('li').innerText();
  await tick(page.getByTestId('once-codes-kept'));
  await page.getByTestId('once-codes-done').click();
  await expect(page.getByTestId(`person-${login}`)).toBeVisible();
  return code;
}

async function redeem(page: Page, login: string, code: string): Promise<void> {
  await page.getByTestId('sign-in-other-way').click();
  await page.getByTestId('code-login').fill(login);
  await page.getByTestId('code-code').fill(code);
  await page.getByTestId('new-secret').fill(SECRET);
  await page.getByTestId('new-secret-again').fill(SECRET);
  await expect(page.getByTestId('code-submit')).toBeEnabled({ timeout: 30_000 });
  await page.getByTestId('code-submit').click();
  await expect(page.getByTestId('status-person')).not.toHaveText(ADMIN.name, { timeout: 60_000 });
}

test('a person is renamed and linked, and the data of one who has left is destroyed with a second person’s word', async ({ desk }) => {
  test.setTimeout(240_000);
  const { page } = desk;
  await claimDesk(page);
  await openPeople(page);
  const code = await makePerson(page, '杜婷 Du Ting', 'duting');
  await makePerson(page, '杜婷 Du Ting', 'duting-b');
  await makePerson(page, '罗伟 Luo Wei', 'luowei');

  await page.getByTestId('rename-luowei').click();
  await page.getByTestId('rename-name').fill('罗维 Luo Wei');
  await page.getByTestId('rename-submit').click();
  await expect(page.getByTestId('person-luowei')).toContainText('罗维');
  await picture(page, 'renamed');

  await page.getByTestId('link-duting-b').click();
  await page.getByTestId('link-other').selectOption({ label: '杜婷 Du Ting (duting)' });
  await page.getByTestId('link-dialog-text').fill('one person, two logins after the change of firm');
  await picture(page, 'link');
  await page.getByTestId('link-dialog-confirm').click();
  await expect(page.getByTestId('linked-duting-b')).toBeVisible();

  await page.getByTestId('disable-luowei').click();
  await page.getByTestId('person-dialog-text').fill('left the firm');
  await page.getByTestId('person-dialog-confirm').click();
  await expect(page.getByTestId('person-luowei')).toHaveAttribute('data-state', 'disabled');

  // Who agrees to it answers for personal data; the first roles of a new desk are given without an approval.
  await page.getByTestId('grant-duting').click();
  await page.getByTestId('grant-role').selectOption('compliance');
  await page.getByTestId('grant-reason').fill('answers for personal data');
  await page.getByTestId('grant-submit').click();
  await expect(page.getByTestId('grant-role')).toHaveCount(0);
  // The second person has a password of her own first.
  await page.getByTestId('status-person').click();
  await page.getByTestId('person-sign-out').click();
  await redeem(page, 'duting', code);
  await page.getByTestId('status-person').click();
  await page.getByTestId('person-switch').click();
  await page.getByTestId(`sign-in-person-${ADMIN.login}`).click();
  await page.getByTestId('sign-in-secret').fill(ADMIN.secret);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('status-person')).toHaveText(ADMIN.name, { timeout: 60_000 });

  await openPeople(page);
  await page.getByTestId('destroy-kind').selectOption('person');
  await page.getByTestId('destroy-who').selectOption({ label: '罗维 Luo Wei (luowei)' });
  await page.getByTestId('destroy-reason').fill('asked for it, ten years after leaving');
  await page.getByTestId('destroy-submit').click();
  await page.getByTestId('second-person-login').selectOption('duting');
  await page.getByTestId('second-person-secret').fill(SECRET);
  await picture(page, 'destroy');
  await page.getByTestId('second-person-confirm').click();
  await expect(page.getByTestId('destroy-done')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('person-luowei')).toHaveCount(0);
  await picture(page, 'destroyed');
  expect(desk.pageErrors).toEqual([]);
});
