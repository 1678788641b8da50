/** A shift goes over at the desk: marked, offered, read back, countersigned by the next officer at the same screen, printed, and its fingerprint found again. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { become, openPanel, tick, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { journalEntries } from '#tests/helpers/e2e-journal';
import { readPdf } from '#tests/helpers/pdf-text';

/** Kept where somebody looks at them; nothing is compared. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  for (const look of ['zh-dark', 'en-light']) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: join(folder, `handover-${name}-${look}-${width}.png`) });
    }
    await page.getByTestId('switch-language').click();
    await page.getByTestId('switch-theme').click();
  }
}

/** Marks everything that presses, whatever comes up meanwhile, until the shift can be offered. */
async function markAll(page: Page): Promise<void> {
  const pressing = page.locator('[data-testid="handover-item"][data-pressing="true"]').first();
  await expect(async () => {
    while ((await pressing.count()) > 0) {
      const key = await pressing.getAttribute('data-key', { timeout: 2_000 });
      const item = page.locator(`[data-testid="handover-item"][data-key="${key}"]`);
      await item.getByTestId('handover-level-stable').click({ timeout: 5_000 });
      await expect(item).toHaveAttribute('data-pressing', 'false', { timeout: 5_000 });
    }
    await page.getByTestId('handover-offer').click({ timeout: 2_000 });
    await expect(page.getByTestId('handover-sheet')).toHaveAttribute('data-state', 'offered', { timeout: 5_000 });
  }).toPass({ timeout: 90_000 });
}

test('a shift is marked, offered, read back and taken over by another officer at the same screen, and its sheet is found again in the record', async ({
  desk,
}) => {
  test.setTimeout(240_000);
  const { page } = desk;
  await untilReady(page);
  await untilLive(page);
  await become(page, 'duty');
  await openPanel(page, 'handovers');
  const panel = page.getByTestId('handovers');
  await expect(panel).toHaveAttribute('data-offered', 'false');
  const feed = page.locator('[data-testid="handover-item"][data-key="feed:demo"]');
  await feed.getByTestId('handover-level-watch').click();
  await feed.getByTestId('handover-if-then').fill('若中断超过一分钟，电话通知行情商');
  await feed.getByTestId('handover-keep').click();
  await expect(feed).toHaveAttribute('data-level', 'watch');
  await page.getByTestId('handover-note').fill('二楼备线在检修');
  await page.getByTestId('handover-note-add').click();
  await expect(page.locator('[data-testid="handover-item"][data-kind="note"]')).toHaveCount(1);
  await page.getByTestId('handover-remarks').fill('夜盘平稳');
  await keep(page, 'open');
  await markAll(page);

  const accept = page.getByTestId('handover-accept-here');
  await expect(accept).toBeDisabled();
  await tick(page.locator('[data-testid="handover-sheet-item"][data-key="feed:demo"]').getByTestId('handover-read'));
  await page.getByTestId('handover-incoming-words').fill('先看行情');
  await keep(page, 'offered');
  await accept.click();
  await page.getByTestId('second-person-login').selectOption('supervisor2');
  await page.getByTestId('second-person-secret').fill('demo-supervisor2');
  await page.getByTestId('second-person-confirm').click();
  await expect(page.getByTestId('handover-taken')).toBeVisible();
  await expect(panel).toHaveAttribute('data-past', '1');
  const accepted = journalEntries(desk.dataDir).find(({ type }) => type === 'handover.accepted');
  expect(accepted).toMatchObject({ actor: 'p-duty' });

  await page.getByTestId('handover-past').first().click();
  await expect(page.getByTestId('handover-accepted')).toBeVisible();
  await keep(page, 'accepted');
  await page.getByTestId('handover-paper-language-zh-CN').click();
  await page.getByTestId('handover-paper-pdf').click();
  const notice = page.getByTestId('paper-made');
  await expect(notice).toBeVisible({ timeout: 60_000 });
  const path = (await notice.getAttribute('data-path')) ?? '';
  const text = readPdf(readFileSync(path)).text.replaceAll(/\s/g, '');
  for (const wanted of ['交接班单', '二楼备线在检修', '夜盘平稳', '先看行情', '交班人', '接班人', '若中断超过一分钟']) expect(text).toContain(wanted);
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder !== '' && folder !== 'docs') copyFileSync(path, join(folder, 'handover-sheet.pdf'));
  const fingerprint = /记录指纹(\d+:[0-9a-f]{12})/.exec(text)?.[1] ?? '';
  expect(fingerprint).not.toBe('');

  // Somebody comes back with the signed sheet.
  await become(page, 'supervisor');
  await openPanel(page, 'audit');
  await page.getByTestId('audit-printed-open').click();
  await page.getByTestId('audit-printed').fill(fingerprint);
  await page.getByTestId('audit-printed-find').click();
  await expect(page.getByTestId('audit-printed-found')).toHaveAttribute('data-verdict', 'holds');
  await keep(page, 'found');
  await page.getByTestId('audit-printed').fill(`${fingerprint.split(':')[0]}:000000000000`);
  await page.getByTestId('audit-printed-find').click();
  await expect(page.getByTestId('audit-printed-found')).toHaveAttribute('data-verdict', 'differs');
});
