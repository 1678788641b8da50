/** The morning after a statement: options, pledge and delivery margin on the account page, yesterday's paper beside the lots, value at risk with a history, and why a figure is missing. */
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import {
  CLIENT,
  MORNING_DAY,
  MORNING_MS,
  morningMoney,
  morningPositions,
  morningQuotes,
  morningReference,
  morningTrades,
  pricesOf,
  REFUSED,
  statementOfTheDayBefore,
  WITHOUT_EQUITY,
} from '#tests/helpers/day-after-statement';
import { type Desk, test, untilReady } from '#tests/helpers/e2e-desk';
import { accountPage } from '#tests/helpers/e2e-numbers';
import { FeedServer } from '#tests/helpers/feed-server';
import { encodeGbk } from '#tests/helpers/gbk';

const LOOKS = [
  { width: 1280, height: 800, name: 'small' },
  { width: 1920, height: 1080, name: 'large' },
] as const;

/** Pictures are taken only where somebody asked for them: both sizes, both languages, both themes. */
async function pictures(desk: Desk, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  const { page } = desk;
  for (const { width, height, name: size } of LOOKS) {
    await desk.app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [width, height] as const);
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(width);
    for (let look = 0; look < 2; look++) {
      const at = await page.evaluate(() => `${document.documentElement.lang}-${document.documentElement.dataset.theme}`);
      await page.screenshot({ path: join(folder, `${name}-${at}-${size}.png`) });
      await page.getByTestId('switch-theme').click();
      await page.getByTestId('switch-language').click();
    }
  }
}

async function openAccount(page: Page, accountID: string): Promise<ReturnType<typeof accountPage>> {
  await page.getByTestId('workspace-tab-accounts').click();
  await page.getByTestId('blotter-accounts').locator(`.data-table-row[data-key="${accountID}"]`).dblclick();
  const account = accountPage(page, accountID);
  await expect(account).toBeVisible();
  return account;
}

test('what a paper of yesterday, options, a pledge and a delivery do to an account is on its page, and nothing that is missing lacks its reason', async ({
  launch,
}) => {
  test.setTimeout(300_000);
  const server = await FeedServer.start({ encodings: ['json'], heartbeatIntervalMs: 200 });
  server.tradingDay = MORNING_DAY;
  server.sourceTimeMs = MORNING_MS;
  try {
    server.publish('reference', morningReference());
    server.publish('quotes', morningQuotes());
    server.publish('accounts', morningMoney());
    server.publish('positions', morningPositions());
    server.publish('trades', morningTrades());
    const desk = await launch({ args: [`--demo-url=${server.url}`] });
    const { page } = desk;
    await untilReady(page);
    const account = await openAccount(page, CLIENT);
    const figures = account.getByTestId('account-figures');
    await expect(figures.locator('tr[data-field="mortgage"]')).toContainText(/250[,.]000/);
    await expect(figures.locator('tr[data-field="deliveryMargin"]')).toContainText(/48[,.]000/);
    await expect(figures.locator('tr[data-field="cashIn"]')).toContainText(/11[,.]940/);
    // 3 lots x 15 x (15850 - 15891); the option adds none.
    await expect(figures.locator('tr[data-field="positionProfit"]')).toContainText(/1[,.]845/);
    await expect(figures.locator('tr[data-field="closeProfit"] .unknown-figure').first()).toHaveAttribute('title', /\S/);
    // The list shows what the seller puts up: 2 lots x (405.5 x 15 + 19 % of 15891 x 15 less half of what it is out of the money).
    const sold = account.locator('.data-table-row').filter({ hasText: 'ag2702C16000' });
    await expect(sold).toContainText('101,108.70');
    await pictures(desk, 'account-positions');
    await account.getByTestId('tab-explain').click();
    await expect(account.getByTestId('explain')).toBeVisible();
    await pictures(desk, 'account-explain');

    await page.getByTestId('workspace-tab-numbers').click();
    await page.getByTestId('tab-statements').click();
    const statements = page.getByTestId('statements');
    await statements
      .getByTestId('statement-file')
      .setInputFiles({ name: 'statement.txt', mimeType: 'text/plain', buffer: Buffer.from(encodeGbk(statementOfTheDayBefore())) });
    const comparison = statements.getByTestId('statement-comparison');
    await expect(comparison).toHaveAttribute('data-relation', 'dayBefore');
    // The silver carried over agrees in lots and in price.
    await expect(comparison.getByTestId('statement-positions')).toHaveAttribute('data-differs', '0');
    await pictures(desk, 'statement-day-before');
    await page.getByTestId('workspace-tab-accounts').click();
    await account.getByTestId('tab-reconcile').click();
    await expect(account.getByTestId('statement-comparison')).toHaveAttribute('data-relation', 'dayBefore');
    await pictures(desk, 'account-reconcile');

    await page.getByTestId('workspace-tab-numbers').click();
    await page.getByTestId('tab-stress').click();
    await page.getByTestId('stress').getByTestId('outcome-var').click();
    const risk = page.getByTestId('stress').getByTestId('var');
    await risk.locator('summary').first().click();
    await risk.getByTestId('prices-text').fill(pricesOf(300));
    await risk.getByTestId('prices-import').click();
    await expect(risk.locator('.var-zone')).toHaveAttribute('data-zone', /green|yellow|red/);
    await expect(risk.getByTestId('var-historical')).toHaveAttribute('data-kind', 'value');
    await risk.scrollIntoViewIfNeeded();
    await pictures(desk, 'value-at-risk');

    server.publish('positions', [{ kind: 'positionDetail', accountID: REFUSED, exchangeID: 'SHFE', volume: 1, asOfMs: MORNING_MS }]);
    const refused = await openAccount(page, REFUSED);
    await expect(refused.getByTestId('account-why')).toHaveAttribute('data-reason', /^positionRefused:SHFE /);
    await pictures(desk, 'account-refused');

    const broke = await openAccount(page, WITHOUT_EQUITY);
    await expect(broke.getByTestId('account-level')).toHaveAttribute('data-level', 'negative');
    await page.getByTestId('workspace-tab-alerts').click();
    const alert = page.locator(`[data-testid="alert-row"]`).filter({ hasText: WITHOUT_EQUITY }).first();
    await expect(alert).toBeVisible({ timeout: 60_000 });
    await alert.click();
    await expect(page.getByTestId('alert-detail')).toBeVisible();
    await pictures(desk, 'alert-without-equity');
    expect(desk.pageErrors).toEqual([]);
  } finally {
    await server.stop();
  }
});
