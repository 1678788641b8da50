/** Paper as people take it out of the desk: a real PDF of an incident in both languages, recorded with its hash, and a blank plan as PDF and Word. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startRun, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { journalEntries } from '#tests/helpers/e2e-journal';
import { readPdf } from '#tests/helpers/pdf-text';

const TITLE = 'Orders are not acknowledged <b>委托无应答</b>';

/** Kept where somebody looks at them; nothing is compared. */
async function keep(page: Page, name: string, path?: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `paper-${name}.png`) });
  if (path !== undefined) copyFileSync(path, join(folder, `paper-${name}${path.slice(path.lastIndexOf('.'))}`));
}

/** Presses the button and answers with the file that was made; its hash is the one on the screen. */
async function made(page: Page, testId: string): Promise<{ path: string; content: Buffer }> {
  await page.getByTestId(testId).click();
  const notice = page.getByTestId('paper-made');
  await expect(notice).toBeVisible({ timeout: 60_000 });
  const path = (await notice.getAttribute('data-path')) ?? '';
  const content = readFileSync(path);
  expect(createHash('sha256').update(content).digest('hex')).toBe(await notice.getAttribute('data-sha256'));
  await keep(page, `${testId}-${path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'))}`, path);
  await notice.getByRole('button').click();
  return { path, content };
}

test('an incident becomes a PDF in both languages, with its fingerprint on the sheet and its hash in the record', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-emergency').click();
  await page.getByTestId('tab-incidents').click();
  await page.getByTestId('incident-open').click();
  await page.getByTestId('open-incident-title').fill(TITLE);
  await page.getByTestId('open-incident-confirm').click();
  await expect(page.getByTestId('incident')).toHaveAttribute('data-state', 'suspected');

  await page.getByTestId('incident-paper-language-en').click();
  const english = await made(page, 'incident-paper-pdf');
  const read = readPdf(english.content);
  expect(read.pageCount).toBeGreaterThanOrEqual(2);
  const text = read.text.replaceAll(/\s/g, '');
  for (const wanted of ['Incidentreport', TITLE.replaceAll(' ', ''), 'Theeighttimes', 'notknownyet', 'Journalfingerprint'])
    expect(text).toContain(wanted);
  expect(text).toMatch(/journalfingerprint\d+:[0-9a-f]{12}/);

  await page.getByTestId('incident-paper-language-zh-CN').click();
  const chinese = readPdf((await made(page, 'incident-paper-pdf')).content).text.replaceAll(/\s/g, '');
  for (const wanted of ['事件报告', '八个时间', '委托无应答']) expect(chinese).toContain(wanted);

  const recorded = journalEntries(desk.dataDir).filter(({ type }) => type === 'export.made');
  expect(recorded.map(({ subject }) => subject)).toContain(`export:${english.path.slice(english.path.lastIndexOf('/') + 1)}`);
  expect(recorded).toHaveLength(2);
  // The window that printed is gone, and the desk has nothing to complain of.
  await expect.poll(() => desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(desk.pageErrors).toEqual([]);
});

test('a plan goes on paper blank, before anything has happened', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-emergency').click();
  await page.getByTestId('tab-plans').click();
  await page.getByTestId('plan-EP-01').click();
  await page.getByTestId('plan-paper-language-zh-CN').click();
  const pdf = readPdf((await made(page, 'plan-paper-pdf')).content);
  expect(pdf.pageCount).toBeGreaterThanOrEqual(2);
  expect(pdf.text.replaceAll(/\s/g, '')).toContain('空白预案');
  const word = await made(page, 'plan-paper-docx');
  expect(word.content.subarray(0, 2).toString()).toBe('PK');
  expect(desk.pageErrors).toEqual([]);
});

test('a run half done goes on paper as far as it has come, its readings in words and the rest blank, in both languages', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await untilLive(page).catch(() => undefined);
  const run = await startRun(page, 'EP-01');
  await run.getByTestId('run-step-1-done').click();
  await page.getByTestId('run-dialog-done-text').fill('au2702 last good tick 09:31:02.500');
  await page.getByTestId('run-dialog-done-confirm').click();
  await expect(run.getByTestId('run-step-1')).toHaveAttribute('data-state', 'done');
  await page.getByTestId('run-paper-language-zh-CN').click();
  const chinese = readPdf((await made(page, 'run-paper-pdf')).content).text.replaceAll(/\s/g, '');
  for (const wanted of ['正常行情源', '09:31:02.500', '林岚', '行情中断', '记录指纹']) expect(chinese).toContain(wanted);
  expect(chinese).not.toMatch(/feeds\.state|quotes\.stale|p-supervisor|emergency-plan/);
  await page.getByTestId('run-paper-language-en').click();
  const english = readPdf((await made(page, 'run-paper-pdf')).content).text.replaceAll(/\s/g, '');
  for (const wanted of ['Livefeeds', '09:31:02.500', 'Market-datainterruption', 'Journalfingerprint']) expect(english).toContain(wanted);
  const word = await made(page, 'run-paper-docx');
  expect(word.content.subarray(0, 2).toString()).toBe('PK');
  expect(desk.pageErrors).toEqual([]);
});
