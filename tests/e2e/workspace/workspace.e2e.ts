/** The workspace: palette, shortcut sheet, panels that close and come back, and layouts that are there after a restart. */
import { expect } from '@playwright/test';
import { test, untilReady } from '#tests/helpers/e2e-desk';

test('the palette finds accounts, contracts, plans, panels and commands', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.keyboard.press('Control+k');
  const input = page.getByTestId('palette-input');
  await input.fill('au26');
  await expect(page.locator('[data-testid^="palette-item-instrument-"]').first()).toBeVisible();
  await input.fill('EP-05');
  await page.locator('[data-testid^="palette-item-plan-"]').first().click();
  await expect(page.locator('[data-testid="plan-page"][data-plan-id="EP-05"]')).toBeVisible();

  await page.keyboard.press('Control+k');
  await input.fill('settings');
  await page.getByTestId('palette-item-panel-settings').click();
  await expect(page.getByTestId('settings')).toBeVisible();

  await page.keyboard.press('Control+k');
  await input.fill('light');
  await page.getByTestId('palette-item-command-light').click();
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');

  // More tabs than the strip has room for: the one of the panel that is shown stays in sight, in either language.
  await page.getByTestId('workspace-tab-numbers').click();
  for (const panel of ['rules', 'delivery', 'alert-statistics', 'reference']) {
    await page.getByTestId('panels-menu').click();
    await page.getByTestId(`open-panel-${panel}`).click();
  }
  for (let times = 0; times < 2; times++) {
    await expect(page.getByTestId('tab-reference')).toBeInViewport({ ratio: 0.9 });
    await page.getByTestId('switch-language').click();
  }
  await expect(page.getByTestId('tab-reference')).toBeInViewport({ ratio: 0.9 });
  expect(desk.pageErrors).toEqual([]);
});

test('the shortcut sheet opens by key, and Alt with a digit changes the workspace', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.keyboard.press('?');
  await expect(page.getByTestId('shortcut-sheet')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('shortcut-sheet')).toHaveCount(0);
  await page.keyboard.press('Alt+5');
  await expect(page.getByTestId('workspace')).toHaveAttribute('data-workspace', 'health');
});

test('a panel behind another tab asks for nothing until it is seen again', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  // What the page says to the engine, by the stream it is about.
  await page.evaluate(() => {
    const asked: Record<string, string> = {};
    const kinds = new Map<number, string>();
    (window as Window & { asked?: typeof asked }).asked = asked;
    const post = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function (this: MessagePort, message: { t: string; id: number; stream?: string } | null, ...rest: []) {
      if (message?.t === 'subscribe') kinds.set(message.id, message.stream ?? '');
      if (message?.t === 'subscribe' || message?.t === 'unsubscribe') asked[kinds.get(message.id) ?? ''] = message.t;
      post.call(this, message, ...rest);
    };
  });
  const asked = (stream: string) => page.evaluate((kind) => (window as Window & { asked?: Record<string, string> }).asked?.[kind] ?? '', stream);
  await page.getByTestId('workspace-tab-alerts').click();
  await page.getByTestId('tab-handovers').click();
  await expect(page.getByTestId('handovers')).toBeVisible();
  await expect.poll(() => asked('handovers')).toBe('subscribe');
  await page.getByTestId('tab-plans').click();
  await expect(page.getByTestId('handovers')).toBeHidden();
  await expect.poll(() => asked('handovers')).toBe('unsubscribe');
  await page.getByTestId('tab-handovers').click();
  await expect(page.getByTestId('handovers')).toBeVisible();
  await expect.poll(() => asked('handovers')).toBe('subscribe');
  expect(desk.pageErrors).toEqual([]);
});

test('a panel that was closed and a layout that was saved are still so after a restart', async ({ launch }) => {
  const first = await launch();
  await untilReady(first.page);
  await expect(first.page.getByTestId('panel-quotes')).toBeVisible();
  await first.page.getByTestId('tab-close-quotes').click();
  await expect(first.page.getByTestId('panel-quotes')).toHaveCount(0);
  await first.page.getByTestId('layout-menu').click();
  await first.page.getByTestId('layout-save-as').click();
  await first.page.getByTestId('layout-name').fill('night shift');
  await first.page.getByTestId('layout-save').click();
  await expect(first.page.getByTestId('workspace')).toHaveAttribute('data-workspace', 'saved:night shift');
  await first.quit();

  const second = await launch({ dataDir: first.dataDir });
  await untilReady(second.page);
  await expect(second.page.getByTestId('workspace')).toHaveAttribute('data-workspace', 'saved:night shift');
  await expect(second.page.getByTestId('panel-alerts')).toBeVisible();
  await expect(second.page.getByTestId('panel-quotes')).toHaveCount(0);

  await second.page.getByTestId('panels-menu').click();
  await second.page.getByTestId('open-panel-quotes').click();
  await expect(second.page.getByTestId('panel-quotes')).toBeVisible();
  expect(second.pageErrors).toEqual([]);
});
