/** A dangerous change as people meet it: held back, seen by whoever checks, agreed to at the maker's own screen, and found again in the audit. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { approveOnTheSpot, become, openPanel } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { openPeople } from '#tests/helpers/e2e-people';

/** Kept where somebody looks at them; nothing is compared. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `approvals-${name}.png`) });
}

async function retireRule(page: Page, rule = 'price-move'): Promise<void> {
  await openPanel(page, 'rules');
  await page.getByTestId('rules-filter').fill(rule);
  await page.locator(`[data-testid="rule-row"][data-rule="${rule}"]`).getByRole('button').click();
  await page.getByTestId('rule-retire').click();
  await page.getByTestId('rule-reason-text').fill('nobody looks at it');
  await page.getByTestId('rule-reason-confirm').click();
  await expect(page.getByTestId('refusal').first()).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  await picture(page, 'held-back');
  await page.getByTestId('refusal').first().getByTestId('open-approvals').click();
}

type Card = { path: string; fingerprint: string };

async function giveCard(page: Page, deskName: string): Promise<Card> {
  await become(page, 'administrator');
  await openPeople(page);
  await page.getByTestId('desk-card-name').fill(deskName);
  await page.getByTestId('desk-card-give').click();
  const given = page.getByTestId('desk-card-given');
  await expect(given).toHaveAttribute('data-fingerprint', /^[0-9A-Z]{12}$/);
  return { path: await attribute(given, 'data-path'), fingerprint: await attribute(given, 'data-fingerprint') };
}

/** With the fingerprint from the telephone, in small letters and groups as somebody types it. */
async function believe(page: Page, card: Card, deskName: string): Promise<void> {
  await openPeople(page);
  await page.getByTestId('desk-card-file').setInputFiles(card.path);
  await page.getByTestId('desk-card-heard').fill(card.fingerprint.toLowerCase().replace(/(.{4})(?=.)/g, '$1 '));
  await page.getByTestId('desk-card-same-p-supervisor2').selectOption('p-supervisor2');
  await page.getByTestId('desk-card-reason').fill('the second floor');
  await picture(page, `card-of-${deskName}`);
  await page.getByTestId('desk-card-trust').click();
  const held = page.getByTestId('other-desks').getByTestId('refusal');
  await expect(held).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  await held.getByTestId('open-approvals').click();
  const approvals = page.getByTestId('approvals');
  await approvals.locator('[data-testid="approval-item"][data-state="pending"]').click();
  await approveOnTheSpot(page, 'supervisor2');
  await openPeople(page);
  await expect(page.getByTestId('known-desk')).toHaveAttribute('data-state', 'believed');
}

async function attribute(of: Locator, name: string): Promise<string> {
  return (await of.getAttribute(name)) ?? '';
}

/** Between the two a file goes by hand; nothing else joins them. */
async function decideAtAnotherDesk(home: Page, away: Page): Promise<void> {
  await untilReady(away);
  // Whoever has a key there is on its card.
  await become(away, 'supervisor2');
  const cardOfAway = await giveCard(away, 'Second floor');
  const cardOfHome = await giveCard(home, 'First floor');
  await believe(home, cardOfAway, 'away');
  await believe(away, cardOfHome, 'home');
  await picture(home, 'other-desks');

  await become(home, 'risk');
  await retireRule(home, 'fast-move');
  const approvals = home.getByTestId('approvals');
  await approvals.locator('[data-testid="approval-item"][data-state="pending"]').click();
  await approvals.getByTestId('approval-carry').click();
  await expect(home.getByTestId('approval-carry-device')).toContainText('Second floor');
  await picture(home, 'carry');
  await home.getByTestId('approval-carry-confirm').click();
  const left = await attribute(approvals.getByTestId('approval-carry-made'), 'data-path');
  await expect(approvals.getByTestId('approval-carried')).toContainText('Second floor');
  await picture(home, 'carried');

  await become(away, 'supervisor2');
  await openPanel(away, 'approvals');
  await away.getByTestId('approvals-take-in-file').setInputFiles(left);
  const foreign = away.getByTestId('foreign');
  await expect(foreign).toHaveAttribute('data-decided', '0');
  await expect(foreign.getByTestId('foreign-change')).toContainText('fast-move');
  await picture(away, 'foreign');
  await foreign.getByTestId('foreign-approve').click();
  await away.getByTestId('foreign-secret').fill('demo-supervisor2');
  await picture(away, 'foreign-decide');
  await away.getByTestId('foreign-confirm').click();
  const back = await attribute(foreign.getByTestId('foreign-made'), 'data-path');
  await expect(foreign).toHaveAttribute('data-decided', '1');
  await picture(away, 'foreign-decided');

  await home.getByTestId('approvals-take-in-file').setInputFiles(back);
  await expect(approvals.getByTestId('approval')).toHaveAttribute('data-state', 'done');
  await picture(home, 'brought-back');
  await home.getByTestId('approvals-take-in-file').setInputFiles(back);
  await expect(approvals.getByTestId('approvals-take-in-refused')).toHaveAttribute('data-field', 'signature');
  await picture(home, 'brought-back-twice');
}

test('what one person asks for waits until another agrees at the same screen, and is then done once; the next agrees at another desk', async ({
  desk,
  launch,
}) => {
  test.setTimeout(360_000);
  const { page } = desk;
  await untilReady(page);
  await become(page, 'risk');
  await retireRule(page);
  const approvals = page.getByTestId('approvals');
  await expect(approvals.getByTestId('approvals-group-mine')).toHaveAttribute('aria-pressed', 'true');
  await approvals.getByTestId('approval-item').click();
  const approval = approvals.getByTestId('approval');
  await expect(approval).toHaveAttribute('data-state', 'pending');
  // Whoever asks is offered no way to agree.
  await expect(approval.getByTestId('approval-approve')).toHaveCount(0);
  await picture(page, 'mine');
  await approveOnTheSpot(page, 'supervisor2');
  await approvals.getByTestId('approvals-group-ended').click();
  await expect(approvals.getByTestId('approval-item')).toHaveAttribute('data-state', 'done');
  await approvals.getByTestId('approval-item').click();
  await expect(approvals.getByTestId('approval-stage-check')).toHaveAttribute('data-given', '1');
  await picture(page, 'done');

  await become(page, 'auditor');
  await openPanel(page, 'audit');
  const audit = page.getByTestId('audit');
  for (const kind of ['approval.', 'rule.retired']) await audit.getByTestId('audit-filter-types').selectOption(kind);
  await expect(audit.getByTestId('audit-list')).toHaveAttribute('data-count', '5');
  await audit.locator('[data-testid="audit-row"][data-type="approval.approved"]').click();
  const entry = audit.getByTestId('audit-entry');
  await expect(entry).toHaveAttribute('data-mark', 'confirmed');
  await entry.getByTestId('audit-prove').click();
  await expect(entry.getByTestId('audit-proof')).toHaveAttribute('data-fingerprint', /^\d+:[0-9a-f]{12}$/);
  await picture(page, 'audit');
  await audit.getByTestId('audit-export').click();
  await page.getByTestId('audit-export-reason').fill('inspection');
  await page.getByTestId('audit-export-confirm').click();
  await expect(page.getByTestId('audit-export-made')).toHaveAttribute('data-fingerprint', /^\d+:[0-9a-f]{12}$/, { timeout: 60_000 });
  await picture(page, 'export');
  await page.getByTestId('audit-export-close').click();
  await expect(page.getByTestId('audit-export-made')).toHaveCount(0);

  const away = await launch();
  await decideAtAnotherDesk(page, away.page);
  expect([...desk.pageErrors, ...away.pageErrors]).toEqual([]);
});

test('a supervisor finds what waits, rejects it with a reason, and the glass is broken, used up and owed a review', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await become(page, 'risk');
  await retireRule(page);
  await become(page, 'supervisor2');
  await openPanel(page, 'approvals');
  const approvals = page.getByTestId('approvals');
  await expect(approvals).toHaveAttribute('data-waiting', '1');
  await approvals.getByTestId('approval-item').click();
  await picture(page, 'for-me');
  await approvals.getByTestId('approval-reject').click();
  await page.getByTestId('approval-reject-dialog-text').fill('it is looked at by settlement');
  await page.getByTestId('approval-reject-dialog-confirm').click();
  await approvals.getByTestId('approvals-group-ended').click();
  await approvals.getByTestId('approval-item').click();
  await expect(approvals.getByTestId('approval-ended')).toHaveAttribute('data-code', 'rejected');

  await approvals.getByTestId('break-glass-open').click();
  await page
    .getByTestId('break-glass-dialog')
    .getByText(/Thresholds and rules|阈值与规则/)
    .click();
  await page.getByTestId('break-glass-reason').fill('the other supervisors are on a plane');
  await page.getByTestId('break-glass-person').selectOption('p-compliance');
  await page.getByTestId('break-glass-number').fill('021 5555');
  await page.getByTestId('break-glass-words').fill('go on; known by voice');
  await picture(page, 'glass-dialog');
  await page.getByTestId('break-glass-confirm').click();
  await expect(approvals.getByTestId('break-glass-running')).toBeVisible();
  await picture(page, 'glass');
  await approvals.getByTestId('break-glass-close').click();
  await expect(approvals.getByTestId('break-glass-owed')).toBeVisible();
  // Whoever used it is not offered the review.
  await expect(approvals.getByTestId('break-glass-review')).toHaveCount(0);
  await become(page, 'compliance');
  await openPanel(page, 'approvals');
  await page.getByTestId('break-glass-review').click();
  await page.getByTestId('break-glass-review-dialog-text').fill('asked; it was right');
  await page.getByTestId('break-glass-review-dialog-confirm').click();
  await expect(page.getByTestId('break-glass-owed')).toHaveCount(0);
  expect(desk.pageErrors).toEqual([]);
});
