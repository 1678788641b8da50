/** Decides which notices may be made and how one goes on: none twice, none lower after a higher one, none sent by the desk itself. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { NoticeEvent } from '#shared/desk/notices/events';
import {
  NEXT_NOTICE_STATES,
  NOTICE_LEVELS,
  type Notice,
  type NoticeDraft,
  type NoticeFigures,
  type NoticeLevel,
  type NoticeState,
} from '#shared/desk/notices/notice';
import { refuse } from '#shared/refusal';

export type FollowNotice = { state: Exclude<NoticeState, 'generated'>; method: Notice['steps'][number]['method']; note: string };

/**
 * A margin call whose deadline counts: until the account is back below what it was called for, or the call is withdrawn. Neither the end of the
 * trading day nor the client's word that it has arrived pays anything.
 */
export function isOwed({ level, state, answered, dueAtMs }: Pick<Notice, 'level' | 'state' | 'answered' | 'dueAtMs'>): boolean {
  return level === 'marginCall' && isStanding({ state, answered }) && dueAtMs !== null;
}

/** Neither taken back nor over: the account has not been seen to be back below what it was called for. */
export function isStanding({ state, answered }: Pick<Notice, 'state' | 'answered'>): boolean {
  return state !== 'withdrawn' && answered === null;
}

/**
 * The highest level that stands for each account, on a trading day: none may be made at it or below. Withdrawn ones do not stand, nor do those
 * that have been answered: an account that gets there again is called again.
 */
export function standingLevels(
  notices: readonly Pick<Notice, 'accountID' | 'tradingDay' | 'level' | 'state' | 'answered'>[],
  tradingDay: string,
): ReadonlyMap<string, NoticeLevel> {
  const standing = new Map<string, NoticeLevel>();
  for (const notice of notices) {
    const { accountID, level } = notice;
    const before = standing.get(accountID);
    if (notice.tradingDay !== tradingDay || !isStanding(notice)) continue;
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

/** The engine saw the account's degree stay below what ends the notice. */
export function decideAnswered(notice: Notice, figures: NoticeFigures, atMs: number): NoticeEvent[] {
  if (!isStanding(notice)) return [];
  return [{ type: 'notice.answered', subject: `notice:${notice.noticeId}`, payload: { noticeId: notice.noticeId, figures, atMs } }];
}
