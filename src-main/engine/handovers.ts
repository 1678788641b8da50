/** Joins the hand-over of a shift with everything that may be open at the desk. */
import type { Clock } from '#engine/clock';
import type { Desk } from '#engine/desk/desk';
import { HandoverDesk } from '#engine/desk/handovers/handover-desk';
import type { NoticeDesk } from '#engine/desk/notices/notice-desk';
import type { PeopleDesk } from '#engine/desk/people/people-desk';
import type { Recorder } from '#engine/desk/record';
import type { ApprovalsPicture } from '#shared/contract/approvals';
import type { WorklistView } from '#shared/contract/numbers-desk';
import type { FeedPicture } from '#shared/contract/streams';
import { decideAlert } from '#shared/desk/alerts/decide';

const READ_RUNS = 200;

export type HandoverRoomParts = {
  recorder: Recorder;
  clock: Clock;
  people: PeopleDesk;
  desk: Desk;
  notices: NoticeDesk;
  feeds: (nowMs: number) => readonly FeedPicture[];
  worklists: () => readonly WorklistView[];
  approvals: () => ApprovalsPicture;
};

export function createHandovers(parts: HandoverRoomParts): HandoverDesk {
  const { recorder, clock, people, desk, notices, feeds, worklists, approvals } = parts;
  return new HandoverDesk({
    recorder,
    secondPerson: people.secondPerson,
    humanOf: (personId) => people.forBus.humanOf(personId),
    feedStates: () =>
      feeds(clock.nowMs())
        .map(({ feedId, state }) => `${feedId}=${state}`)
        .join(' '),
    things: () => {
      const nowMs = clock.nowMs();
      const { tradingDay, notices: made } = notices.picture();
      return {
        alerts: desk.alerts.openAlerts(),
        suppressions: desk.delivery.picture(nowMs).suppressions,
        runs: desk.plans.runs(READ_RUNS),
        incidents: desk.incidents.briefs(),
        approvals: approvals(),
        feeds: feeds(nowMs),
        notices: made,
        worklists: worklists(),
        tradingDay,
      };
    },
    moveAlert: (alert, to, context) => decideAlert(alert, { type: 'handOver', to, note: '' }, context, desk.alerts.policy),
  });
}
