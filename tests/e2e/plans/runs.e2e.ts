/** A plan run on the page: from an alert or the library, step by step, with two signatures where two are asked for. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { alertRow, startRun, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { journalEntries } from '#tests/helpers/e2e-journal';

/** Kept where somebody looks at them; nothing is compared. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `runs-${name}.png`) });
}

test('a run shows parallel steps, counts to its targets, takes notes and a decision; what is not done as written keeps its reason', async ({
  desk,
}) => {
  test.setTimeout(150_000);
  const { page } = desk;
  await untilReady(page);
  const run = await startRun(page, 'EP-01');
  await expect(run.locator('.wave[data-parallel="true"]').first()).toContainText(/2/);
  await expect(run.getByTestId('run-step-1-clock')).toContainText(/\d:\d\d/);
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'locked');

  await run.getByTestId('run-step-1-done').click();
  await page.getByTestId('run-dialog-done-confirm').click();
  await expect(run.getByTestId('run-step-1')).toHaveAttribute('data-state', 'done');

  // Step 3 is a decision: it is not done without words.
  await run.getByTestId('run-step-3-done').click();
  await expect(page.getByTestId('run-dialog-done-confirm')).toBeDisabled();
  await page
    .getByTestId('run-dialog-done')
    .getByText('Single feed', { exact: true })
    .or(page.getByTestId('run-dialog-done').getByText('单路行情故障', { exact: true }))
    .click();
  await page.getByTestId('run-dialog-done-confirm').click();
  await expect(run.getByTestId('run-step-3')).toHaveAttribute('data-state', 'done');
  await expect(run.getByTestId('run-step-3-route')).toContainText('单路行情故障');
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'ready');

  await run.getByTestId('run-step-4-skip').click();
  await page.getByTestId('run-dialog-skip-text').fill('no standby feed in this exercise');
  await page.getByTestId('run-dialog-skip-confirm').click();
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'skipped');
  await expect(run.getByTestId('run-step-4')).toContainText('no standby feed in this exercise');

  await run.getByTestId('run-step-6-note').click();
  await page.getByTestId('run-dialog-note-text').fill('notice drafted');
  await page.getByTestId('run-dialog-note-confirm').click();
  await expect(run.getByTestId('run-step-6')).toContainText('notice drafted');
  await expect(run.getByTestId('run-finish')).toBeDisabled();

  await deviate(page);
  expect(desk.pageErrors).toEqual([]);
});

/** What comes otherwise than written: put off until a gate and back again, reopened, a hold overridden by the two who answer for it, with reason and code. */
async function deviate(page: Page): Promise<void> {
  const run = await startRun(page, 'EP-03');
  // The run before it is on the page until this one is.
  await expect(run.getByRole('heading', { name: /EP-03/ })).toBeVisible();
  const dialog = async (no: number, kind: string, fill: () => Promise<void>): Promise<void> => {
    await run.getByTestId(`run-step-${no}-${kind}`).click();
    await fill();
    await page.getByTestId(`run-dialog-${kind}-confirm`).click();
    await expect(page.getByTestId(`run-dialog-${kind}`)).toHaveCount(0);
  };
  const text = (kind: string, words: string): Promise<void> => page.getByTestId(`run-dialog-${kind}-text`).fill(words);
  await dialog(1, 'done', () => Promise.resolve());
  await run.getByTestId('run-step-2-done').click();
  const route = page.getByTestId('run-dialog-done').getByRole('radio').first();
  // The mark appears when the page has taken the choice, not within the click.
  await route.dispatchEvent('click');
  await expect(route).toBeChecked();
  await page.getByTestId('run-dialog-done-confirm').click();
  await expect(run.getByTestId('run-step-5')).toHaveAttribute('data-state', 'ready');
  await dialog(5, 'defer', async () => {
    await page.getByTestId('run-until').selectOption('9');
    await text('defer', 'the desk is busy with the queue');
  });
  await expect(run.getByTestId('run-step-5')).toHaveAttribute('data-state', 'deferred');
  await expect(run.getByTestId('run-step-5')).toContainText('9');

  for (const no of [3, 4]) {
    await dialog(no, 'done', () => Promise.resolve());
    await expect(run.getByTestId(`run-step-${no}`)).toHaveAttribute('data-state', 'waitSecond');
    await run.getByTestId(`run-step-${no}-second`).click();
    await secondPerson(page);
    await expect(run.getByTestId(`run-step-${no}`)).toHaveAttribute('data-state', 'done');
  }

  // Nobody holds the two roles yet: the form says which.
  await run.getByTestId('run-step-8-override').click();
  await expect(page.getByTestId('run-override-gap')).toBeVisible();
  await page.getByTestId('run-dialog-override').press('Escape');
  await expect(page.getByTestId('run-dialog-override')).toHaveCount(0);
  await run.getByTestId('run-roles').locator('summary').click();
  await run.getByTestId('run-role-IC').selectOption('p-supervisor');
  await expect(run.getByTestId('run-role-IC')).toHaveValue('p-supervisor');
  await run.getByTestId('run-role-EXE').selectOption('p-duty');
  await expect(run.getByTestId('run-role-EXE')).toHaveValue('p-duty');
  await run.getByTestId('run-step-8-override').click();
  await expect(page.getByTestId('run-override-gap')).toHaveCount(0);
  await page.getByTestId('run-deviation').selectOption('toldByAuthority');
  await page.getByTestId('run-deviation-detail').fill('the exchange, Mr Wei');
  await text('override', 'the exchange asked us to go on');
  await page.getByTestId('run-dialog-override-confirm').click();
  await secondPerson(page);
  const hold = run.getByTestId('run-step-8');
  await expect(hold).toHaveAttribute('data-state', 'overridden');
  for (const words of ['the exchange, Mr Wei', 'the exchange asked us to go on', '林岚', '陈默']) await expect(hold).toContainText(words);
  // The gate is reached: what was put off is back, and is done before it.
  await expect(run.getByTestId('run-step-5')).toHaveAttribute('data-state', 'ready');
  await expect(run.getByTestId('run-step-9')).toHaveAttribute('data-state', 'locked');
  await dialog(1, 'reopen', () => text('reopen', 'the queue was read at the wrong gateway'));
  await expect(run.getByTestId('run-step-1')).toHaveAttribute('data-state', 'reopened');
  await expect(run.getByTestId('run-step-1')).toContainText('the queue was read at the wrong gateway');
  await picture(page, 'deviations');
}

async function secondPerson(page: Page): Promise<void> {
  await page.getByTestId('second-person-login').selectOption('duty');
  await page.getByTestId('second-person-secret').fill('demo-duty');
  await page.getByTestId('second-person-confirm').click();
  await expect(page.getByTestId('second-person')).toHaveCount(0);
}

test('a step of two signatures is done only when a second person has signed; one done for each call goes through its calls', async ({ desk }) => {
  test.setTimeout(150_000);
  const { page } = desk;
  await untilReady(page);
  const run = await startRun(page, 'EP-01');
  await run.getByTestId('run-step-2-done').click();
  await page.getByTestId('run-dialog-done-confirm').click();
  await expect(run.getByTestId('run-step-2')).toHaveAttribute('data-state', 'waitSecond');
  await expect(run.getByTestId('run-step-2-signatures')).toContainText('林岚');

  await run.getByTestId('run-step-2-second').click();
  await page.getByTestId('second-person-login').selectOption('duty');
  await page.getByTestId('second-person-secret').fill('not the secret');
  await page.getByTestId('second-person-confirm').click();
  await expect(page.getByTestId('second-person').getByTestId('refusal')).toBeVisible();
  // A refusal leaves the keyboard inside the window: Escape closes it.
  await expect(page.getByTestId('second-person').locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('second-person')).toHaveCount(0);
  await run.getByTestId('run-step-2-second').click();
  await secondPerson(page);
  await expect(run.getByTestId('run-step-2')).toHaveAttribute('data-state', 'done');
  await expect(run.getByTestId('run-step-2')).toContainText('陈默');
  const done = journalEntries(desk.dataDir).filter((entry) => entry.type === 'run.stepDone');
  expect(done.map((entry) => entry.actor)).toEqual(['p-supervisor']);

  await goThroughItems(page);
  expect(desk.pageErrors).toEqual([]);
});

/** A step for each call that comes in, two signatures under each where two are asked for; and a step that repeats until it is done. */
async function goThroughItems(page: Page): Promise<void> {
  const run = await startRun(page, 'EP-15');
  // The run before it is on the page until this one is.
  await expect(run.getByRole('heading', { name: /EP-15/ })).toBeVisible();
  const confirm = async (kind: string): Promise<void> => {
    await page.getByTestId(`run-dialog-${kind}-confirm`).click();
    await expect(page.getByTestId(`run-dialog-${kind}`)).toHaveCount(0);
  };
  for (const no of [1, 2]) {
    await run.getByTestId(`run-step-${no}-done`).click();
    await confirm('done');
  }
  await run.getByTestId('run-step-3-done').click();
  const route = page.getByTestId('run-dialog-done').getByRole('radio').first();
  // The mark appears when the page has taken the choice, not within the click.
  await route.dispatchEvent('click');
  await expect(route).toBeChecked();
  await confirm('done');
  await run.getByTestId('run-step-3-second').click();
  await secondPerson(page);
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'ready');

  await run.getByTestId('run-step-4-openItem').click();
  await page.getByTestId('run-item-label').fill('account 80300007, sell 2 au2702');
  await confirm('openItem');
  const card = (no: number) => run.getByTestId(`run-step-${no}`);
  for (const no of [4, 5]) {
    await card(no).getByTestId('run-item-1').click();
    await confirm('signItem');
    await expect(card(no).getByTestId('run-item-1')).toHaveCount(0);
  }
  await expect(card(6)).toContainText('account 80300007');
  // Every so often, with the time of each.
  await run.getByTestId('run-step-9-beat').click();
  await page.getByTestId('run-dialog-beat-text').fill('one call, none waiting');
  await confirm('beat');
  await expect(run.getByTestId('run-step-9-record')).toContainText('↻ one call, none waiting');
  await expect(card(9)).toHaveAttribute('data-state', 'running');
  await picture(page, 'items');
}

test('an alert proposes its plan, and the run it starts knows the alert', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-alerts').click();
  await untilLive(page);
  const row = page.locator('[data-testid="alert-row"][data-kind="riskLevel"]').first();
  const alertId = (await row.getAttribute('data-alert-id')) ?? '';
  await alertRow(page, alertId).click();
  await page.getByTestId('alert-plans').getByTestId('start-run-EP-09').click();
  const run = page.getByTestId('run-page');
  await expect(run).toHaveAttribute('data-run-state', 'running');
  await run.getByTestId('run-abort').click();
  await page.getByTestId('run-dialog-abort-text').fill('a test');
  await page.getByTestId('run-dialog-abort-confirm').click();
  await expect(run).toHaveAttribute('data-run-state', 'aborted');
  await expect(page.getByTestId('alert-detail').getByTestId('alert-history').locator('[data-type="alert.runLinked"]')).toBeVisible();
});
