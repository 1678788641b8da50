/**
 * Decides who is told what and when, from what the journal has just recorded: gathers by group, keeps back what is suppressed or inhibited,
 * goes on after a restart where it had been, and records every notice with the channels it goes to.
 */
import type { SuppressionDesk } from '#engine/desk/alerts/suppression-desk';
import type { Recorder } from '#engine/desk/record';
import { readableAlertEvent } from '#engine/journal/alert-entry';
import { DELIVERY_DOCUMENTS, ONLY_ROW } from '#engine/journal/fold-delivery';
import type { StoredEntry } from '#engine/journal/journal';
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import { isOver, severityRank } from '#shared/desk/alerts/evolve';
import { inhibitorOf, isInhibitionSource, isInhibitionTarget } from '#shared/desk/alerts/inhibition';
import type { AlertPolicy } from '#shared/desk/alerts/policy';
import { isSuppressing, type Suppression } from '#shared/desk/alerts/suppression';
import { groupKeyOf, type News, newsOf } from '#shared/desk/delivery/news';
import { aboutDelivery, type Delivery, type Notice, type NoticeReason } from '#shared/desk/delivery/notice';
import type { OnDuty } from '#shared/desk/delivery/roster';
import { dropReasonOf } from '#shared/desk/delivery/wanted';

type Intent = { alertId: string; news: News; severity: Severity; atMs: number; notBeforeMs: number; sequence: number; isFromBefore: boolean };
type Group = { key: string; intents: Intent[]; dueAtMs: number };

export type NotifierParts = {
  recorder: Recorder;
  policy: AlertPolicy;
  suppressions: SuppressionDesk;
  openAlerts: () => readonly Alert[];
  alert: (alertId: string) => Alert | null;
  /** The deliveries a notice leads to; empty when nobody is to be told beyond the screen. */
  deliveriesFor: (notice: Notice, nowMs: number) => Pick<Delivery, 'deliveryId' | 'channelId' | 'target' | 'nextAttemptAtMs' | 'isQuiet'>[];
  /** Who holds the role now, and why the role as a whole is told if it is. */
  onDuty: (role: Notice['role'], severity: Severity, nowMs: number) => OnDuty;
  /** Called once a notice is on disk. */
  onTold: (notice: Notice, deliveries: readonly Delivery[]) => void;
};

/** What a notice says, but for what every notice is given when it is recorded. */
type Telling = {
  about: Omit<Notice, 'noticeId' | 'atMs' | 'mode' | 'onDuty' | 'groupSequence' | 'throughSequence'>;
  groupSequence: number;
};

const READ_AT_ONCE = 1000;
/** Notices in one commit: the thread writes nothing else meanwhile. */
const TOLD_AT_ONCE = 100;

export class Notifier {
  readonly #parts: NotifierParts;
  readonly #groups = new Map<string, Group>();
  readonly #lastTold = new Map<string, { sequence: number; atMs: number }>();
  /** Open alerts that could inhibit others: the barrier is that these are known, from disk, before anything is told. */
  readonly #sources = new Map<string, Alert>();
  /** Kept back, and looked at again until they are free or no longer wanted. */
  readonly #held = new Map<string, Alert>();
  /** Alerts whose condition is on, by rule. */
  readonly #onByRule = new Map<string, Set<string>>();
  readonly #digestAtMs = new Map<string, number>();
  #seenSequence = 0;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** Rebuilds what holds, then takes up what the journal says happened since the last notice. Nothing is told before this has ended. */
  begin(nowMs: number): void {
    const { journal } = this.#parts.recorder;
    for (const { key, body } of journal.tables.documents.all(DELIVERY_DOCUMENTS.groups))
      this.#lastTold.set(key, body as { sequence: number; atMs: number });
    const open: Alert[] = [];
    for (const alert of this.#parts.openAlerts()) {
      this.#noteState(alert, nowMs);
      open.push(alert);
    }
    for (const alert of open) if (alert.human === 'unacknowledged' && this.#wasKeptBack(alert, nowMs)) this.#held.set(alert.alertId, alert);
    const cursor = journal.tables.documents.get(DELIVERY_DOCUMENTS.cursor, ONLY_ROW) as { throughSequence: number } | undefined;
    if (cursor === undefined) {
      const throughSequence = journal.headSequence;
      this.#seenSequence = throughSequence;
      this.#parts.recorder.append([aboutDelivery({ type: 'delivery.begun', payload: { atMs: nowMs, throughSequence } })], 'engine');
      return;
    }
    this.#seenSequence = cursor.throughSequence;
    for (let after = cursor.throughSequence; ; ) {
      const entries = journal.entriesAfter(after, READ_AT_ONCE);
      const last = entries.at(-1);
      if (last === undefined) break;
      this.onEntries(entries, nowMs, true);
      after = last.sequence;
    }
  }

  /** After each commit. Alerts are read as they are after it. */
  onEntries(entries: readonly StoredEntry[], nowMs: number, isFromBefore = false): void {
    for (const entry of entries) {
      this.#seenSequence = Math.max(this.#seenSequence, entry.sequence);
      const event = readableAlertEvent(entry);
      if (event === null) continue;
      const alert = this.#parts.alert(event.payload.alertId);
      if (alert === null) continue;
      this.#noteState(alert, nowMs);
      for (const news of newsOf(event, alert)) this.#gather(alert, news, { atMs: event.payload.atMs, sequence: entry.sequence, isFromBefore }, nowMs);
    }
  }

  /** Tells what is due, in one commit. Throws a StoreError when it cannot be written: then it is told at the next call. */
  tick(nowMs: number): void {
    const due = [...this.#groups.values()].filter(({ dueAtMs }) => dueAtMs <= nowMs).sort((a, b) => a.dueAtMs - b.dueAtMs);
    for (let from = 0; from < due.length; from += TOLD_AT_ONCE) this.#tellTogether(due.slice(from, from + TOLD_AT_ONCE), nowMs);
    this.#tellDigests(nowMs);
  }

  #tellTogether(due: readonly Group[], nowMs: number): void {
    const ready = due.map((group) => this.#takeReady(group, nowMs));
    try {
      this.#record(
        ready.flatMap((group) => (group.intents.length === 0 ? [] : (this.#noticeOf(group, nowMs) ?? []))),
        nowMs,
      );
    } catch (error) {
      // What could not be written stays, before what waits and anything that came meanwhile, and is told at the next call.
      for (const group of ready) {
        const since = this.#groups.get(group.key);
        this.#groups.set(group.key, { ...group, intents: [...group.intents, ...(since?.intents ?? [])] });
      }
      throw error;
    }
    for (const { key } of ready) {
      const rest = this.#groups.get(key);
      if (rest?.intents[0] !== undefined) this.#groups.set(key, { ...rest, dueAtMs: this.#dueAtMs(key, rest.intents[0], nowMs) });
    }
  }

  /**
   * Takes out of the group what may be told now: whoever waits for the barrier waits for all of it, however long the first of its group has waited.
   * In the order in which they came, as a notice says up to where its group was told.
   */
  #takeReady(group: Group, nowMs: number): Group {
    const { settleMs } = this.#parts.policy.grouping;
    // Further away than the barrier is long: the clock was set back.
    const waits = group.intents.findIndex(({ notBeforeMs }) => notBeforeMs > nowMs && notBeforeMs <= nowMs + settleMs);
    this.#groups.delete(group.key);
    if (waits < 0) return group;
    this.#groups.set(group.key, { ...group, intents: group.intents.slice(waits) });
    return { ...group, intents: group.intents.slice(0, waits) };
  }

  /** Once a second: what was kept back and no longer is gets told. Answers whom time has to be looked at for again. */
  releaseHeld(nowMs: number): string[] {
    const released: string[] = [];
    for (const [alertId, alert] of this.#held) {
      if (alert.human !== 'unacknowledged' || isOver(alert)) {
        this.#held.delete(alertId);
      } else if (this.keptBack(alert, nowMs) === null) {
        this.#held.delete(alertId);
        released.push(alertId);
        const news: News = { reason: 'unsuppressed', role: 'desk', lateByMs: null };
        this.#gather(alert, news, { atMs: nowMs, sequence: this.#seenSequence, isFromBefore: false }, nowMs);
      }
    }
    return released;
  }

  hold(alert: Alert): void {
    this.#held.set(alert.alertId, alert);
  }

  keptBack(alert: Alert, nowMs: number): 'suppressed' | 'inhibited' | null {
    if (this.#parts.suppressions.coveringOf(alert, nowMs) !== null) return 'suppressed';
    return inhibitorOf(alert, this.#sources.values(), this.#parts.policy, nowMs) === null ? null : 'inhibited';
  }

  /** Also by what ran out while the desk was not running: its end still has to be told. */
  #wasKeptBack(alert: Alert, nowMs: number): boolean {
    const { suppressions, policy } = this.#parts;
    const atSomeTime = (suppression: Suppression): number => Math.max(suppression.startsAtMs, Math.min(nowMs, suppression.endsAtMs - 1));
    if (suppressions.live().some((suppression) => isSuppressing(suppression, alert, atSomeTime(suppression)))) return true;
    return inhibitorOf(alert, this.#sources.values(), policy, Math.min(nowMs, alert.changedAtMs)) !== null;
  }

  inhibited(limit: number, nowMs: number): { alertId: string; byAlertId: string }[] {
    const pairs: { alertId: string; byAlertId: string }[] = [];
    for (const alert of this.#held.values()) {
      if (pairs.length >= limit) break;
      const source = inhibitorOf(alert, this.#sources.values(), this.#parts.policy, nowMs);
      if (source !== null) pairs.push({ alertId: alert.alertId, byAlertId: source.alertId });
    }
    return pairs;
  }

  /** A suppression is about to end: told once, to the desk. */
  warnOfEnd(suppression: Suppression, nowMs: number): void {
    const { matcher, covers, suppressionId } = suppression;
    const ruleId = matcher.ruleId ?? matcher.kind ?? 'suppression';
    const groupKey = [suppression.mode, ruleId, covers, 'desk', 'suppression'].join('|');
    const about = { kind: matcher.kind ?? 'suppression', ruleId, entity: matcher.entity ?? '', params: {} };
    const end = { alertIds: [], alertCount: 0, lateByMs: null, suppressionId };
    const told = { reason: 'suppressionEnding' as const, severity: covers, role: 'desk' as const, groupKey, ...about, ...end };
    this.#record([{ about: told, groupSequence: this.#seenSequence }], nowMs);
  }

  #noteState(alert: Alert, nowMs: number): void {
    if (isInhibitionSource(alert, this.#parts.policy)) {
      if (alert.human === 'closed') this.#sources.delete(alert.alertId);
      else this.#sources.set(alert.alertId, alert);
    }
    if (this.#held.has(alert.alertId)) this.#held.set(alert.alertId, alert);
    const on = this.#onByRule.get(alert.ruleId) ?? new Set();
    if (isOver(alert) || alert.human === 'closed') on.delete(alert.alertId);
    else this.#onByRule.set(alert.ruleId, on.add(alert.alertId));
    if (alert.condition !== 'flapping' || alert.human === 'closed') this.#digestAtMs.delete(alert.alertId);
    else if (!this.#digestAtMs.has(alert.alertId)) this.#digestAtMs.set(alert.alertId, nowMs + this.#parts.policy.flapping.digestEveryMs);
  }

  #gather(alert: Alert, news: News, at: { atMs: number; sequence: number; isFromBefore: boolean }, nowMs: number): void {
    const { grouping } = this.#parts.policy;
    const key = groupKeyOf(alert, alert.severity, news);
    const told = this.#lastTold.get(key);
    if (at.isFromBefore && told !== undefined && at.sequence <= told.sequence) return;
    // What another alert may inhibit waits a moment for it; what it would inhibit was never sent.
    const mayBeInhibited = news.reason !== 'unsuppressed' && isInhibitionTarget(alert, this.#parts.policy);
    const notBeforeMs = mayBeInhibited ? nowMs + grouping.settleMs : nowMs;
    const intent: Intent = { alertId: alert.alertId, news, severity: alert.severity, notBeforeMs, ...at };
    const group = this.#groups.get(key);
    if (group !== undefined) {
      group.intents.push(intent);
      return;
    }
    this.#groups.set(key, { key, intents: [intent], dueAtMs: this.#dueAtMs(key, intent, nowMs) });
  }

  /** When a group that begins with this is told. A clock that was set back must not keep it silent for hours. */
  #dueAtMs(key: string, { severity, notBeforeMs }: Intent, nowMs: number): number {
    const { intervalMs, settleMs } = this.#parts.policy.grouping;
    const told = this.#lastTold.get(key);
    const dueAtMs = Math.max(notBeforeMs, told === undefined ? 0 : told.atMs + intervalMs[severity]);
    return Math.min(dueAtMs, nowMs + Math.max(intervalMs[severity], settleMs));
  }

  /** Null: nobody wants to be told of any of it (any more). */
  #noticeOf(group: Group, nowMs: number): Telling | null {
    const { policy, alert: alertOf } = this.#parts;
    const isEnd = group.key.endsWith('|end');
    const wanted = new Map<string, { alert: Alert; intent: Intent }>();
    for (const intent of group.intents) {
      const alert = alertOf(intent.alertId);
      if (alert === null) continue;
      const dropped = dropReasonOf(
        { reason: intent.news.reason, atMs: intent.atMs },
        [alert],
        (each) => this.keptBack(each, nowMs),
        nowMs,
        policy.escalation.maxAgeMs,
      );
      const keptBack = isEnd ? this.keptBack(alert, nowMs) : dropped;
      if (keptBack === 'suppressed' || keptBack === 'inhibited') {
        if (!isEnd) this.#held.set(alert.alertId, alert);
        continue;
      }
      if (dropped !== null || (isEnd && !isOver(alert))) continue;
      const known = wanted.get(alert.alertId);
      if (known === undefined || rankOf(intent.news.reason) < rankOf(known.intent.news.reason)) wanted.set(alert.alertId, { alert, intent });
    }
    if (wanted.size === 0) return null;
    const told = [...wanted.values()].sort(
      (a, b) => severityRank(a.alert.severity) - severityRank(b.alert.severity) || b.alert.changedAtMs - a.alert.changedAtMs,
    );
    const first = told[0];
    if (first === undefined) return null;
    const oldestMs = Math.min(...told.map(({ intent }) => intent.atMs));
    const isLate = told.some(({ intent }) => intent.isFromBefore) && nowMs - oldestMs > policy.escalation.lateAfterMs;
    const lateOfStep = Math.max(0, ...told.map(({ intent }) => intent.news.lateByMs ?? 0));
    const lateByMs = isLate ? nowMs - oldestMs : lateOfStep > 0 ? lateOfStep : null;
    const { alert, intent } = first;
    return {
      about: {
        reason: this.#reasonFor(group, intent, told.length, isLate, nowMs),
        severity: alert.severity,
        role: intent.news.role,
        groupKey: group.key,
        kind: alert.kind,
        ruleId: alert.ruleId,
        entity: alert.entity,
        params: withoutTitle(alert.reason.params),
        alertIds: told.slice(0, policy.grouping.namedAtMost).map((each) => each.alert.alertId),
        alertCount: told.length,
        lateByMs,
        suppressionId: null,
      },
      groupSequence: Math.max(...group.intents.map(({ sequence }) => sequence)),
    };
  }

  #reasonFor(group: Group, intent: Intent, count: number, isLate: boolean, nowMs: number): NoticeReason {
    const { reason } = intent.news;
    if (reason === 'allClear') return this.#isRuleOver(intent.alertId) ? 'allClear' : 'partialClear';
    if (isLate) return 'lateAfterResume';
    const told = this.#lastTold.get(group.key);
    const isOneMore = told !== undefined && nowMs - told.atMs < this.#parts.policy.grouping.memoryMs;
    return reason === 'first' && (isOneMore || count > 1) ? 'newInGroup' : reason;
  }

  /** Whether nothing of the same rule is on any more. */
  #isRuleOver(alertId: string): boolean {
    const alert = this.#parts.alert(alertId);
    return alert === null || (this.#onByRule.get(alert.ruleId)?.size ?? 0) === 0;
  }

  #tellDigests(nowMs: number): void {
    for (const [alertId, dueAtMs] of this.#digestAtMs) {
      if (nowMs < dueAtMs) continue;
      this.#digestAtMs.set(alertId, nowMs + this.#parts.policy.flapping.digestEveryMs);
      const alert = this.#parts.alert(alertId);
      if (alert === null || alert.condition !== 'flapping' || alert.human !== 'unacknowledged') continue;
      const news: News = { reason: 'flapDigest', role: 'desk', lateByMs: null };
      this.#gather(alert, news, { atMs: nowMs, sequence: this.#seenSequence, isFromBefore: false }, nowMs);
    }
  }

  /** One commit for all of them; nobody hears of any before it. */
  #record(tellings: readonly Telling[], nowMs: number): void {
    if (tellings.length === 0) return;
    const { recorder, deliveriesFor, onDuty, onTold } = this.#parts;
    const { newId } = recorder.context('engine');
    const throughSequence = this.#throughSequence();
    const told = tellings.map(({ about, groupSequence }) => {
      const duty = onDuty(about.role, about.severity, nowMs);
      const notice: Notice = { ...about, onDuty: duty, noticeId: newId(), atMs: nowMs, mode: recorder.mode, groupSequence, throughSequence };
      return { notice, queued: deliveriesFor(notice, nowMs) };
    });
    recorder.append(
      told.map(({ notice, queued }) => aboutDelivery({ type: 'delivery.told', payload: { atMs: nowMs, notice, deliveries: queued } })),
      'engine',
    );
    for (const { notice } of told) this.#lastTold.set(notice.groupKey, { sequence: notice.groupSequence, atMs: nowMs });
    for (const { notice, queued } of told) {
      const deliveries = queued.map(
        (each): Delivery => ({ ...each, noticeId: notice.noticeId, state: 'queued', queuedAtMs: nowMs, attempts: [], droppedBecause: null }),
      );
      onTold(notice, deliveries);
    }
  }

  /** Everything up to here has been told or needs no telling; what groups still gather begins after it. */
  #throughSequence(): number {
    let through = this.#seenSequence;
    for (const group of this.#groups.values()) {
      for (const { sequence } of group.intents) through = Math.min(through, sequence - 1);
    }
    return Math.max(0, through);
  }
}

/** Of several pieces of news about one alert the one that says most. */
const RANK: readonly NoticeReason[] = [
  'escalated',
  'severityUp',
  'ackExpired',
  'flapping',
  'first',
  'cameBack',
  'worseValue',
  'dataLost',
  'unsuppressed',
  'flapDigest',
  'handedOver',
  'allClear',
];

function rankOf(reason: NoticeReason): number {
  const rank = RANK.indexOf(reason);
  return rank < 0 ? RANK.length : rank;
}

/** Whoever is told of an alert about an incident reads its title in the alert: a copy of its own would outlive the key of a client whom it names. */
function withoutTitle({ incident: _title, ...params }: Notice['params']): Notice['params'] {
  return params;
}
