/** An incident as a duty officer lives it: a suspicion starts the clock, a call is recorded, repair waits for the evidence, two cancel; a kill loses nothing. */
import { expect, type Page } from '@playwright/test';
import { tick } from '#tests/helpers/e2e-actions';
import { killQuietly, pidOf, test, untilReady } from '#tests/helpers/e2e-desk';

async function stateLicence(page: Page): Promise<void> {
  await expect(page.getByTestId('incident-no-licences')).toBeVisible();
  await page.getByTestId('incident-firm').click();
  await tick(page.getByTestId('firm-cnFuturesBroker'));
  await page.getByTestId('firm-reason').fill('the licence of the firm');
  await page.getByTestId('firm-confirm').click();
  await expect(page.getByTestId('incident-no-licences')).toHaveCount(0);
}

async function declare(page: Page, title: string): Promise<void> {
  await page.getByTestId('incident-open').click();
  await page.getByTestId('open-incident-title').fill(title);
  await page.getByTestId('open-incident-confirm').click();
  await expect(page.getByTestId('incident')).toHaveAttribute('data-state', 'suspected');
}

test('a suspicion starts the reporting clock, the call is on record, and all of it is there after a kill', async ({ desk }) => {
  test.setTimeout(150_000);
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-emergency').click();
  await page.getByTestId('tab-incidents').click();
  await stateLicence(page);
  await declare(page, 'Orders are not acknowledged');
  const first = page.getByTestId('duty-cn-csrc-first');
  await expect(first).toHaveAttribute('data-state', 'proposed');
  await expect(first).toHaveAttribute('data-open', 'true');
  await first.getByTestId('duty-send').click();
  await expect(first.getByTestId('phone-script')).toContainText('Orders are not acknowledged');
  await first.getByTestId('duty-proof').fill('called 021-0000, answered by the officer on duty');
  await first.getByTestId('duty-send-confirm').click();
  await expect(first).toHaveAttribute('data-state', 'sent');
  await expect(first.getByTestId('duty-submission')).toContainText('021-0000');
  // The next report of a fault that may be major is due by itself.
  await expect(page.getByTestId('duty-cn-csrc-update')).toHaveAttribute('data-open', 'true');

  await page.getByTestId('incident-section-timeline').click();
  await page.getByTestId('timeline-text').fill('The venue says ten minutes');
  await page.getByTestId('timeline-add').click();
  await expect(page.getByTestId('timeline-entry').filter({ hasText: 'The venue says ten minutes' })).toBeVisible();

  const pid = await pidOf(desk, 'Floorwatch engine');
  if (pid === null) throw new Error('no engine runs');
  killQuietly(pid);
  await expect(page.locator('.app')).toHaveAttribute('data-engine', 'connected', { timeout: 60_000 });
  await expect(page.getByTestId('timeline-entry').filter({ hasText: 'The venue says ten minutes' })).toBeVisible({ timeout: 30_000 });
  await page.getByTestId('incident-section-duties').click();
  await expect(first.getByTestId('duty-submission')).toContainText('021-0000');
  expect(desk.pageErrors).toEqual([]);
});

test('nothing is repaired before the scene is kept, and a suspicion is cancelled by two', async ({ desk }) => {
  test.setTimeout(150_000);
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-emergency').click();
  await page.getByTestId('tab-incidents').click();
  await declare(page, 'A frozen screen');
  await page.getByTestId('incident-section-evidence').click();
  await expect(page.getByTestId('begin-repair')).toBeDisabled();
  await page.getByTestId('seal-items').fill('screen photograph\ngateway log');
  await page.getByTestId('seal').click();
  await expect(page.getByTestId('evidence-seal')).toHaveAttribute('data-sealed', 'true');
  await page.getByTestId('begin-repair').click();
  await expect(page.getByTestId('begin-repair')).toBeDisabled();

  await page.getByTestId('incident-to-cancelled').click();
  await page.getByTestId('incident-reason-text').fill('it was a test machine');
  await page.getByTestId('incident-reason-confirm').click();
  await page.getByTestId('second-person-login').selectOption('supervisor2');
  await page.getByTestId('second-person-secret').fill('demo-supervisor2');
  await page.getByTestId('second-person-confirm').click();
  await expect(page.getByTestId('incident')).toHaveAttribute('data-state', 'cancelled', { timeout: 30_000 });
  expect(desk.pageErrors).toEqual([]);
});
