/** What is kept of marks: one stays with its thing until that is over, one about all alerts beyond the list ends with the shift. */
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

it('the next shift says anew how the alerts beyond the list stand, and finds the other marks as they were', async () => {
  const { journal, close } = openDesk(folder.path);
  const authorship = { actor: 'p-out', session: 's', mode: 'live' as const };
  const handoverId = v7();
  const subject = `handover:${handoverId}`;
  const marked = (itemKey: string) => ({
    type: 'handover.marked',
    subject: `handoverItem:${itemKey}`,
    payload: { itemKey, level: 'stable', ifThen: '', severity: 'low', atMs: 1 },
  });
  const levels = () =>
    ['moreAlerts', 'alert:a1'].map((key) => (journal.tables.documents.get('handoverMark', key) as { level: string } | undefined)?.level);
  const offered = { handoverId, remarks: '', fingerprint: '1:0', itemKeys: ['moreAlerts'], atMs: 2 };
  journal.append([marked('moreAlerts'), marked('alert:a1'), { type: 'handover.offered', subject, payload: offered }], authorship);
  expect(levels()).toEqual(['stable', 'stable']);
  const taken = { readBack: [], words: '', sinceKeys: [], movedAlertCount: 0, how: 'ownSession', confirmedBy: null };
  const payload = { handoverId, outgoing: 'p-out', incoming: 'p-next', ...taken, atMs: 3 };
  journal.append([{ type: 'handover.accepted', subject, payload }], { ...authorship, actor: 'p-next' });
  expect(levels()).toEqual([undefined, 'stable']);
  // Folded anew it is the same.
  journal.rebuildProjections();
  expect(levels()).toEqual([undefined, 'stable']);
  await close();
});
