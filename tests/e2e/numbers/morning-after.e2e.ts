/**
 * One desk, one morning: options, pledge and delivery margin on the account page, yesterday's paper beside the lots, value at risk with a history; then every kind
 * of bad input at once: what it touches says why on the screen, one alert is raised, everybody else stays right, and good input heals all of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { BAD_INPUT_CASES } from '#tests/helpers/bad-input-cases';
import { SPREAD_CLIENT, spreadMoney, spreadPositions, spreadQuotes, spreadReference } from '#tests/helpers/combined-account';
import {
  CLIENT,
  GROUP,
  MORNING,
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
import { approveOnTheSpot, become, openPanel } from '#tests/helpers/e2e-actions';
import { type Desk, repositoryFolder, test, untilReady } from '#tests/helpers/e2e-desk';
import { accountPage } from '#tests/helpers/e2e-numbers';
import { FeedServer } from '#tests/helpers/feed-server';
import { encodeGbk } from '#tests/helpers/gbk';
import { oneContractAccount, worldReference } from '#tests/helpers/one-contract-account';

type Reasons = Record<string, string>;

/** What reasons are called in the page's language. */
async function reasonsOf(page: Page): Promise<Reasons> {
  const language = await page.evaluate(() => document.documentElement.lang);
  const file = join(repositoryFolder, 'src-renderer', 'i18n', language, 'table.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { reason: Reasons }).reason;
}

const codeOf = (reason: string): string => reason.split(':')[0] ?? '';
/** A name of ours as programs write it: nothing that a person should read. */
const RAW_NAME = /[a-z][A-Z][a-z]/;

/** In all four looks, for whoever wants to look. */
async function keepPictures(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '') return;
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(folder, `${name}-${width}.png`) });
  }
}

async function openAccount(page: Page, accountID: string): Promise<Locator> {
  const row = await accountRow(page, accountID);
  await row.dblclick();
  const account = accountPage(page, accountID);
  await expect(account).toBeVisible();
  return account;
}

async function accountRow(page: Page, accountID: string): Promise<Locator> {
  await page.getByTestId('workspace-tab-accounts').click();
  // An account page that was opened before stands in front of the list.
  await page.getByTestId('tab-accounts').click();
  const list = page.getByTestId('blotter-accounts');
  await list.locator('input').fill(accountID);
  const row = list.locator(`.data-table-row[data-key="${accountID}"]`);
  await expect(row).toBeVisible();
  return row;
}

test('a morning with a paper of yesterday, options, a pledge and a delivery; then nothing that is bad or missing lacks its reason, and nobody else is touched', async ({
  launch,
}) => {
  test.setTimeout(300_000);
  const server = await FeedServer.start({ encodings: ['json'], heartbeatIntervalMs: 200 });
  server.tradingDay = MORNING_DAY;
  server.sourceTimeMs = MORNING_MS;
  const hurt = Object.values(BAD_INPUT_CASES).map((one, index) => ({ at: oneContractAccount(`c${index}x`, MORNING), ...one }));
  // Two rates for one date are a conflict within one message only: in a later message the second is a correction.
  const doubled = oneContractAccount('doubled', MORNING);
  const others = [oneContractAccount('right', MORNING), oneContractAccount('alsoright', MORNING)];
  const worlds = [...hurt.map(({ at }) => at), doubled, ...others];
  const expected = new Map([
    ...hurt.map(({ at, reason }) => [at.accountID, reason(at)] as const),
    [doubled.accountID, `twoRates:${doubled.label} company speculation`] as const,
  ]);
  try {
    server.publish('reference', [...worldReference(worlds), ...morningReference(), ...spreadReference()]);
    server.publish('quotes', [...worlds.map(({ quote }) => quote), ...morningQuotes(), ...spreadQuotes(MORNING_MS)]);
    server.publish('accounts', [...worlds.map(({ money }) => money), ...morningMoney(), ...spreadMoney(MORNING_MS)]);
    server.publish('positions', [...worlds.flatMap(({ lot, slice }) => [lot, slice]), ...morningPositions(), ...spreadPositions(MORNING_MS, 6)]);
    server.publish('trades', morningTrades());
    const desk: Desk = await launch({ args: [`--demo-url=${server.url}`] });
    const { page } = desk;
    await untilReady(page);
    const reasons = await reasonsOf(page);
    const account = await openAccount(page, CLIENT);
    const figures = account.getByTestId('account-figures');

    await test.step('what options, a pledge and a delivery do to an account', async () => {
      await expect(figures.locator('tr[data-field="mortgage"]')).toContainText(/250[,.]000/);
      await expect(figures.locator('tr[data-field="deliveryMargin"]')).toContainText(/48[,.]000/);
      await expect(figures.locator('tr[data-field="cashIn"]')).toContainText(/11[,.]940/);
      // 3 lots x 15 x (15850 - 15891); the option adds none.
      await expect(figures.locator('tr[data-field="positionProfit"]')).toContainText(/1[,.]845/);
      await expect(figures.locator('tr[data-field="closeProfit"] .unknown-figure').first()).toHaveAttribute('title', /\S/);
      // What the seller puts up: 2 lots x (405.5 x 15 + 19 % of 15891 x 15 less half of what it is out of the money).
      await expect(account.locator('.data-table-row').filter({ hasText: 'ag2702C16000' })).toContainText('101,108.70');
      await account.getByTestId('tab-explain').click();
      await expect(account.getByTestId('explain')).toBeVisible();
    });

    await test.step('a declared combination lowers the margin, a month out of the larger side does not net, and both say by which row', async () => {
      const spread = await openAccount(page, SPREAD_CLIENT);
      const margin = spread.getByTestId('account-figures').locator('tr[data-field="currMargin"]');
      // Four lots outside on each side, 12,000 + 12,800, the larger of 18,000 and 19,200 for the six; copper 40,000 twice.
      await expect(margin).toContainText('124,000.00');
      await expect(spread.getByTestId('account-combinations')).toHaveAttribute('data-unconfirmed', '1');
      await keepPictures(page, 'combination-account');
      await spread.getByTestId('account-combinations').click();
      await spread.getByTestId('explain-all').click();
      const derivation = spread.getByTestId('derivation').first();
      await expect(derivation).toContainText('SP m2701&m2705 C-1');
      await expect(derivation).toContainText('19,200.00');
      await expect(derivation.locator('[data-certainty="unconfirmed"]').first()).toBeVisible();
      await keepPictures(page, 'combination-explain');
      await openPanel(page, 'reference');
      const reference = page.getByTestId('reference');
      await reference.getByTestId('reference-view-bigSideExclusion').click();
      await expect(reference.getByTestId('reference-bigSideExclusion')).toContainText('SHFE.cu2609');
      await keepPictures(page, 'combination-exclusion');
      // Larger than its lots it is no margin at all, and the reason names it.
      server.publish('positions', spreadPositions(MORNING_MS, 11).slice(4));
      await expect(await accountRow(page, SPREAD_CLIENT)).toHaveAttribute('data-quality', 'unknown');
      await openAccount(page, SPREAD_CLIENT);
      await expect(spread.getByTestId('account-why')).toHaveAttribute('data-reason', 'combinationTooLarge:DCE.SP m2701&m2705 C-1');
      await keepPictures(page, 'combination-too-large');
      server.publish('positions', spreadPositions(MORNING_MS, 6).slice(4));
      await expect(margin).toContainText('124,000.00');
      await openAccount(page, CLIENT);
    });

    await test.step("yesterday's paper beside this morning's lots", async () => {
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
      await page.getByTestId('workspace-tab-accounts').click();
      await account.getByTestId('tab-reconcile').click();
      await expect(account.getByTestId('statement-comparison')).toHaveAttribute('data-relation', 'dayBefore');
    });

    await test.step('value at risk, with its traffic light, labelled as a second opinion', async () => {
      await page.getByTestId('workspace-tab-numbers').click();
      const stress = page.getByTestId('stress');
      await stress.getByTestId('outcome-var').click();
      await expect(stress.getByTestId('outcome-var')).toContainText(/second opinion|参考/);
      const risk = stress.getByTestId('var');
      await risk.locator('.price-import > summary').click();
      await risk.getByTestId('prices-text').fill(pricesOf(400));
      await risk.getByTestId('prices-import').click();
      await expect(risk.locator('.var-zone')).toHaveAttribute('data-zone', /green|yellow|red/);
      await expect(risk.getByTestId('var-historical')).toHaveAttribute('data-kind', 'value');
    });

    await test.step('an account without equity has no degree, says so, and is an alert that names its equity', async () => {
      const broke = await openAccount(page, WITHOUT_EQUITY);
      await expect(broke.getByTestId('account-level')).toHaveAttribute('data-level', 'negative');
      await expect(broke.locator('tr[data-field="riskDegree"] .unknown-figure').first()).toHaveAttribute('title', reasons.noDegree ?? '');
      await page.getByTestId('workspace-tab-alerts').click();
      const alert = page.locator(`[data-testid="alert-row"][data-entity="account:${WITHOUT_EQUITY}"]`).first();
      await expect(alert).toContainText('-119,385.00', { timeout: 60_000 });
    });

    await test.step('two accounts under one control are one large trader, and one without figures once its members are refused', async () => {
      await page.getByTestId('workspace-tab-numbers').click();
      await page.getByTestId('tab-limits').click();
      const limits = page.getByTestId('limits');
      await limits.getByTestId('limits-by-controlGroup').click();
      await limits.getByTestId('limits-largeTraders').click();
      const row = limits.locator('.data-table-row').filter({ hasText: GROUP.controlGroupID }).first();
      // Three lots and one of five: exactly the share at which a large trader reports.
      await expect(row.locator('[data-column="limitUse"]')).toContainText('80.0%');
      await limits.getByTestId('limits-positions').click();
      await expect(row.locator('[data-column="limitUse"]')).toContainText('80.0%');
      server.publish('reference', [{ ...GROUP, accountIDs: 'nobody knows' }]);
      await expect(row.locator('[data-column="limitUse"]')).toContainText(reasons.groupRefused ?? '');
      await expect(row.locator('[data-column="limitUse"]')).not.toContainText(RAW_NAME);
      await limits.getByTestId('limits-heavy').click();
      await expect(row).toContainText(reasons.groupRefused ?? '');
      await limits.getByTestId('limits-positions').click();
      await expect(await accountRow(page, CLIENT)).not.toHaveAttribute('data-quality', 'unknown');
      server.publish('reference', [GROUP]);
      await page.getByTestId('workspace-tab-numbers').click();
      await expect(row.locator('[data-column="limitUse"]')).toContainText('80.0%');
    });

    await test.step('every kind of bad input is a dash with its reason', async () => {
      for (const { at, bad } of hurt) for (const [stream, item] of bad(at)) server.publish(stream, [item]);
      server.publish('reference', [doubled.rate('company', 0.12), doubled.rate('company', 0.13)]);
      for (const [accountID, reason] of expected) {
        const row = await accountRow(page, accountID);
        await expect(row, `${accountID} ${reason}`).toHaveAttribute('data-quality', 'unknown');
        const degree = row.locator('[data-column="riskDegree"]');
        await expect(degree, reason).toContainText(reasons[codeOf(reason)] ?? `no words for ${reason}`);
        await expect(degree, reason).not.toContainText(RAW_NAME);
        await expect(row.locator('[data-column="level"]')).toContainText('?');
      }
      for (const { accountID } of others) {
        const row = await accountRow(page, accountID);
        await expect(row).not.toHaveAttribute('data-quality', 'unknown');
        await expect(row.locator('[data-column="balance"]')).toHaveText('1,006,000.00');
        await expect(row.locator('[data-column="currMargin"]')).toHaveText('192,480.00');
      }
    });

    const alerts = page.locator('[data-testid="alert-row"][data-kind="figuresUnknown"]');
    await test.step('one alert for all of it, which says of how many and of whom', async () => {
      await page.getByTestId('workspace-tab-alerts').click();
      await expect(alerts).toHaveCount(1, { timeout: 60_000 });
      await expect(alerts).toHaveAttribute('data-condition', 'active');
      await alerts.click();
      await expect(page.getByTestId('alert-value')).toContainText(String(expected.size), { timeout: 60_000 });
      await expect(page.getByTestId('alert-why')).not.toContainText(RAW_NAME);
    });

    await test.step('good input heals all of it', async () => {
      for (const { at, heal } of hurt) for (const [stream, item] of heal(at)) server.publish(stream, [item]);
      server.publish('reference', [doubled.rate('company', 0.12)]);
      for (const accountID of expected.keys()) {
        const row = await accountRow(page, accountID);
        await expect(row, accountID).not.toHaveAttribute('data-quality', 'unknown');
        await expect(row.locator('[data-column="balance"]'), accountID).toHaveText('1,006,000.00');
      }
      await page.getByTestId('workspace-tab-alerts').click();
      await expect(alerts).toHaveAttribute('data-condition', 'cleared', { timeout: 60_000 });
    });
    await test.step('a multiplier that the feed loses is supplied from the notice, agreed to, and known to the cent; the feed comes back with another', async () => {
      const lost = others[0] as (typeof others)[number];
      const { volumeMultiple: _multiplier, ...bare } = lost.instrument;
      server.publish('reference', [bare]);
      await become(page, 'risk');
      const unknown = await openAccount(page, lost.accountID);
      await expect(unknown.getByTestId('account-why')).toHaveAttribute('data-reason', `noMultiplier:${lost.label}`);
      await unknown.getByTestId('supply-missing').click();
      const form = page.getByTestId('reference-form');
      await expect(form.getByTestId('reference-field-instrumentID')).toHaveValue(lost.instrumentID);
      // What the feed still says need not be typed again.
      await expect(form.getByTestId('reference-field-currencyID')).toHaveValue('CNY');
      await expect(form.getByTestId('reference-send')).toBeDisabled();
      await form.getByTestId('reference-field-volumeMultiple').fill('1000');
      await form.getByTestId('reference-field-citation').fill('SHFE notice 2026-112');
      await form.getByTestId('reference-field-certainty').selectOption('verified');
      await expect(form.getByTestId('reference-preview')).toHaveAttribute('data-use', 'inUse');
      await form.getByTestId('reference-reason').fill('the feed lost its table of contracts');
      await keepPictures(page, 'reference-form');
      await form.getByTestId('reference-send').click();
      await form.getByTestId('open-approvals').click();
      const waiting = page.locator('[data-testid="approval-item"][data-state="pending"]').first();
      await waiting.click();
      await keepPictures(page, 'reference-approval');
      await approveOnTheSpot(page, 'supervisor');
      await expect(page.getByTestId('approval').first()).toHaveAttribute('data-state', 'done');
      await openPanel(page, 'reference');
      const reference = page.getByTestId('reference');
      await reference.getByTestId('reference-filter').fill(lost.instrumentID);
      await expect(reference.locator(`[data-testid="reference-row"][data-key="${lost.label}"]`)).toHaveAttribute('data-own', 'true');
      await keepPictures(page, 'reference-contracts');
      const row = await accountRow(page, lost.accountID);
      await expect(row.locator('[data-column="balance"]')).toHaveText('1,006,000.00');
      const known = await openAccount(page, lost.accountID);
      await expect(known.getByTestId('account-own-rows')).toHaveAttribute('data-count', '1');
      await known.getByTestId('explain-positionProfit').first().click();
      await known.getByTestId('explain-all').click();
      await expect(known.getByTestId('derivation-supplied').first()).toContainText('何晴');
      await expect(known.getByTestId('derivation').first()).toContainText('SHFE notice 2026-112');
      await keepPictures(page, 'reference-explain');

      server.publish('reference', [{ ...lost.instrument, volumeMultiple: 100 }]);
      await expect((await accountRow(page, lost.accountID)).locator('[data-column="balance"]')).toHaveText('1,000,600.00');
      await page.getByTestId('workspace-tab-alerts').click();
      const differs = page.locator('[data-testid="alert-row"][data-kind="ownRowsDiffer"]');
      await expect(differs).toHaveAttribute('data-condition', 'active', { timeout: 60_000 });
      await differs.click();
      await expect(page.getByTestId('alert-why')).not.toContainText(RAW_NAME);
      await keepPictures(page, 'reference-alert');
      await openPanel(page, 'reference');
      await reference.getByTestId('reference-view-own').click();
      await expect(reference.getByTestId('own-row')).toHaveAttribute('data-use', 'feedDiffers');
      await reference.getByTestId('own-row-open').click();
      await expect(reference.getByTestId('reference-differences')).toContainText('100');
      await keepPictures(page, 'reference-own');
      await reference.getByTestId('reference-import').click();
      await page
        .getByTestId('reference-file-text')
        .fill(['kind,exchangeID,effectiveFrom,citation,certainty,method', 'marginAggregation,SHFE,20261130,n,verified,halfSide'].join('\n'));
      await expect(page.getByTestId('reference-file')).toHaveAttribute('data-refusals', '1');
      await expect(page.getByTestId('reference-file-refusals').locator('li')).toHaveAttribute('data-line', '2');
      await keepPictures(page, 'reference-file');
      await page.keyboard.press('Escape');
      server.publish('reference', [lost.instrument]);
      await expect((await accountRow(page, lost.accountID)).locator('[data-column="balance"]')).toHaveText('1,006,000.00');
    });
    await test.step('of a position without its contract the account page names what was said of it', async () => {
      server.publish('positions', [{ kind: 'positionDetail', accountID: REFUSED, exchangeID: 'SHFE', volume: 1, asOfMs: MORNING_MS }]);
      await expect(await accountRow(page, REFUSED)).toHaveAttribute('data-quality', 'unknown');
      const refused = await openAccount(page, REFUSED);
      await expect(refused.getByTestId('account-why')).toHaveAttribute('data-reason', /^positionRefused:SHFE /);
      await expect(refused.getByTestId('account-why')).toContainText(reasons.positionRefused ?? '');
      await expect(refused.getByTestId('account-why')).not.toContainText(RAW_NAME);
      await expect(await accountRow(page, CLIENT)).not.toHaveAttribute('data-quality', 'unknown');
    });
    expect(desk.pageErrors).toEqual([]);
  } finally {
    await server.stop();
  }
});
