/** A price that cannot be: the account that stands on it says so, its neighbour goes on, one alert is raised, and a good price heals it. */
import { expect, type Page } from '@playwright/test';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { accountPage } from '#tests/helpers/e2e-numbers';
import { FeedServer } from '#tests/helpers/feed-server';
import { oneContractAccount, worldReference } from '#tests/helpers/one-contract-account';

const accountRow = (page: Page, accountID: string) => page.getByTestId('blotter-accounts').locator(`.data-table-row[data-key="${accountID}"]`);

test('a refused price is a dash with its reason and one alert, never the price before it', async ({ launch }) => {
  test.setTimeout(180_000);
  const server = await FeedServer.start({ encodings: ['json'], heartbeatIntervalMs: 200 });
  try {
    const [hurt, fine] = [oneContractAccount('hurt'), oneContractAccount('fine')];
    server.publish('reference', worldReference([hurt, fine]));
    server.publish('quotes', [hurt.quote, fine.quote]);
    server.publish('accounts', [hurt.money, fine.money]);
    server.publish(
      'positions',
      [hurt, fine].flatMap(({ lot, slice }) => [lot, slice]),
    );
    const desk = await launch({ args: [`--demo-url=${server.url}`] });
    const { page } = desk;
    await untilReady(page);
    await page.getByTestId('workspace-tab-accounts').click();
    await expect(accountRow(page, hurt.accountID)).toHaveAttribute('data-quality', /live|stale/);

    server.publish('quotes', [{ ...hurt.quote, lastPrice: Number.MAX_VALUE }]);
    await expect(accountRow(page, hurt.accountID)).toHaveAttribute('data-quality', 'unknown');
    await expect(accountRow(page, fine.accountID)).not.toHaveAttribute('data-quality', 'unknown');
    await accountRow(page, hurt.accountID).dblclick();
    const account = accountPage(page, hurt.accountID);
    await expect(account.getByTestId('account-why')).toHaveAttribute('data-reason', `quoteRefused:${hurt.label} lastPrice`);
    await expect(account.getByTestId('account-why')).not.toContainText('lastPrice');

    await page.getByTestId('workspace-tab-alerts').click();
    const alerts = page.locator('[data-testid="alert-row"][data-kind="figuresUnknown"]');
    await expect(alerts).toHaveCount(1, { timeout: 60_000 });
    await expect(alerts).toHaveAttribute('data-condition', 'active');

    server.publish('quotes', [{ ...hurt.quote, updateTimeMs: hurt.quote.updateTimeMs + 1000 }]);
    await expect(alerts).toHaveAttribute('data-condition', 'cleared', { timeout: 60_000 });
    await page.getByTestId('workspace-tab-accounts').click();
    await expect(account.getByTestId('account-why')).toHaveCount(0);
    await expect(account.getByTestId('account-level')).not.toHaveAttribute('data-level', 'unknown');
    expect(desk.pageErrors).toEqual([]);
  } finally {
    await server.stop();
  }
});
