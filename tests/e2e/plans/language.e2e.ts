/** A plan and its run are read in the language of the desk, and turn with it at once. */
import { expect } from '@playwright/test';
import { startRun } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';

const CHINESE = /[一-鿿]/;
const ENGLISH_WORDS = /[A-Za-z]{3,} [A-Za-z]{2,}/;

test('a plan and its run turn from one language to the other at once, without leaving the step', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  const html = page.locator('html');
  if ((await html.getAttribute('lang')) !== 'en') await page.getByTestId('switch-language').click();
  await expect(html).toHaveAttribute('lang', 'en');
  const run = await startRun(page, 'EP-01');
  const step = run.getByTestId('run-step-1');
  await expect(step.locator('.step-action')).toHaveText(/Compare primary feed/);
  await expect(run.getByTestId('run-step-9').locator('.step-clock')).toHaveText('on recovery');
  await page.getByTestId('plan-EP-02').locator('.plan-open').click();
  const plan = page.getByTestId('plan-page');
  await expect(plan).toContainText('Stop new order entry on the broken path.');

  await page.getByTestId('switch-language').click();
  await expect(html).toHaveAttribute('lang', 'zh-CN');
  await expect(step.locator('.step-action')).toHaveText(/选取 3 个活跃合约/);
  for (const text of await run.locator('.step-action, .step-decision, .step-evidence, .step-clock').allInnerTexts())
    expect(text).not.toMatch(ENGLISH_WORDS);
  await expect(run.getByTestId('run-step-9').locator('.step-clock')).toHaveText('恢复时');
  await expect(plan).toContainText('停止向故障通道报入新单。');
  for (const text of await plan.locator('dd, .plan-step div[lang]').allInnerTexts()) {
    expect(text).toMatch(CHINESE);
    expect(text).not.toMatch(ENGLISH_WORDS);
  }
  await expect(page.getByTestId('run-english-text')).toHaveCount(0);
  await expect(page.getByTestId('plan-english-text')).toHaveCount(0);

  // The words asked for with a decision are in the same language.
  await run.getByTestId('run-step-1-done').click();
  await page.getByTestId('run-dialog-done-confirm').click();
  await run.getByTestId('run-step-3-done').click();
  await expect(page.getByText('跳过第 4、5 步').last()).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByTestId('switch-language').click();
  await expect(run.getByTestId('run-step-3').locator('.step-decision')).toContainText('Venue-wide -> skip 4 and 5');
  expect(desk.pageErrors).toEqual([]);
});

test('a plan is found by Chinese words, typed without spaces around figures', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-emergency').click();
  await page.getByTestId('plans-search').fill('超过5秒无行情');
  await expect(page.getByTestId('plan-list').locator('.plan-open')).toHaveCount(1);
  await expect(page.getByTestId('plan-EP-01')).toBeVisible();
});
