/** A drill as people meet it: opened from the live desk, in a window of its own under a banner, with injects, marks and a report, while the live desk goes on. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { become, openPanel, tick } from '#tests/helpers/e2e-actions';
import { type Desk, processesOf, test, untilReady } from '#tests/helpers/e2e-desk';
import { FeedServer } from '#tests/helpers/feed-server';
import { oneContractAccount, worldReference } from '#tests/helpers/one-contract-account';
import { readPdf } from '#tests/helpers/pdf-text';

/** Kept where somebody looks at them; nothing is compared. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `drills-${name}.png`) });
}

/** What the firm is: before that the desk suspects nothing by itself. */
async function stateLicence(page: Page): Promise<void> {
  await become(page, 'compliance');
  await openPanel(page, 'incidents');
  await page.getByTestId('incident-firm').click();
  await tick(page.getByTestId('firm-cnFuturesBroker'));
  await page.getByTestId('firm-reason').fill('the licence of the firm');
  await page.getByTestId('firm-confirm').click();
  await expect(page.getByTestId('incident-no-licences')).toHaveCount(0);
  await become(page, 'supervisor');
}

async function openDrills(page: Page): Promise<void> {
  await openPanel(page, 'drills');
  await expect(page.getByTestId('drills')).toBeVisible();
}

async function openDrillDesk(app: ElectronApplication, page: Page): Promise<Page> {
  await openDrills(page);
  const [drillPage] = await Promise.all([app.waitForEvent('window'), page.getByTestId('drill-open-desk').click()]);
  await untilReady(drillPage);
  return drillPage;
}

/** The live desk gets a source that is no demonstration: what it says is real, and stops a drill. */
async function connectRealSource(page: Page, url: string): Promise<void> {
  await openPanel(page, 'settings');
  await page.getByTestId('feed-add').click();
  await page.getByTestId('feed-url').fill(url);
  await page.getByTestId('feed-test').click();
  await expect(page.getByTestId('feed-test-answer')).toBeVisible({ timeout: 40_000 });
  await page.getByTestId('feed-use').click();
  await expect(page.getByTestId('status-feed-primary')).toHaveAttribute('data-state', 'live', { timeout: 60_000 });
}

test('a drill runs beside the live desk, under a banner, stands still for what is real, from its draft to its report', async ({ launch }) => {
  test.setTimeout(360_000);
  const source = await FeedServer.start({ encodings: ['json'], heartbeatIntervalMs: 200 });
  const account = oneContractAccount('real');
  source.publish('reference', worldReference([account]));
  source.publish('quotes', [account.quote]);
  source.publish('accounts', [account.money]);
  source.publish('positions', [account.lot, account.slice]);
  try {
    await walkTheDrill(await launch({ args: ['--no-demo'] }), source);
  } finally {
    await source.stop();
  }
});

async function walkTheDrill(desk: Desk, source: FeedServer): Promise<void> {
  const { app, page } = desk;
  await untilReady(page);
  await connectRealSource(page, source.url);
  await stateLicence(page);
  const drillPage = await openDrillDesk(app, page);
  const errors: string[] = [];
  drillPage.on('pageerror', (error) => errors.push(error.message));
  await expect(drillPage.getByTestId('banner-drill')).toBeVisible();
  const width = await drillPage.evaluate(() => window.innerWidth);
  expect((await drillPage.getByTestId('banner-drill').boundingBox())?.width).toBe(width);
  await expect(page.getByTestId('banner-drill')).toHaveCount(0);
  await expect(drillPage.getByTestId('status-feed-demo')).toHaveAttribute('data-state', 'live', { timeout: 120_000 });

  await openDrills(drillPage);
  await expect(drillPage.getByTestId('drills')).toHaveAttribute('data-desk', 'drill');
  await drillPage.getByTestId('drill-new').click();
  await drillPage.getByTestId('new-drill-scenario').selectOption('ep-01-feed-cut');
  await drillPage.getByTestId('new-drill-p-duty-players').click();
  await picture(drillPage, 'draft');
  await drillPage.getByTestId('new-drill-confirm').click();
  const drill = drillPage.getByTestId('drill');
  await expect(drill).toHaveAttribute('data-state', 'draft');
  await drillPage.getByTestId('drill-approve').click();
  await drillPage.getByTestId('second-person-login').selectOption('duty');
  await drillPage.getByTestId('second-person-secret').fill('demo-duty');
  await drillPage.getByTestId('second-person-confirm').click();
  await expect(drill).toHaveAttribute('data-state', 'approved');
  // A day as the page's language writes it, whatever the machine speaks: refused in words, typed again, and moved by key.
  const planned = drillPage.getByTestId('drill-planned-for');
  await planned.fill('2031年2月30日 10:00');
  await planned.press('Enter');
  await expect(drillPage.locator('.moment-fault')).toHaveAttribute('data-fault', 'noSuchDay');
  await expect(drillPage.getByTestId('drill-schedule')).toBeDisabled();
  await planned.fill('2031年3月2日 10:00');
  await planned.press('Alt+ArrowDown');
  await expect(drillPage.locator('[data-day="2031-03-02"]')).toBeFocused();
  await picture(drillPage, 'day-picker');
  await drillPage.keyboard.press('ArrowRight');
  await expect(drillPage.locator('[data-day="2031-03-03"]')).toBeFocused();
  await drillPage.keyboard.press('Enter');
  await expect(planned).toHaveValue('2031/03/03 10:00:00');
  await drillPage.getByTestId('drill-schedule').click();
  await expect(drill).toHaveAttribute('data-state', 'scheduled');
  await drillPage.getByTestId('drill-view-programme').click();
  await expect(drillPage.getByTestId('programme-EP-01')).toContainText('2031');
  await picture(drillPage, 'programme');
  await drillPage.getByTestId('drill-view-drills').click();
  await drillPage.getByTestId('drill-start').click();
  await expect(drill).toHaveAttribute('data-state', 'running');
  // The firm's own desk says that it runs.
  await openDrills(page);
  await expect(page.getByTestId('drill-item')).toHaveAttribute('data-state', 'running');
  await picture(page, 'live-running');

  // A card of the players, and the cut of the feed, both before their time: the live desk's feed goes on.
  await drillPage.getByTestId('drill-give-3').click();
  await expect(drillPage.locator('[data-testid="drill-card"][data-no="3"]')).toBeVisible();
  await drillPage.getByTestId('drill-give-2').click();
  await expect(drillPage.getByTestId('status-feed-demo')).not.toHaveAttribute('data-state', 'live', { timeout: 120_000 });
  await expect(page.getByTestId('status-feed-primary')).toHaveAttribute('data-state', 'live');
  await picture(drillPage, 'running');

  // The firm's own source fails, which is critical and real: the drill stands still by itself, says why, and goes on only by hand.
  source.refusesAll = true;
  source.cut();
  await expect(drill).toHaveAttribute('data-state', 'paused', { timeout: 60_000 });
  const paused = drillPage.getByTestId('banner-drill-paused');
  await expect(paused).toContainText('实盘');
  await expect(page.locator('[data-testid="alert-row"][data-severity="critical"]').first()).toBeAttached({ timeout: 30_000 });
  await picture(drillPage, 'paused');
  await picture(page, 'live-while-paused');
  source.refusesAll = false;
  await expect(page.getByTestId('status-feed-primary')).toHaveAttribute('data-state', 'live', { timeout: 60_000 });
  await expect(drill).toHaveAttribute('data-state', 'paused');
  await drillPage.getByTestId('drill-resume').click();
  await expect(drill).toHaveAttribute('data-state', 'running');
  await expect(paused).toHaveCount(0);

  await drillPage.getByTestId('drill-section-evaluation').click();
  const task = drillPage.locator('[data-testid="drill-task"][data-task="confirm-symptom"]');
  await task.getByTestId('drill-mark-confirm-symptom-2').click();
  await expect(task).toHaveAttribute('data-marked', 'true');
  await drillPage.getByTestId('drill-end').click();
  await expect(drill).toHaveAttribute('data-state', 'ended');
  // It fails again, and for longer: what the live desk makes of that by itself is looked at below.
  source.refusesAll = true;
  source.cut();
  await expect(drillPage.getByTestId('drill-deadline-hotwash')).toHaveAttribute('data-standing', 'open');
  await drillPage.getByTestId('drill-section-report').click();
  // Nobody ran the plan: what was to be done was not done, and the report says so.
  await expect(drillPage.getByTestId('drill-report')).toHaveAttribute('data-index', 'scored');
  await expect(drillPage.getByTestId('drill-story').getByRole('listitem')).not.toHaveCount(0);
  await expect(drillPage.getByTestId('drill-lapses')).not.toHaveAttribute('data-count', '0');
  await picture(drillPage, 'report');
  await drillPage.getByTestId('drill-section-improvements').click();
  await drillPage.getByTestId('drill-hotwash-better').fill('Nobody knew who leads');
  await picture(drillPage, 'hotwash');
  await drillPage.getByTestId('drill-hotwash-save').click();
  await expect(drill).toHaveAttribute('data-state', 'hotwash');
  await drillPage.getByTestId('drill-review-add').click();
  await drillPage.getByTestId('drill-review-text').fill('Nobody started EP-01');
  await drillPage.getByTestId('drill-review-owner').fill('Chen Mo');
  await drillPage.getByTestId('drill-review-due').fill('2027-01-31');
  await drillPage.getByTestId('drill-review-standard').fill('the plan is begun within a minute');
  await drillPage.getByTestId('drill-review-save').click();
  await drillPage.getByTestId('drill-sign').click();
  await expect(drill).toHaveAttribute('data-state', 'actionsOpen');
  await picture(drillPage, 'improvements');
  for (const language of ['zh-CN', 'en']) {
    await drillPage.getByTestId(`drill-paper-language-${language}`).click();
    await drillPage.getByTestId('drill-paper-pdf').click();
    const notice = drillPage.getByTestId('paper-made');
    await expect(notice).toBeVisible({ timeout: 60_000 });
    const path = (await notice.getAttribute('data-path')) ?? '';
    const read = readPdf(readFileSync(path));
    // The firm's language, the drill on every sheet, and nobody by an id.
    expect(read.text.replaceAll(/\s/g, '')).toContain(language === 'en' ? 'NOTAREALEVENT' : '非真实事件');
    expect(read.text).not.toMatch(/p-duty|p-supervisor/);
    const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
    if (folder !== '' && folder !== 'docs') copyFileSync(path, join(folder, `paper-drill-${language}.pdf`));
    await notice.getByRole('button').click();
    await drillPage.getByTestId('drill-paper-docx').click();
    await expect(notice).toHaveAttribute('data-path', /\.docx$/, { timeout: 60_000 });
    const word = (await notice.getAttribute('data-path')) ?? '';
    const body = strFromU8(unzipSync(readFileSync(word))['word/document.xml'] ?? new Uint8Array());
    // The same report as in the PDF.
    for (const said of ['Nobody started EP-01', 'Nobody knew who leads', 'the plan is begun within a minute']) {
      expect(read.text.replaceAll(/\s/g, '')).toContain(said.replaceAll(' ', ''));
      expect(body).toContain(said);
    }
    if (folder !== '' && folder !== 'docs') copyFileSync(word, join(folder, `paper-drill-${language}.docx`));
    await notice.getByRole('button').click();
  }
  // An improvement that nothing proves keeps the drill open.
  await drillPage.getByTestId('drill-close').click();
  await expect(drillPage.getByTestId('refusal').first()).toHaveAttribute('data-code', 'CONFLICT');

  // The firm's own desk keeps what came of it, and asks nothing of the drill desk for that.
  await openDrills(page);
  await expect(page.getByTestId('drills')).toHaveAttribute('data-count', '1');
  await page.getByTestId('drill-item').click();
  await expect(page.getByTestId('drill-result')).toHaveAttribute('data-state', 'actionsOpen');
  await expect(page.getByTestId('drill-result-improvement')).toContainText('Nobody started EP-01');
  await expect(page.getByTestId('drill-lapses')).not.toHaveAttribute('data-count', '0');
  await expect(page.getByTestId('drill-deadline-sign')).toHaveAttribute('data-standing', 'inTime');
  await picture(page, 'live-result');
  await page.getByTestId('drill-view-times').click();
  await expect(page.getByTestId('drill-across-ep-01-feed-cut')).toHaveAttribute('data-count', '1');
  await picture(page, 'live-times');
  await page.getByTestId('drill-view-programme').click();
  await expect(page.getByTestId('programme-live-EP-01')).toHaveAttribute('data-overdue', 'false');
  await expect(page.getByTestId('programme-live-EP-02')).toHaveAttribute('data-overdue', 'true');
  await picture(page, 'live-programme');
  await page.getByTestId('drill-view-rotation').click();
  await expect(page.getByTestId('rotation-person-p-duty')).toHaveAttribute('data-overdue', 'false');
  await expect(page.getByTestId('rotation-person-p-supervisor')).toHaveAttribute('data-overdue', 'true');
  await picture(page, 'live-rotation');
  await page.getByTestId('workspace-tab-emergency').click();
  await page.getByTestId('tab-plans').click();
  await page.getByTestId('plan-EP-01').click();
  await expect(page.getByTestId('plan-drilled')).toHaveAttribute('data-overdue', 'true');
  await picture(page, 'live-plan');
  // A source that stays down is a suspected incident by itself, with its alert and the duty to report at once; nobody had to think of it.
  await openPanel(page, 'incidents');
  await expect(page.getByTestId('incident-item')).toHaveCount(1, { timeout: 120_000 });
  await page.getByTestId('incident-item').click();
  const incident = page.getByTestId('incident');
  await expect(incident).toHaveAttribute('data-state', 'suspected');
  // By whichever of its alerts had lasted long enough first: the source, or the quotes that came from it.
  await expect(incident.getByRole('heading', { name: /数据源 primary 中断|持仓合约行情停更/ })).toBeVisible();
  await expect(incident.getByTestId('incident-alert').first()).toBeVisible();
  await expect(incident.getByTestId('duty-cn-csrc-first')).toBeVisible();
  await picture(page, 'suspected-by-itself');
  source.refusesAll = false;

  expect(existsSync(join(desk.dataDir, 'drill', 'journal.sqlite'))).toBe(true);
  expect(errors).toEqual([]);
  // The window closed: its engine and its broker end with it, and the live desk stays.
  await drillPage.close();
  await expect.poll(async () => (await processesOf(app)).map(({ name }) => name).filter((name) => name.includes('drill'))).toEqual([]);
  await expect(page.locator('.app')).toHaveAttribute('data-engine', 'connected');
}
