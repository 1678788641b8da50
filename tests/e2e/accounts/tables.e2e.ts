/** The blotters: the engine sorts and filters, the page holds a window, and ten thousand rows are as quick to cross as ten. */
import { expect, type Locator, type Page } from '@playwright/test';
import { untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { startForgetfulFeed } from '#tests/helpers/forgetful-feed';

async function openAccounts(page: Page): Promise<Locator> {
  await untilReady(page);
  await untilLive(page);
  await page.getByTestId('workspace-tab-accounts').click();
  const accounts = page.getByTestId('blotter-accounts');
  await expect(accounts.locator('.data-table-row').first()).toBeVisible();
  return accounts;
}

async function totalOf(table: Locator): Promise<number> {
  return Number(await table.getAttribute('data-total'));
}

/** Texts of a column, top to bottom. */
async function columnOf(panel: Locator, column: string): Promise<string[]> {
  const rows = await panel.locator('.data-table-row').evaluateAll(
    (elements, id) =>
      elements
        .map((row) => ({ index: Number((row as HTMLElement).dataset.index), text: row.querySelector(`[data-column="${id}"]`)?.textContent ?? '' }))
        .sort((a, b) => a.index - b.index)
        .map(({ text }) => text),
    column,
  );
  return rows;
}

test('a click on a head sorts and a filter narrows, by mouse and by key', async ({ desk }) => {
  const { page } = desk;
  const accounts = await openAccounts(page);
  const heading = accounts.getByTestId('sort-accountID').locator('..');
  await accounts.getByTestId('sort-accountID').click();
  await expect(heading).toHaveAttribute('aria-sort', 'ascending');
  await expect
    .poll(async () => {
      const shown = await columnOf(accounts, 'accountID');
      return shown.length > 5 && shown.every((text, index) => index === 0 || text >= (shown[index - 1] ?? ''));
    })
    .toBe(true);
  const first = (await columnOf(accounts, 'accountID'))[0] ?? '';

  await accounts.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('s');
  await expect(heading).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(async () => (await columnOf(accounts, 'accountID'))[0]).not.toBe(first);

  const table = accounts.getByTestId('table-accounts');
  const total = await totalOf(table);
  await accounts.getByTestId('filter-accounts').fill(first);
  await expect(table).toHaveAttribute('data-total', '1');
  await expect(accounts.locator('.data-table-row')).toHaveCount(1);
  await accounts.getByTestId('filter-accounts').fill('');
  await expect(table).toHaveAttribute('data-total', String(total));
  expect(desk.pageErrors).toEqual([]);
});

test('an account opens on its own page: both sets of figures, its positions, and the lots of one contract', async ({ desk }) => {
  const { page } = desk;
  const accounts = await openAccounts(page);
  const accountID = (await columnOf(accounts, 'accountID'))[4] ?? '';
  await accounts.locator(`.data-table-row[data-key="${accountID}"]`).dblclick();
  const account = page.locator(`[data-testid="account-page"][data-account="${accountID}"]`);
  await expect(account).toBeVisible();
  const balance = account.locator('[data-testid="account-figures"] tr[data-field="balance"] td');
  await expect(balance).toHaveCount(3);
  for (const cell of await balance.all()) await expect(cell).toHaveText(/[\d,]+\.\d\d/);
  const positions = account.getByTestId('table-positions');
  await expect(positions.locator('.data-table-row').first()).toBeVisible();
  await positions.getByRole('grid').focus();
  await page.keyboard.press('Enter');
  await expect(account.getByTestId('table-lots').locator('.data-table-row').first()).toBeVisible();
  await expect(account.getByTestId('leave-instrument')).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(account.getByTestId('table-positions')).toBeVisible();
  await expect(account.getByTestId('leave-instrument')).toHaveCount(0);
  expect(desk.pageErrors).toEqual([]);
});

test('more than ten thousand live rows: the ends are one key away and the page holds only what it shows', async ({ launch }) => {
  test.setTimeout(180_000);
  const feed = await startForgetfulFeed({ demoArgs: ['--accounts=5000'] });
  try {
    const desk = await launch({ args: [`--demo-url=${feed.url}`] });
    const { page } = desk;
    await openAccounts(page);
    const panel = page.getByTestId('blotter-positions');
    const table = panel.getByTestId('table-positions');
    await expect.poll(() => totalOf(table), { timeout: 60_000 }).toBeGreaterThan(10_000);
    const grid = panel.getByRole('grid');
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    // The market goes on: rows that come or go after the key move the end, so it is held against the end of when it was pressed.
    const totalBefore = await totalOf(table);
    await page.keyboard.press('Control+End');
    const isAtEnd = async () => {
      const end = Math.min(totalBefore, await totalOf(table)) - 1;
      const shown = await panel.locator('.data-table-row').evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.index)));
      return Math.max(...shown) >= end;
    };
    await expect.poll(isAtEnd).toBe(true);
    await page.keyboard.press('Control+Home');
    await expect(panel.locator('.data-table-row[data-index="0"]')).toBeVisible();
    // A long run of wheel turns ends on rows that are there, not on blanks.
    await grid.hover();
    for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 2000);
    await expect
      .poll(async () => {
        const first = Number(await table.getAttribute('data-first'));
        return first > 1000 && (await panel.locator(`.data-table-row[data-index="${first + 8}"]`).count()) === 1;
      })
      .toBe(true);
    expect(await panel.locator('.data-table-row').count()).toBeLessThan(100);
    expect(desk.pageErrors).toEqual([]);
  } finally {
    await feed.close();
  }
});
