/** Folds what happened to a notice into how it stands. */
import type { Recorded } from '#shared/desk/decision';
import type { NoticeEventBody } from '#shared/desk/notices/events';
import type { Notice } from '#shared/desk/notices/notice';

export function evolveNotice(before: Notice | null, event: NoticeEventBody, entry: Recorded): Notice | null {
  const { sequence, actor: by } = entry;
  if (event.type === 'notice.generated') {
    const { notice, atMs } = event.payload;
    return { ...notice, state: 'generated', generatedBy: by, generatedAtMs: atMs, steps: [], answered: null, sequence };
  }
  if (before === null) return null;
  if (event.type === 'notice.answered') {
    const { atMs, figures } = event.payload;
    return { ...before, answered: { atMs, figures }, sequence };
  }
  const { state, method, note, atMs } = event.payload;
  return { ...before, state, steps: [...before.steps, { state, atMs, by, method, note }], sequence };
}
