/** An incident as a duty officer lives it: a suspicion starts the clock, a call is recorded, repair waits for the evidence, two cancel; a kill loses nothing. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { alertRow, become, startRun, tick, untilLive } from '#tests/helpers/e2e-actions';
import { killQuietly, pidOf, test, untilReady } from '#tests/helpers/e2e-desk';

/** Kept where somebody looks at them; nothing is compared. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `incidents-${name}.png`) });
}

async function openIncidents(page: Page): Promise<void> {
  // The bar is drawn anew when somebody else has signed in.
  await expect(async () => {
    await page.getByTestId('workspace-tab-emergency').click({ timeout: 2_000 });
    await page.getByTestId('tab-incidents').click({ timeout: 2_000 });
    await expect(page.getByTestId('incidents')).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

/** What the firm is, Compliance says; whoever watches the desk cannot. */
async function stateLicence(page: Page): Promise<void> {
  await openIncidents(page);
  await expect(page.getByTestId('incident-no-licences')).toBeVisible();
  await expect(page.getByTestId('incident-firm')).toBeDisabled();
  await become(page, 'compliance');
  await openIncidents(page);
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
  await expect(page.getByTestId('incident').getByRole('heading', { name: title })).toBeVisible();
}

async function confirmAs(page: Page, login: string): Promise<void> {
  await page.getByTestId('second-person-login').selectOption(login);
  await page.getByTestId('second-person-secret').fill(`demo-${login}`);
  await page.getByTestId('second-person-confirm').click();
  await expect(page.getByTestId('second-person')).toHaveCount(0);
}

test('a suspicion starts the reporting clock, the call is on record after a kill, and its effect and review are told', async ({ desk }) => {
  test.setTimeout(300_000);
  const { page } = desk;
  await untilReady(page);
  await stateLicence(page);
  await become(page, 'supervisor');
  await openIncidents(page);
  await declare(page, 'Orders are not acknowledged');
  const first = page.getByTestId('duty-cn-csrc-first');
  await expect(first).toHaveAttribute('data-state', 'proposed');
  await expect(first).toHaveAttribute('data-open', 'true');
  // Whoever watches makes the call at once; that the text was read, Compliance says.
  await expect(first.getByTestId('duty-arm')).toHaveCount(0);
  await first.getByTestId('duty-send').click();
  await expect(first.getByTestId('phone-script')).toContainText('Orders are not acknowledged');
  await picture(page, 'phone');
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

  // Graded down, the cadence is stood down and stays to be read; graded up, it is asked for again.
  await page.getByTestId('incident-section-duties').click();
  const cadence = page.getByTestId('duty-cn-csrc-update');
  const regrade = async (grade: string, reason: string): Promise<void> => {
    await page.getByTestId('incident-regrade').click();
    await page.getByTestId('incident-grade-value').selectOption(grade);
    await page.getByTestId('incident-grade-reason').fill(reason);
    await page.getByTestId('incident-grade-dialog-confirm').click();
    await expect(page.getByTestId('incident-grade-dialog')).toHaveCount(0);
  };
  await regrade('general', 'one client for two minutes');
  await expect(cadence).toHaveAttribute('data-state', 'stoodDown');
  await expect(cadence).toHaveAttribute('data-open', 'false');
  await expect(first.getByTestId('duty-submission')).toContainText('021-0000');
  await regrade('major', 'all clients after all');
  await expect(cadence).toHaveAttribute('data-open', 'true');
  await page.getByTestId('incident-section-timeline').click();

  const pid = await pidOf(desk, 'Floorwatch engine');
  if (pid === null) throw new Error('no engine runs');
  killQuietly(pid);
  // Another engine serves the page: until the loss is noticed it shows what the first one said.
  const serving = (): Promise<number | null> => pidOf(desk, 'Floorwatch engine');
  await expect.poll(async () => ![pid, null].includes(await serving()), { timeout: 60_000 }).toBe(true);
  await expect(page.locator('.app')).toHaveAttribute('data-engine', 'connected', { timeout: 60_000 });
  await expect(page.getByTestId('timeline-entry').filter({ hasText: 'The venue says ten minutes' })).toBeVisible({ timeout: 30_000 });
  await page.getByTestId('incident-section-duties').click();
  await expect(first.getByTestId('duty-submission')).toContainText('021-0000');

  await tellTheEffect(page);
  await reviewIt(page);
  expect(desk.pageErrors).toEqual([]);
});

/** As a field for a moment takes it, in the time of the machine. */
function minutesAgo(minutes: number): string {
  const at = new Date(Date.now() - minutes * 60_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** Each partial recovery ends one stretch and begins the next; what is not known stays not known, in the form of the next report too. */
async function tellTheEffect(page: Page): Promise<void> {
  await page.getByTestId('incident-section-impact').click();
  await page.getByTestId('impact-clientCount').fill('1200');
  for (const [no, from, to, loss, text] of [
    ['1', 20, 8, '100', 'no order goes through'],
    ['2', 8, null, '40', 'half of the gateways are back'],
  ] as const) {
    await page.getByTestId('impact-add-period').click();
    await page.getByTestId(`impact-from-${no}`).fill(minutesAgo(from));
    if (to !== null) await page.getByTestId(`impact-to-${no}`).fill(minutesAgo(to));
    await page.getByTestId(`impact-loss-${no}`).fill(loss);
    await page.getByTestId(`impact-text-${no}`).fill(text);
  }
  await page.getByTestId('impact-save').click();
  await expect(page.getByTestId('incident-saved')).toBeVisible();
  await expect(page.getByTestId('impact-text-2')).toHaveValue('half of the gateways are back');
  await page.getByTestId('incident-section-timeline').click();
  await expect(page.getByTestId('timeline-entry').filter({ hasText: '影响' }).first()).toBeVisible();
  await page.getByTestId('incident-section-impact').click();
  await expect(page.getByTestId('impact-loss-2')).toHaveValue('40');
  await expect(page.getByTestId('impact-accountCount')).toHaveValue('');
  await picture(page, 'impact');

  await page.getByTestId('incident-section-review').click();
  for (const [conditions, needs] of [
    ['orders hang at two gateways', ''],
    ['one gateway is back', 'the vendor on the line'],
  ] as const) {
    await page.getByTestId('situation-conditions').fill(conditions);
    await page.getByTestId('situation-actions').fill('switched to the second site');
    await page.getByTestId('situation-needs').fill(needs);
    await page.getByTestId('situation-add').click();
    await expect(page.getByTestId('situation-reports').getByRole('listitem').first()).toContainText(conditions);
    await expect(page.getByTestId('situation-conditions')).toHaveValue('');
  }
  // The one before stays to be read.
  await expect(page.getByTestId('situation-reports').getByRole('listitem')).toHaveCount(2);
  await picture(page, 'situation');

  await page.getByTestId('incident-section-duties').click();
  const update = page.getByTestId('duty-cn-csrc-update');
  // By telephone: what is said there.
  await update.getByTestId('duty-send').click();
  const form = update.getByTestId('phone-script');
  for (const words of [
    '1,200',
    '100%',
    'half of the gateways are back',
    '仍在持续',
    '尚不清楚',
    'the vendor on the line',
    'switched to the second site',
  ])
    await expect(form).toContainText(words);
  await picture(page, 'form-of-the-effect');
}

/** Recovered is not over: it is watched, reviewed with its causes and what follows from them, and closed only when every duty is answered. */
async function reviewIt(page: Page): Promise<void> {
  const incident = page.getByTestId('incident');
  for (const state of ['active', 'contained', 'recovered']) {
    await page.getByTestId(`incident-to-${state}`).click();
    await expect(incident).toHaveAttribute('data-state', state);
  }
  await expect(page.getByTestId('incident-watched')).toBeVisible();
  await picture(page, 'watched');
  await page.getByTestId('incident-to-review').click();
  await page.getByTestId('incident-reason-text').fill('the venue has closed for the day');
  await page.getByTestId('incident-reason-confirm').click();
  await expect(incident).toHaveAttribute('data-state', 'review');
  await page.getByTestId('incident-section-review').click();
  await page.getByTestId('review-upgraded').selectOption('yes');
  await page.getByTestId('review-causes').fill('an untested upgrade\nno alarm on the queue');
  await page.getByTestId('review-add-action').click();
  await page.getByTestId('review-action-1').fill('an alarm on the queue');
  await page.getByTestId('review-owner-1').fill('Chen Mo');
  await page.getByTestId('review-due-1').fill('2031-01-31');
  await page.getByTestId('review-save').click();
  await expect(page.getByTestId('incident-saved')).toBeVisible();
  await page.getByTestId('incident-section-timeline').click();
  await page.getByTestId('incident-section-review').click();
  await expect(page.getByTestId('review-causes')).toHaveValue('an untested upgrade\nno alarm on the queue');
  await expect(page.getByTestId('review-owner-1')).toHaveValue('Chen Mo');
  await picture(page, 'review');
  await page.getByTestId('incident-to-closed').click();
  await expect(incident.getByTestId('refusal')).toHaveAttribute('data-code', 'CONFLICT');
  await expect(incident).toHaveAttribute('data-state', 'review');
}

test('Compliance arms a row it has read, the written form is filled in from the record, approved by another, and goes on paper', async ({ desk }) => {
  test.setTimeout(240_000);
  const { page } = desk;
  await untilReady(page);
  await stateLicence(page);
  await declare(page, 'Clients cannot log in');
  const update = page.getByTestId('duty-cn-csrc-update');
  await expect(update).toHaveAttribute('data-state', 'proposed');
  await update.getByTestId('duty-arm').click();
  await page.getByTestId('duty-words-text').fill('read in the gazette');
  await page.getByTestId('duty-words-confirm').click();
  await expect(update).toHaveAttribute('data-state', 'armed');
  const drafted = page.locator('[data-testid^="duty-"][data-open="true"]').filter({ has: page.getByTestId('duty-draft') });
  // By its name: a report that was sent asks for nothing more and moves down.
  const written = page.getByTestId((await drafted.first().getAttribute('data-testid')) ?? '');
  await written.getByTestId('duty-draft').click();
  await expect(written.getByTestId('duty-draft-form')).toContainText('Clients cannot log in');
  await written.getByTestId('duty-draft-save').click();
  await expect(written).toHaveAttribute('data-state', 'drafted');
  await written.getByTestId('duty-approve').click();
  await confirmAs(page, 'supervisor');
  await expect(written).toHaveAttribute('data-state', 'approved');
  const paper = written.locator('[data-testid^="paper-"][data-testid$="-pdf"]');
  await paper.click();
  const notice = page.getByTestId('paper-made');
  await expect(notice).toBeVisible({ timeout: 60_000 });
  const path = (await notice.getAttribute('data-path')) ?? '';
  expect(existsSync(path)).toBe(true);
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder !== '' && folder !== 'docs') copyFileSync(path, join(folder, 'paper-duty.pdf'));
  await notice.getByRole('button').click();
  await written.getByTestId('duty-send').click();
  await written.getByTestId('duty-proof').fill('portal receipt 2026-117');
  await written.getByTestId('duty-send-confirm').click();
  await expect(written.getByTestId('duty-submission')).toContainText('2026-117');
  await picture(page, 'written');
  expect(desk.pageErrors).toEqual([]);
});

test('nothing is repaired before the scene is kept, and a suspicion is cancelled by two', async ({ desk }) => {
  test.setTimeout(150_000);
  const { page } = desk;
  await untilReady(page);
  await openIncidents(page);
  await declare(page, 'A frozen screen');
  await page.getByTestId('incident-section-evidence').click();
  await expect(page.getByTestId('begin-repair')).toBeDisabled();
  await page.getByTestId('evidence-file').setInputFiles({ name: 'gateway.log', mimeType: 'text/plain', buffer: Buffer.from('09:31:02 link lost\n') });
  await expect(page.getByTestId('evidence-row')).toContainText('gateway.txt');
  await page.getByTestId('seal-take-kept').click();
  await expect(page.getByTestId('seal-items')).toHaveValue(/gateway\.txt .* sha256:[0-9a-f]{64}/);
  await page.getByTestId('seal').click();
  await expect(page.getByTestId('evidence-seal')).toHaveAttribute('data-sealed', 'true');
  await picture(page, 'sealed');
  await page.getByTestId('begin-repair').click();
  await expect(page.getByTestId('begin-repair')).toBeDisabled();

  await page.getByTestId('incident-to-cancelled').click();
  await page.getByTestId('incident-reason-text').fill('it was a test machine');
  await page.getByTestId('incident-reason-confirm').click();
  await confirmAs(page, 'supervisor2');
  await expect(page.getByTestId('incident')).toHaveAttribute('data-state', 'cancelled', { timeout: 30_000 });
  expect(desk.pageErrors).toEqual([]);
});

test('an incident is declared from the run that answers it, and merged by a link that deletes nothing', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  const run = await startRun(page, 'EP-10');
  await page.getByTestId('run-declare').click();
  await page.getByTestId('open-incident-confirm').click();
  await expect(page.getByTestId('incident')).toHaveAttribute('data-state', 'suspected');
  await expect(page.getByTestId('incident-run')).toContainText('EP-10');

  // The step of the plan that repairs waits for the scene as well, says so, and leads to it.
  await page.getByTestId('incident-run').click();
  for (const no of [1, 2, 3]) {
    await run.getByTestId(`run-step-${no}-done`).click();
    if (no === 3) await page.getByTestId('run-dialog-done-text').fill('two accounts are wrong, the rest is right');
    await page.getByTestId('run-dialog-done-confirm').click();
    await expect(run.getByTestId(`run-step-${no}`)).toHaveAttribute('data-state', 'done');
  }
  await run.getByTestId('run-step-4-start').click();
  await expect(page.getByTestId('refusal').first()).toBeVisible();
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'ready');
  await picture(page, 'scene-gate');
  await run.getByTestId('run-step-4-scene').getByRole('button').click();
  await page.getByTestId('incident-section-evidence').click();
  await page.getByTestId('seal-items').fill('settlement.log as of 16:02');
  await page.getByTestId('seal').click();
  await expect(page.getByTestId('evidence-seal')).toHaveAttribute('data-sealed', 'true');
  await page.getByTestId('incident-run').click();
  await expect(run.getByTestId('run-step-4-scene')).toHaveCount(0);
  await run.getByTestId('run-step-4-start').click();
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'running');
  await openIncidents(page);
  const from = (await page.getByTestId('incident').getAttribute('data-incident')) ?? '';
  await declare(page, 'The same thing, seen by another desk');
  const into = (await page.getByTestId('incident').getAttribute('data-incident')) ?? '';
  expect(into).not.toBe(from);
  await page.getByTestId('incident-item').filter({ hasNotText: 'The same thing' }).click();
  await expect(page.getByTestId('incident')).toHaveAttribute('data-incident', from);
  await page.getByTestId('incident-link-merge').click();
  await page.getByTestId('incident-link-to').selectOption(into);
  await page.getByTestId('incident-link-confirm').click();
  await expect(page.getByTestId('incident')).toHaveAttribute('data-incident', into);
  await expect(page.getByTestId('incident-merged-from')).toBeVisible();
  await picture(page, 'merged');
  await page.getByTestId('incident-merged-from').click();
  await expect(page.getByTestId('incident')).toHaveAttribute('data-state', 'merged');
  await expect(page.getByTestId('incident-merged-into')).toContainText('The same thing');
  await expect(page.getByTestId('incident-run')).toBeVisible();
  expect(desk.pageErrors).toEqual([]);
});

test('an alert leads to its plan, which begins with what the alert said, and to an incident that holds both', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-alerts').click();
  await untilLive(page);
  const row = page.locator('[data-testid="alert-row"][data-kind="riskLevel"]').first();
  const alertId = (await row.getAttribute('data-alert-id')) ?? '';
  await alertRow(page, alertId).click();
  const detail = page.locator(`[data-testid="alert-detail"][data-alert-id="${alertId}"]`);
  await detail.getByTestId('alert-plans').locator('[data-testid^="start-run-"]').first().click();
  const run = page.getByTestId('run-page');
  await expect(run).toHaveAttribute('data-run-state', 'running');
  // The figure that fired and its threshold, in words: no name of the program's own.
  const evidence = run.getByTestId('alert-as-evidence');
  await expect(evidence).toContainText(/(风险度|客户权益) -?[\d,.]+(%| CNY)，阈值 -?[\d,.]+(%| CNY)/);
  await expect(evidence).not.toContainText(/riskDegree|balance|riskLevel|account:/i);
  await picture(page, 'alert-evidence');

  await page.getByTestId('workspace-tab-alerts').click();
  await alertRow(page, alertId).click();
  await detail.getByTestId('detail-declare').click();
  await tick(page.getByTestId('open-incident-declared'));
  await page.getByTestId('open-incident-confirm').click();
  const incident = page.getByTestId('incident');
  await expect(incident).toHaveAttribute('data-state', 'active');
  await expect(incident.getByTestId('incident-alert')).toHaveCount(1);
  await expect(incident.getByTestId('incident-run')).toHaveCount(1);
  await page.getByTestId('incident-section-timeline').click();
  await expect(page.getByTestId('timeline-entry').first()).toBeVisible();
  await expect.poll(() => page.getByTestId('timeline-entry').count()).toBeGreaterThan(1);
  await picture(page, 'from-alert');
  // It leads to that alert, whose page leads back to it and offers no second one.
  await incident.getByTestId('incident-alert').click();
  await expect(detail.getByTestId('detail-incident')).toBeVisible();
  await expect(detail.getByTestId('detail-declare')).toHaveCount(0);
  expect(desk.pageErrors).toEqual([]);
});
