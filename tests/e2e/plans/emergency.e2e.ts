/** At night, alone, knowing only that the market data has stopped: the plan is found and carried out to its end with the keyboard alone. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startRun, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { journalEntries } from '#tests/helpers/e2e-journal';
import { type ForgedRow, forgeJournal, fromAnotherDesk } from '#tests/helpers/journal-forger';

/** Every key and every run of typed words is one action of a person. */
class Keyboard {
  actions = 0;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(key: string): Promise<void> {
    this.actions += 1;
    await this.#page.keyboard.press(key);
  }

  async type(words: string): Promise<void> {
    this.actions += 1;
    await this.#page.keyboard.type(words);
  }

  /** A colleague at the same screen: chosen by arrow, then their own secret. */
  async secondPerson(): Promise<void> {
    await this.press('Enter');
    const login = this.#page.getByTestId('second-person-login');
    const secret = this.#page.getByTestId('second-person-secret');
    await expect(login.or(secret).and(this.#page.locator(':focus'))).toHaveCount(1);
    // Whoever confirmed before stands ready: only the secret is asked for again.
    if ((await login.inputValue()) === '') {
      await this.press('ArrowDown');
      await expect(login).not.toHaveValue('');
      await this.press('Tab');
    }
    await expect(secret).toBeFocused();
    await this.type(`demo-${await login.inputValue()}`);
    await this.press('Enter');
    await expect(this.#page.getByTestId('second-person')).toHaveCount(0);
  }
}

/** Kept where somebody looks at them; nothing is compared. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `emergency-${name}.png`) });
}

async function untilStep(page: Page, no: number): Promise<void> {
  await expect(page.getByTestId('emergency-step')).toHaveAttribute('data-step-no', String(no));
  await untilNoDialog(page);
}

/** Keys belong to a dialog while there is one. */
async function untilNoDialog(page: Page): Promise<void> {
  await expect(page.getByTestId(/^run-dialog-[a-zA-Z]+$/)).toHaveCount(0);
  await expect(page.getByTestId('second-person')).toHaveCount(0);
}

test('market data has stopped: EP-01 is found and completed with the keyboard alone', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await untilLive(page).catch(() => undefined);
  const keys = new Keyboard(page);
  await keys.press('F9');
  await expect(page.getByTestId('emergency-words')).toBeFocused();
  await keys.type('market data has stopped');
  await expect(page.getByTestId('emergency-choice-EP-01')).toHaveAttribute('aria-current', 'true');
  await keys.press('Enter');
  await expect(page.getByTestId('emergency-ask')).toBeVisible();
  await keys.press('Enter');
  await expect(page.getByTestId('emergency-immediate')).toBeVisible();
  await expect(page.getByTestId('emergency-run')).toBeFocused();
  const foundAfter = keys.actions;
  await keys.press('Enter');

  await untilStep(page, 1);
  await keys.press('Enter');
  await untilStep(page, 2);
  await keys.press('Enter');
  await expect(page.getByTestId('emergency-step')).toHaveAttribute('data-state', 'waitSecond');
  await keys.secondPerson();
  await untilStep(page, 3);
  await keys.press('1');
  await untilStep(page, 4);
  await keys.press('Enter');
  // What was done by this person is checked by another, who first says what they see.
  await untilStep(page, 5);
  await keys.press('Enter');
  await expect(page.getByTestId('run-dialog-answer-text')).toBeFocused();
  await expect(page.getByTestId('emergency-step').getByTestId('run-step-5-expects')).toHaveCount(0);
  await keys.type('all five within one tick for a minute');
  await keys.press('Control+Enter');
  await expect(page.getByTestId('emergency-step').getByTestId('run-step-5-expects')).toBeVisible();
  await untilStep(page, 5);
  await keys.secondPerson();
  for (const no of [6, 7]) {
    await untilStep(page, no);
    await keys.press('Enter');
  }
  await untilStep(page, 8);
  await keys.press('3');
  await expect(page.getByTestId('emergency-step')).toHaveAttribute('data-state', 'waitSecond');
  await keys.secondPerson();
  for (const no of [9, 10]) {
    await untilStep(page, no);
    await keys.press('Enter');
    await expect(page.getByTestId('emergency-step')).toHaveAttribute('data-state', 'waitSecond');
    await keys.secondPerson();
  }
  await untilStep(page, 11);
  await keys.press('Enter');
  await expect(page.getByTestId('emergency-over')).toBeVisible();
  await untilNoDialog(page);
  await keys.press('Enter');
  await expect(page.getByTestId('run-dialog-finish-text')).toBeFocused();
  await keys.press('Control+Enter');
  await expect(page.getByTestId('emergency-run')).toHaveAttribute('data-run-state', 'finished');
  process.stdout.write(`EP-01 by keyboard: ${foundAfter} actions to begin it, ${keys.actions} in all\n`);
  test.info().annotations.push({ type: 'actions', description: `${foundAfter} to find and begin it, ${keys.actions} in all` });
  // Four to find it; a step alone takes one key, a second person five the first time and three after.
  expect(foundAfter).toBeLessThanOrEqual(4);
  expect(keys.actions).toBeLessThanOrEqual(40);
  const entries = journalEntries(desk.dataDir).filter((entry) => entry.type.startsWith('run.'));
  expect(entries.filter((entry) => entry.type === 'run.stepDone')).toHaveLength(11);
  expect(entries.filter((entry) => entry.type === 'run.readingTaken').length).toBeGreaterThanOrEqual(3);
  expect(desk.pageErrors).toEqual([]);
});

test('words pasted in emergency mode become evidence, the paper has blanks, signatures and the fingerprint, and timers are heard', async ({
  desk,
}) => {
  test.setTimeout(150_000);
  const { page } = desk;
  await untilReady(page);
  await listenIn(page);
  await startRun(page, 'EP-01');
  await page.getByTestId('run-emergency').click();
  await expect(page.getByTestId('emergency-run')).toBeFocused();
  await page.keyboard.press('Enter');
  await untilStep(page, 1);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'au2702 last good tick 09:31:02.500');
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  });
  await expect(page.getByTestId('emergency-step').getByTestId('run-step-1-record')).toContainText('09:31:02.500');
  await page.evaluate(() => {
    window.print = () => undefined;
  });
  await page.keyboard.press('p');
  const paper = page.getByTestId('paper');
  await expect(paper).toHaveCount(1);
  await expect(paper).toContainText('09:31:02.500');
  expect(await paper.locator('[data-blank="true"]').count()).toBeGreaterThan(20);
  const fingerprint = await paper
    .locator('footer')
    .innerText()
    .catch(() => '');
  expect(`${fingerprint}${await paper.locator('footer').textContent()}`).toMatch(/[0-9a-f]{12}/);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect(paper).toHaveCount(0);

  // A quarter of a minute before its target a step is heard; muted, the next one is seen only.
  const tones = (): Promise<{ states: string[]; frequencies: number[] }> =>
    page.evaluate(() => {
      const { contexts, frequencies } = (window as unknown as Heard).heard;
      return { states: contexts.map(({ state }) => state), frequencies };
    });
  await expect.poll(async () => (await tones()).frequencies.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  expect((await tones()).states).toEqual(['running']);
  const muted = page.getByTestId('emergency-muted');
  await expect(muted).toContainText('♪');
  await page.keyboard.press('m');
  await expect(muted).toHaveAttribute('data-muted', 'true');
  await expect(muted).not.toContainText('♪');
  const before = (await tones()).frequencies.length;
  const late = page.getByTestId('emergency-step').locator('[data-late="true"]');
  await expect(late).toBeVisible({ timeout: 60_000 });
  expect((await tones()).frequencies).toHaveLength(before);
  await page.keyboard.press('m');
  await expect(muted).toHaveAttribute('data-muted', 'false');
});

type Heard = { heard: { contexts: AudioContext[]; frequencies: number[] } };

/** Counts what the page sends to the loudspeaker; it is sent all the same. */
async function listenIn(page: Page): Promise<void> {
  await page.evaluate(() => {
    const heard: Heard['heard'] = { contexts: [], frequencies: [] };
    (window as unknown as Heard).heard = heard;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (this: OscillatorNode, at?: number): void {
      if (this.context instanceof AudioContext && !heard.contexts.includes(this.context)) heard.contexts.push(this.context);
      heard.frequencies.push(this.frequency.value);
      start.call(this, at);
    };
  });
}

test('a dropped file and a typed reading become evidence of the step, the file sealed and under its hash', async ({ desk }) => {
  test.setTimeout(120_000);
  const { page } = desk;
  await untilReady(page);
  await startRun(page, 'EP-01');
  await page.getByTestId('run-emergency').click();
  await expect(page.getByTestId('emergency-run')).toBeFocused();
  await page.keyboard.press('Enter');
  await untilStep(page, 1);
  await page.getByTestId('emergency-run').evaluate((target) => {
    const data = new DataTransfer();
    data.items.add(new File(['09:31:02 link lost'], 'gateway.txt', { type: 'text/plain' }));
    target.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  const record = page.getByTestId('emergency-step').getByTestId('run-step-1-record');
  await expect(record).toContainText('gateway.txt');
  await page.keyboard.press('e');
  await expect(page.getByTestId('run-dialog-evidence-text')).toBeFocused();
  await page.keyboard.type('terminal clock 09:31:04');
  await page.keyboard.press('Control+Enter');
  await untilNoDialog(page);
  await expect(record).toContainText('terminal clock 09:31:04');
  expect(journalEntries(desk.dataDir).filter(({ type }) => type === 'evidence.added')).toHaveLength(1);
  expect(desk.pageErrors).toEqual([]);
});

/** Another desk of the firm skipped a step while it knew only that the run had begun; the two have met since. */
function skippedApart(dataDir: string, no: number): void {
  const change = (rows: ForgedRow[]): ForgedRow[] => {
    const started = rows.find(({ type }) => type === 'run.started');
    if (started === undefined) throw new Error('no run was started');
    const payload = {
      runId: started.subject.slice('run:'.length),
      atMs: Date.parse(started.wallTime) + 1_000,
      no,
      reason: 'not needed on this desk',
    };
    const said = [{ type: 'run.stepSkipped', subject: started.subject, actor: 'p-duty', payload }];
    return fromAnotherDesk(rows, { device: '01996b1c-0000-7000-8000-0000000000aa', knownUntil: started, said });
  };
  forgeJournal(join(dataDir, 'journal.sqlite'), change, { rechain: false });
}

test('a kill in the middle of a run: it is there where it was, what another desk said otherwise is shown, and it goes on', async ({ launch }) => {
  test.setTimeout(180_000);
  const first = await launch();
  await untilReady(first.page);
  const run = await startRun(first.page, 'EP-01');
  await run.getByTestId('run-step-1-done').click();
  await first.page.getByTestId('run-dialog-done-confirm').click();
  await untilNoDialog(first.page);
  await expect(run.getByTestId('run-step-1')).toHaveAttribute('data-state', 'done');
  await run.getByTestId('run-step-2-done').click();
  await first.page.getByTestId('run-dialog-done-confirm').click();
  await untilNoDialog(first.page);
  await expect(run.getByTestId('run-step-2')).toHaveAttribute('data-state', 'waitSecond');
  await first.killAll();
  skippedApart(first.dataDir, 1);
  const second = await launch({ dataDir: first.dataDir });
  await untilReady(second.page);
  await second.page.keyboard.press('F9');
  // What is under way stands first: Enter goes on with it.
  await expect(second.page.getByTestId('emergency-choice-run')).toHaveAttribute('aria-current', 'true');
  await second.page.keyboard.press('Enter');
  await expect(second.page.getByTestId('emergency-next-2')).toHaveAttribute('data-state', 'waitSecond');
  await second.page.keyboard.press('Enter');
  // One desk did step 1, another skipped it, and neither knew: nobody wins in silence, and what lies behind waits.
  await untilStep(second.page, 1);
  await expect(second.page.getByTestId('emergency-step')).toHaveAttribute('data-state', 'conflict');
  await expect(second.page.getByTestId('emergency-next-3')).toHaveAttribute('data-state', 'locked');
  await keepPicture(second.page, 'conflict');
  await second.page.keyboard.press('Escape');
  await second.page.getByTestId('workspace-tab-emergency').click();
  const page = second.page.getByTestId('run-page');
  await expect(page.getByTestId('run-conflicts')).toContainText('1');
  await expect(page.getByTestId('run-step-1')).toHaveAttribute('data-state', 'conflict');
  await keepPicture(second.page, 'conflict-on-the-run-page');
  await second.page.keyboard.press('F9');
  await expect(second.page.getByTestId('emergency-choice-run')).toHaveAttribute('aria-current', 'true');
  await second.page.keyboard.press('Enter');
  await untilStep(second.page, 1);
  await second.page.keyboard.press('Enter');
  const resolving = second.page.getByTestId('run-dialog-resolve');
  await expect(resolving).toContainText('not needed on this desk');
  await resolving.getByTestId('run-keep-signed').check({ force: true });
  await second.page.getByTestId('run-dialog-resolve-text').fill('the commander saw it done');
  await keepPicture(second.page, 'conflict-resolved');
  await second.page.keyboard.press('Control+Enter');
  await untilNoDialog(second.page);
  await expect(second.page.getByTestId('emergency-next-1')).toHaveCount(0);
  await expect(second.page.getByTestId('emergency-next-3')).toHaveAttribute('data-state', 'ready');
  await untilStep(second.page, 2);
  await new Keyboard(second.page).secondPerson();
  await expect(second.page.getByTestId('emergency-next-2')).toHaveCount(0);
});

test('a photograph taken in emergency mode is kept as evidence of the step, sealed and under its hash', async ({ launch }) => {
  test.setTimeout(180_000);
  // Chromium's own test picture stands in for a camera; whether the page may have it is asked as ever.
  const desk = await launch({ args: ['--use-fake-device-for-media-stream'] });
  const { page } = desk;
  await untilReady(page);
  const run = await startRun(page, 'EP-01');
  await page.getByTestId('run-emergency').click();
  await expect(page.getByTestId('emergency-run')).toBeFocused();
  await page.keyboard.press('Enter');
  await untilStep(page, 1);
  await page.keyboard.press('k');
  const camera = page.getByTestId('camera');
  await expect(camera).toHaveAttribute('data-state', 'looking');
  await expect.poll(() => camera.locator('video').evaluate((video) => (video as HTMLVideoElement).videoWidth)).toBeGreaterThan(0);
  await keepPicture(page, 'camera');
  await page.keyboard.press('Enter');
  await expect(camera).toHaveAttribute('data-state', 'taken');
  await page.keyboard.press('Enter');
  await expect(camera).toHaveCount(0);
  await expect(page.getByTestId('emergency-step').getByTestId('run-step-1-record')).toContainText(/photo-\d{8}-\d{6}\.jpg/);
  await keepPicture(page, 'step-with-photograph');
  await page.keyboard.press('Escape');
  await expect(run.getByTestId('evidence-row')).toHaveAttribute('data-type', 'image/jpeg');
  await run.getByTestId('evidence-view').click();
  await expect(page.getByTestId('evidence-picture')).toBeVisible();
  await page.getByTestId('evidence-close').click();
  expect(journalEntries(desk.dataDir).filter(({ type }) => type === 'evidence.added')).toHaveLength(1);
  expect(desk.pageErrors).toEqual([]);
});

test('roles go to people who are here, and not two that exclude each other to one', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  const run = await startRun(page, 'EP-01');
  await run.getByTestId('run-roles').locator('summary').click();
  const commander = run.getByTestId('run-role-IC');
  await commander.selectOption('p-duty');
  await expect(commander).toHaveValue('p-duty');
  await expect(run.getByTestId('run-role-SCR').locator('option[value="p-duty"]')).toBeDisabled();
  // Here by default are those who did something in this run.
  await expect(run.getByTestId('run-here-p-supervisor')).toBeChecked();
  await run.getByTestId('run-here-p-risk').locator('xpath=ancestor::label').click();
  await expect(run.getByTestId('run-here-p-risk')).toBeChecked();
  await run.getByTestId('run-here-p-duty').locator('xpath=ancestor::label').click();
  await expect(run.getByTestId('run-here-p-duty')).toBeChecked();
  await run.getByTestId('run-here-p-duty').locator('xpath=ancestor::label').click();
  await expect(run.getByTestId('run-here-p-duty')).not.toBeChecked();
  await expect(run.getByTestId('run-roles')).toContainText('陈默');
  await keepPicture(page, 'roles');

  // A window that closes as emergency mode opens gives the focus back to what lies below: the keys must not go with it.
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-input')).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F9');
  await expect(page.getByTestId('palette-input')).toHaveCount(0);
  await expect(page.getByTestId('emergency-words')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('emergency')).toHaveCount(0);
  expect(desk.pageErrors).toEqual([]);
});

test('another plan is attached to a step, and a plan leaves the desk as a file', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  const run = await startRun(page, 'EP-01');
  await run.getByTestId('run-step-1-attach').click();
  await page.getByTestId('run-attach-plan').selectOption('EP-15');
  await page.getByTestId('run-dialog-attach-confirm').click();
  await expect(run.getByTestId('run-child-EP-15')).toBeVisible();
  await page.getByTestId('plan-EP-01').click();
  await page.getByTestId('edit-plan-EP-01').click();
  await page.getByTestId('plan-export-markdown').click();
  await expect(page.getByTestId('plan-exported')).toContainText('.md');
  const path = ((await page.getByTestId('plan-exported').textContent()) ?? '').replace(/^\S+ /, '').trim();
  expect(readFileSync(path.slice(path.indexOf('/')), 'utf8')).toContain('EP-01');
  await keepPicture(page, 'plan-editor');
  expect(desk.pageErrors).toEqual([]);
});
