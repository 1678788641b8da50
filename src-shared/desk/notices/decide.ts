/** Decides which notices may be made and how one goes on: none twice, none lower after a higher one, none sent by the desk itself. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { NoticeEvent } from '#shared/desk/notices/events';
import { NEXT_NOTICE_STATES, NOTICE_LEVELS, type Notice, type NoticeDraft, type NoticeLevel, type NoticeState } from '#shared/desk/notices/notice';
import { refuse } from '#shared/refusal';

export type FollowNotice = { state: Exclude<NoticeState, 'generated'>; method: Notice['steps'][number]['method']; note: string };

/** The highest level that stands for each account, on a trading day: none may be made at it or below. Withdrawn ones do not stand. */
export function standingLevels(
  notices: readonly Pick<Notice, 'accountID' | 'tradingDay' | 'level' | 'state'>[],
  tradingDay: string,
): ReadonlyMap<string, NoticeLevel> {
  const standing = new Map<string, NoticeLevel>();
  for (const notice of notices) {
    const { accountID, level } = notice;
    const before = standing.get(accountID);
    if (notice.tradingDay !== tradingDay || notice.state === 'withdrawn') continue;
    if (before !== undefined && NOTICE_LEVELS.indexOf(before) >= NOTICE_LEVELS.indexOf(level)) continue;
    standing.set(accountID, level);
  }
  return standing;
}

export function decideNotice(draft: NoticeDraft, standing: NoticeLevel | null, context: DecisionContext): Decision<NoticeEvent> {
  if (standing === draft.level) return refuse('CONFLICT', `${draft.accountID} has this notice already for ${draft.tradingDay}`, 'accountIDs');
  if (standing !== null && NOTICE_LEVELS.indexOf(standing) > NOTICE_LEVELS.indexOf(draft.level)) {
    return refuse('CONFLICT', `${draft.accountID} has a higher notice for ${draft.tradingDay}`, 'accountIDs');
  }
  return [{ type: 'notice.generated', subject: `notice:${draft.noticeId}`, payload: { notice: draft, atMs: context.nowMs } }];
}

export function decideFollow(notice: Notice, { state, method, note }: FollowNotice, context: DecisionContext): Decision<NoticeEvent> {
  if (!NEXT_NOTICE_STATES[notice.state].includes(state)) return refuse('CONFLICT', `the notice is ${notice.state}`, 'state');
  if ((state === 'sent' || state === 'failed') && method === null) return refuse('INVALID', 'method: how it was delivered is needed', 'method');
  if ((state === 'failed' || state === 'withdrawn') && note === '') return refuse('INVALID', 'note: why is needed', 'note');
  const payload = { noticeId: notice.noticeId, state, method, note, atMs: context.nowMs };
  return [{ type: 'notice.followed', subject: `notice:${notice.noticeId}`, payload }];
}
