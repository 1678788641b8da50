/** Where is the risk: the heat map lives, leads from the firm to a lot and back by mouse and by key, and never hides what it does not know. */
import { expect, type Locator, type Page } from '@playwright/test';
import { untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { startForgetfulFeed } from '#tests/helpers/forgetful-feed';

const mapOf = (page: Page): Locator => page.getByTestId('risk-map');
const heatmapOf = (page: Page): Locator => page.getByTestId('heatmap');

async function numbersOf(heatmap: Locator): Promise<Record<string, number>> {
  const data = await heatmap.evaluate((element) => ({ ...(element as HTMLElement).dataset }));
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Number(value)]));
}

/** Clicks the label of a row as a person would. */
async function clickRow(heatmap: Locator, row: number): Promise<void> {
  await expect(heatmap).toHaveAttribute('data-current', 'true');
  const { left = 0, top = 0, cellHeight = 0 } = await numbersOf(heatmap);
  await heatmap.click({ position: { x: left / 2, y: top + cellHeight * (row + 0.5) } });
}

/** The picture shown is the one that was asked for last. */
async function untilCurrent(page: Page): Promise<void> {
  await expect(heatmapOf(page)).toHaveAttribute('data-current', 'true');
}

async function untilMap(page: Page): Promise<void> {
  await untilReady(page);
  await untilLive(page);
  await expect.poll(async () => (await numbersOf(heatmapOf(page))).rows ?? 0).toBeGreaterThan(0);
}

test('the overview answers where the risk is, what changed and whether it can be trusted, and its cells live', async ({ desk }) => {
  const { page } = desk;
  await untilMap(page);
  // Accounts may be there a moment before their positions.
  await expect.poll(async () => (await numbersOf(heatmapOf(page))).columns).toBeGreaterThan(20);
  const before = await numbersOf(heatmapOf(page));
  expect(before.rows).toBe(300);
  await expect.poll(async () => (await numbersOf(heatmapOf(page))).frames).toBeGreaterThan((before.frames ?? 0) + 5);
  await expect(page.getByTestId('trust-line')).toHaveAttribute('data-mark', 'live');
  await expect(page.getByTestId('recent-changes').getByRole('listitem').first()).toBeVisible();
  await expect(page.getByTestId('overview').getByTestId('table-accounts')).toHaveAttribute('data-total', '300');
  await expect(page.getByTestId('heatmap-summary')).toContainText('300');
  expect(desk.pageErrors).toEqual([]);
});

test('the map leads from the firm to a lot and back by keys alone', async ({ desk }) => {
  const { page } = desk;
  await untilMap(page);
  const map = mapOf(page);
  await page.getByTestId('rows-department').click();
  await untilCurrent(page);
  await expect(heatmapOf(page)).toHaveAttribute('data-rows', '8');
  await heatmapOf(page).focus();
  await expect(page.getByTestId('heatmap-cursor')).not.toBeEmpty();
  for (const depth of ['1', '2']) {
    await page.keyboard.press('Enter');
    await expect(map).toHaveAttribute('data-depth', depth);
    await untilCurrent(page);
    await expect(heatmapOf(page)).toBeFocused();
    await expect(page.getByTestId('heatmap-cursor')).not.toBeEmpty();
  }
  await page.keyboard.press('Enter');
  await expect(map).toHaveAttribute('data-view', 'positions');
  await expect(map.locator('.data-table-row').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(map).toHaveAttribute('data-view', 'lots');
  await expect(map.locator('.data-table-row').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(map).toHaveAttribute('data-view', 'positions');
  for (const depth of ['2', '1', '0']) {
    await page.keyboard.press('Backspace');
    await expect(map).toHaveAttribute('data-depth', depth);
  }
  await expect(heatmapOf(page)).toHaveAttribute('data-rows', '8');
  expect(desk.pageErrors).toEqual([]);
});

test('the map leads from the firm to a lot and back by the mouse', async ({ desk }) => {
  const { page } = desk;
  await untilMap(page);
  const map = mapOf(page);
  await page.getByTestId('rows-department').click();
  await expect(heatmapOf(page)).toHaveAttribute('data-rows', '8');
  await clickRow(heatmapOf(page), 0);
  await expect(map).toHaveAttribute('data-depth', '1');
  await expect(page.getByTestId('rows-department')).toHaveCount(0);
  await clickRow(heatmapOf(page), 0);
  await expect(map).toHaveAttribute('data-depth', '2');
  await expect.poll(async () => (await numbersOf(heatmapOf(page))).rows).toBeGreaterThan(0);
  await clickRow(heatmapOf(page), 0);
  await expect(map).toHaveAttribute('data-view', 'positions');
  await map.locator('.data-table-row').first().dblclick();
  await expect(map).toHaveAttribute('data-view', 'lots');
  await expect(map.locator('.data-table-row').first()).toBeVisible();
  await page.getByTestId('breadcrumb').getByRole('button').first().click();
  await expect(map).toHaveAttribute('data-depth', '0');
  await expect(heatmapOf(page)).toHaveAttribute('data-rows', '8');
  expect(desk.pageErrors).toEqual([]);
});

test('measure, order and filter change what is shown', async ({ desk }) => {
  const { page } = desk;
  await untilMap(page);
  await page.getByTestId('measure-positionProfit').click();
  await expect(page.getByTestId('measure-positionProfit')).toHaveAttribute('aria-pressed', 'true');
  await page.getByTestId('order-name').click();
  const accountID = await page.getByTestId('overview').getByTestId('table-accounts').locator('[data-column="accountID"]').first().textContent();
  await page.getByTestId('heat-filter').fill(accountID ?? '');
  await expect(heatmapOf(page)).toHaveAttribute('data-rows', '1');
  await page.getByTestId('heat-filter').fill('no such row anywhere');
  await expect(page.getByTestId('heatmap-empty')).toBeVisible();
  await page.getByTestId('heat-filter').fill('');
  await expect(heatmapOf(page)).toHaveAttribute('data-rows', '300');
  expect(desk.pageErrors).toEqual([]);
});

test('a contract without a price makes its accounts unknown, on top, with the reason, and never zero', async ({ launch }) => {
  const feed = await startForgetfulFeed({
    isKeptBack: (stream, item) => stream === 'quotes' && typeof item.instrumentID === 'string' && item.instrumentID.startsWith('au'),
  });
  try {
    const desk = await launch({ args: [`--demo-url=${feed.url}`] });
    const { page } = desk;
    await untilMap(page);
    await expect.poll(async () => (await numbersOf(heatmapOf(page))).unknown).toBeGreaterThan(0);
    await heatmapOf(page).focus();
    await page.keyboard.press('Control+Home');
    await expect(page.getByTestId('heatmap-cursor')).toContainText(/没有最新价|No last price/);
    await expect(page.getByTestId('heatmap-cursor')).toContainText(/SHFE\.au/);

    await page.getByTestId('workspace-tab-accounts').click();
    const accounts = page.getByTestId('blotter-accounts');
    const unknown = accounts.locator('.data-table-row[data-quality="unknown"]').first();
    await expect(unknown).toBeVisible();
    await expect(unknown.locator('[data-column="riskDegree"]')).toContainText('—');
    await expect(unknown.locator('[data-column="riskDegree"]')).toContainText(/没有最新价|No last price/);
    expect(desk.pageErrors).toEqual([]);
  } finally {
    await feed.close();
  }
});
