/** Reads what a shift would leave: everything open at this desk, each as one small picture. */

import type { ApprovalsPicture } from '#shared/contract/approvals';
import type { IncidentBrief } from '#shared/contract/incidents';
import type { WorklistView } from '#shared/contract/numbers-desk';
import type { FeedPicture } from '#shared/contract/streams';
import { type Alert, severitySchema } from '#shared/desk/alerts/alert';
import { severityRank } from '#shared/desk/alerts/evolve';
import type { Matcher, Suppression } from '#shared/desk/alerts/suppression';
import type { HandoverNote } from '#shared/desk/handovers/handover';
import type { ItemFacts } from '#shared/desk/handovers/item';
import { isOwed } from '#shared/desk/notices/decide';
import type { Notice } from '#shared/desk/notices/notice';
import type { Run } from '#shared/desk/plans/plan';

/** Alerts named one by one, the gravest first; a sheet of more is read by nobody, and the rest is counted by severity. */
const LISTED_ALERTS = 60;
const HAND_STATES: ReadonlySet<string> = new Set(['running', 'waitSecond', 'failed', 'deferred', 'reopened', 'conflict']);
const UNSETTLED_STATES: ReadonlySet<string> = new Set([...HAND_STATES, 'ready', 'locked']);
const ENDED_INCIDENTS: ReadonlySet<string> = new Set(['closed', 'cancelled', 'merged']);

export type OpenThings = {
  alerts: readonly Alert[];
  suppressions: readonly Suppression[];
  runs: readonly Run[];
  incidents: readonly IncidentBrief[];
  approvals: Pick<ApprovalsPicture, 'approvals' | 'breakGlasses'>;
  feeds: readonly Pick<FeedPicture, 'feedId' | 'state' | 'sinceMs'>[];
  notices: readonly Notice[];
  worklists: readonly WorklistView[];
  notes: readonly HandoverNote[];
  tradingDay: string | null;
};

export function openItems(things: OpenThings): ItemFacts[] {
  const { suppressions, runs, incidents, approvals, feeds, notices, worklists, notes, tradingDay } = things;
  const alerts = [...things.alerts].sort(
    (one, other) => severityRank(one.severity) - severityRank(other.severity) || one.raisedAtMs - other.raisedAtMs,
  );
  return [
    ...incidents.filter(({ state }) => !ENDED_INCIDENTS.has(state)).map(incidentItem),
    ...runs.filter(({ state }) => state === 'running' || state === 'amended').map(runItem),
    ...alerts.slice(0, LISTED_ALERTS).map(alertItem),
    ...moreAlerts(alerts.slice(LISTED_ALERTS)),
    ...feeds.map(({ feedId, state, sinceMs }): ItemFacts => ({ kind: 'feed', feedId, state, sinceMs })),
    ...suppressions.filter(({ ended }) => ended === null).map((each) => suppressionItem(each, alerts)),
    ...unconfirmed(notices, tradingDay).map(noticeItem),
    ...worklists.filter(({ state }) => state === 'made' || state === 'reopened').map(worklistItem),
    ...approvals.approvals.filter(({ state }) => state === 'pending' || state === 'approved').map(approvalItem),
    ...approvals.breakGlasses.filter(({ state, review }) => state === 'open' || review === null).map(glassItem),
    ...notes.filter(({ struck }) => struck === null).map(({ noteId, text, by, atMs }): ItemFacts => ({ kind: 'note', noteId, text, by, atMs })),
  ];
}

/**
 * Of this trading day and of the last one before it that clients were called on: the day begins anew in the evening, while the calls still ring.
 * A call that is owed is somebody's however old it is, and though the client has confirmed that it arrived.
 */
function unconfirmed(notices: readonly Notice[], tradingDay: string | null): Notice[] {
  const before = notices.reduce<string | null>((last, notice) => {
    const isEarlier = tradingDay === null || notice.tradingDay < tradingDay;
    return isEarlier && (last === null || notice.tradingDay > last) ? notice.tradingDay : last;
  }, null);
  const isOpen = (notice: Notice): boolean => {
    const { tradingDay: day, state, answered } = notice;
    if (isOwed(notice)) return true;
    return answered === null && (day === tradingDay || day === before) && state !== 'confirmed' && state !== 'withdrawn';
  };
  return notices.filter(isOpen);
}

function alertItem({ alertId, kind: alertKind, entity, severity, condition, human, owner, raisedAtMs, reason }: Alert): ItemFacts {
  const { level } = reason.params;
  return {
    kind: 'alert',
    alertId,
    alertKind,
    level: typeof level === 'string' ? level : null,
    entity,
    severity,
    condition,
    human,
    owner,
    raisedAtMs,
  };
}

function moreAlerts(alerts: readonly Alert[]): ItemFacts[] {
  const present = severitySchema.options.map((severity) => [severity, alerts.filter((alert) => alert.severity === severity).length] as const);
  return alerts.length === 0 ? [] : [{ kind: 'moreAlerts', counts: Object.fromEntries(present.filter(([, count]) => count > 0)) }];
}

function suppressionItem(suppression: Suppression, alerts: readonly Alert[]): ItemFacts {
  const { suppressionId, kind, matcher, covers, endsAtMs, reasonCode, createdBy } = suppression;
  return { kind: 'suppression', suppressionId, suppression: kind, about: aboutOf(matcher, alerts), covers, endsAtMs, reasonCode, createdBy };
}

/** One shelved alert is named by a key that says nothing to people: by what it is about, while it is open. */
function aboutOf(matcher: Matcher, alerts: readonly Alert[]): string {
  const shelved = alerts.find(({ dedupKey }) => dedupKey === matcher.dedupKey);
  const { ruleId, kind, entity } = shelved === undefined ? matcher : { ...shelved, ruleId: undefined };
  return [ruleId, kind, entity].filter((part) => part !== undefined).join(' ') || (matcher.dedupKey ?? '').slice(0, 12);
}

function runItem({ runId, planId, planTitle: title, planTitleZh: titleZh, startedAtMs, steps, roles }: Run): ItemFacts {
  const open = steps.filter(({ state }) => HAND_STATES.has(state)).map(({ no, state }) => ({ no, state }));
  const settledCount = steps.filter(({ state }) => !UNSETTLED_STATES.has(state)).length;
  return { kind: 'run', runId, planId, title, titleZh, startedAtMs, settledCount, stepCount: steps.length, open, roles };
}

function incidentItem(brief: IncidentBrief): ItemFacts {
  const { incidentId, title, state, grade, openedAtMs, openDutyCount, nextDutyId, nextDueAtMs } = brief;
  return { kind: 'incident', incidentId, title, state, grade, openedAtMs, openDutyCount, nextDutyId, nextDueAtMs };
}

function approvalItem({ approvalId, request, makerId, expiresAtMs }: ApprovalsPicture['approvals'][number]): ItemFacts {
  return { kind: 'approval', approvalId, request, makerId, expiresAtMs };
}

function glassItem({ breakGlassId, personId, state, expiresAtMs, reviewDueAtMs }: ApprovalsPicture['breakGlasses'][number]): ItemFacts {
  const isOpen = state === 'open';
  return { kind: 'breakGlass', breakGlassId, personId, state: isOpen ? 'open' : 'owed', dueAtMs: isOpen ? expiresAtMs : reviewDueAtMs };
}

function noticeItem({ noticeId, accountID, level, state, dueAtMs }: Notice): ItemFacts {
  return { kind: 'notice', noticeId, accountID, level, state, dueAtMs };
}

function worklistItem({ worklistId, accountID, state, madeAtMs }: WorklistView): ItemFacts {
  return { kind: 'worklist', worklistId, accountID, state, madeAtMs };
}
