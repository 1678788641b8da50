/** What a person does on the desk, in the steps a person takes, for the end-to-end tests. */
import { expect, type Locator, type Page } from '@playwright/test';

/** The desk has drawn accounts: a heat map with rows and a feed that is live. */
export async function untilLive(page: Page): Promise<void> {
  await expect(page.getByTestId('status-feed-demo')).toHaveAttribute('data-state', 'live', { timeout: 60_000 });
  await expect(page.locator('.app')).toHaveAttribute('data-engine', 'connected');
  await expect(page.getByTestId('alert-row').first()).toBeVisible({ timeout: 60_000 });
}

export function alertRow(page: Page, alertId: string): Locator {
  return page.locator(`[data-testid="alert-row"][data-alert-id="${alertId}"]`);
}

/** Acknowledges the first alert that waits, with a note; answers which. */
export async function acknowledgeFirstAlert(page: Page, note: string): Promise<string> {
  const waiting = page.locator('[data-testid="alert-row"][data-human="unacknowledged"]').first();
  const alertId = await waiting.getAttribute('data-alert-id');
  if (alertId === null) throw new Error('the alert row names no alert');
  // New alerts move the rows; the row is found again by its alert.
  await alertRow(page, alertId).getByTestId('ack-button').click();
  await page.getByTestId('ack-dialog-text').fill(note);
  await page.getByTestId('ack-dialog-confirm').click();
  await expect(page.getByTestId('ack-dialog')).toHaveCount(0);
  return alertId;
}

/** Another of the demonstration's people sits down at the desk. */
export async function become(page: Page, login: string): Promise<void> {
  await page.getByTestId('status-person').click();
  await page.getByTestId('person-switch').click();
  const person = page.getByTestId(`sign-in-person-${login}`);
  const name = (await person.locator('span').first().textContent()) ?? '';
  await person.click();
  await page.getByTestId('sign-in-secret').fill(`demo-${login}`);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('sign-in-secret')).toHaveCount(0);
  // The whole desk is drawn anew for whoever took over, with the next picture: what was opened before that would go with it.
  await expect(page.getByTestId('status-person')).toHaveText(name);
}

/** Opens a panel from the menu of panels. */
export async function openPanel(page: Page, panel: string): Promise<void> {
  const item = page.getByTestId(`open-panel-${panel}`);
  // The bar is drawn anew when somebody else has signed in, which takes an open menu with it.
  await expect(async () => {
    if (!(await item.isVisible())) await page.getByTestId('panels-menu').click({ timeout: 2_000 });
    await item.click({ timeout: 2_000 });
  }).toPass();
}

/** A second person agrees, at the screen of whoever asked, to what the open approval is about. */
export async function approveOnTheSpot(page: Page, login: string): Promise<void> {
  await page.getByTestId('approval-on-the-spot').click();
  await confirmAs(page, login);
}

/** A second person confirms what the screen asks one for. */
export async function confirmAs(page: Page, login: string): Promise<void> {
  await page.getByTestId('second-person-login').selectOption(login);
  await page.getByTestId('second-person-secret').fill(`demo-${login}`);
  await page.getByTestId('second-person-confirm').click();
}

/** Starts a plan from the plan library and answers the run's page. */
export async function startRun(page: Page, planId: string): Promise<Locator> {
  await page.getByTestId('workspace-tab-emergency').click();
  await page.getByTestId(`plan-${planId}`).getByTestId(`start-run-${planId}`).click();
  const run = page.getByTestId('run-page');
  await expect(run).toHaveAttribute('data-run-state', 'running');
  return run;
}

/** Ticks a box by its label, where a person clicks: the box itself lies under what is drawn for it, and a dialog that still moves is waited for. */
export async function tick(box: Locator): Promise<void> {
  await expect(box).toBeEnabled();
  await box.locator('xpath=ancestor::label').click();
  await expect(box).toBeChecked();
}
