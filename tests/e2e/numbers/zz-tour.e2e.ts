/** scratch */
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { type Desk, test } from '#tests/helpers/e2e-desk';
import { accountPage, nearestAccount, openNumbers } from '#tests/helpers/e2e-numbers';
import { writeStatement } from '#tests/helpers/statement-writer';

const LOOKS = [
  [1280, 800, 'en', 'light'],
  [1280, 800, 'zh-CN', 'dark'],
  [1920, 1080, 'zh-CN', 'light'],
  [1920, 1080, 'en', 'dark'],
] as const;
async function pictures(desk: Desk, name: string, looks: readonly number[] = [0, 1, 2, 3]): Promise<void> {
  const { page } = desk;
  for (const [w, h, lang, theme] of looks.map((i) => LOOKS[i]!)) {
    await desk.app.evaluate(({ BrowserWindow }, [a, b]) => BrowserWindow.getAllWindows()[0]?.setContentSize(a, b), [w, h] as const);
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(w);
    for (let i = 0; i < 3 && (await page.evaluate(() => document.documentElement.lang)) !== lang; i++) await page.getByTestId('switch-language').click();
    for (let i = 0; i < 3 && (await page.evaluate(() => document.documentElement.dataset.theme)) !== theme; i++) await page.getByTestId('switch-theme').click();
    await page.waitForTimeout(900);
    await page.screenshot({ path: join('/tmp/numtour', `${name}-${w}-${lang}-${theme}.png`) });
  }
}
async function tryTo(name: string, work: () => Promise<unknown>): Promise<void> {
  try { await work(); } catch (e) { console.error(name, String(e).slice(0, 400)); }
}
test('tour', async ({ desk }) => {
  test.setTimeout(900_000);
  const { page } = desk;
  page.setDefaultTimeout(15_000);
  await openNumbers(page);
  const stress = page.getByTestId('stress');
  await expect(stress.getByTestId('heatmap')).toHaveAttribute('data-rows', /\d+/);
  await tryTo('scen', async () => {
    await stress.getByTestId('stress-columns-scenarios').click();
    const boxes = stress.getByTestId('scenario').locator('input[type=checkbox]');
    for (let i = 0; i < (await boxes.count()); i++) await boxes.nth(i).check({ force: true });
    await stress.getByTestId('stress-rows-department').click();
    await stress.getByTestId('outcome-summary').click();
    await pictures(desk, '01-summary');
    await stress.getByTestId('outcome-distribution').click();
    await pictures(desk, '02-distribution', [0, 2]);
    await stress.getByTestId('outcome-var').click();
    await pictures(desk, '03-var', [1, 3]);
  });
  await tryTo('dist', async () => { const id = await nearestAccount(page);
    await page.getByTestId('distance').locator(`.data-table-row[data-key="${id}"]`).dblclick();
    const account = accountPage(page, id);
    await account.getByTestId('tab-inverse').click();
    await account.getByTestId('inverse-sequence').click();
    await account.getByTestId('inverse-target-negative').click();
    await pictures(desk, '10-queue');
    await account.getByTestId('inverse-alone').click();
    await pictures(desk, '11-alone', [1]);
    await account.getByTestId('tab-budget').click();
    await pictures(desk, '12-budget', [0, 2]);
    await account.getByTestId('tab-explain').click();
    await pictures(desk, '13-explain', [1, 3]);
    await account.getByTestId('tab-worklist').click();
    await account.getByTestId('rule-targetDegree').fill('5');
    await expect(account.getByTestId('preview')).toHaveAttribute('data-kind', 'list');
    await pictures(desk, '14-rules', [0, 1]);
    await account.getByTestId('worklist-second').check();
    await account.getByTestId('worklist-make').click();
    await expect(page.getByTestId('second-person')).toBeVisible();
    await page.screenshot({ path: '/tmp/numtour/15-second.png' });
    await page.getByTestId('second-person-login').selectOption('supervisor2');
    await page.getByTestId('second-person-secret').fill('demo-supervisor2');
    await page.getByTestId('second-person-confirm').click();
    await expect(account.getByTestId('worklist-confirmed').first()).toBeVisible();
    await pictures(desk, '16-worklist');
    await account.getByTestId('tab-stress').click();
    await pictures(desk, '17-stress', [0, 3]);
  });
  await tryTo('form', async () => {
    await page.getByTestId('tab-stress').first().click();
    if ((await stress.getByTestId('toggle-scenarios').getAttribute('aria-expanded')) === 'false') await stress.getByTestId('toggle-scenarios').click();
    await stress.getByTestId('scenario-new').click();
    const form = page.getByTestId('scenario-form');
    await form.getByTestId('scenario-price-type').selectOption('lockedLimit');
    await form.getByTestId('locked-limit-rows').locator('summary').click();
    await page.screenshot({ path: '/tmp/numtour/20-form-a.png' });
    await form.getByTestId('widening-own').click();
    await form.getByTestId('widening-add').click();
    await page.screenshot({ path: '/tmp/numtour/20-form-b.png' });
    await page.keyboard.press('Escape');
    await page.getByTestId('switch-language').click();
    await stress.getByTestId('scenario-new').click();
    await form.getByTestId('scenario-price-type').selectOption('lockedLimit');
    await form.getByTestId('locked-limit-rows').locator('summary').click();
    await page.screenshot({ path: '/tmp/numtour/20-form-c.png' });
    await page.keyboard.press('Escape');
  });
  await tryTo('statements', async () => {
    await page.getByTestId('tab-statements').click();
    await page.getByTestId('statement-text').fill(writeStatement([{ instrumentID: 'ag2702', direction: 'buy', isOpen: true, price: 15_700, volume: 3, fee: 7.07 }, { instrumentID: 'ag2702', direction: 'sell', isOpen: false, price: 15_800, volume: 1, fee: 2.36 }], 500_000));
    await page.getByTestId('statement-import-text').click();
    await expect(page.getByTestId('statement')).toBeVisible();
    await pictures(desk, '30-statements');
  });
  await tryTo('limits', async () => { await page.getByTestId('tab-limits').click(); await pictures(desk, '40-limits', [0, 1]); });
});
