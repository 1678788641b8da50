/** Random histories of one condition: signals, people, suppressions and time in any order, judged after every step by what must always hold. */
import { createRandom } from '#demo/random';
import { bundledAlertPolicy } from '#engine/desk/alerts/alert-policy';
import { type Alert, type AlertReason, alertSchema, type Severity, severitySchema } from '#shared/desk/alerts/alert';
import { decideClock } from '#shared/desk/alerts/clock';
import { type AlertCommand, closingNeeds, decideAlert, decideSignal, isTakenOn } from '#shared/desk/alerts/decide';
import { type AlertEvent, alertEventSchema, dispositionSchema } from '#shared/desk/alerts/events';
import { evolveAlert, isOver, severityRank } from '#shared/desk/alerts/evolve';
import {
  decideSuppress,
  decideSuppressionClock,
  decideWake,
  evolveSuppression,
  isSuppressing,
  type Suppression,
  type SuppressionEvent,
  suppressionEventSchema,
} from '#shared/desk/alerts/suppression';
import { isRefusal } from '#shared/desk/decision';
import { newsOf } from '#shared/desk/delivery/news';

const policy = bundledAlertPolicy;
const START_MS = Date.UTC(2026, 8, 21, 1);
const KEY = 'a'.repeat(32);
const PEOPLE = ['p-li', 'p-wang'];
const SECOND = { personId: 'p-zhao', sessionId: 's', keyId: 'k', signature: 'x' };
const SIGNALS = ['raised', 'changed', 'cleared', 'unknown'] as const;
const READ_AS = { on: 'active', off: 'cleared', unknown: 'unknown' } as const;
/** Mostly short steps; now and then a clock that is set back, a night, a month. */
const STEPS_MS = [100, 1000, 5000, 31_000, 61_000, 300_000, 1_000_000, -4_000, 8 * 3_600_000, 31 * 86_400_000];

type Fault = { seed: number; step: number; what: string };
export type SequenceOutcome = {
  steps: number;
  events: number;
  alerts: number;
  flapped: number;
  escalated: number;
  closed: number;
  risen: number;
  latched: number;
  faults: Fault[];
};

export function runAlertSequence(seed: number, length: number): SequenceOutcome {
  const random = createRandom(seed);
  const outcome: SequenceOutcome = { steps: 0, events: 0, alerts: 0, flapped: 0, escalated: 0, closed: 0, risen: 0, latched: 0, faults: [] };
  const alerts = new Map<string, Alert>();
  let suppressions: Suppression[] = [];
  let nowMs = START_MS;
  let ids = 0;
  let sequence = 0;
  let step = 0;
  /** The rule of this history wants a person to have seen its ends, or takes that back now and then. */
  const latchShare = [0, 1, 0.5][seed % 3] ?? 0;
  const firedSteps = new Map<string, Set<number>>();
  const fault = (what: string): void => void outcome.faults.push({ seed, step, what });
  const pick = <Item>(items: readonly Item[]): Item => items[random.int(0, items.length - 1)] as Item;
  const newId = (): string => `01996b1c-0000-7000-8000-${String(++ids).padStart(12, '0')}`;
  const openAlert = (): Alert | null => [...alerts.values()].find(({ human }) => human !== 'closed') ?? null;

  function foldSuppression(events: readonly SuppressionEvent[], actor: string): void {
    for (const event of events) {
      const parsed = suppressionEventSchema.parse(JSON.parse(JSON.stringify({ type: event.type, payload: event.payload })));
      const id = parsed.payload.suppressionId;
      const folded = evolveSuppression(suppressions.find((each) => each.suppressionId === id) ?? null, parsed, { actor, mode: 'live', sequence });
      if (folded !== null) suppressions = [...suppressions.filter((each) => each.suppressionId !== id), folded];
    }
  }

  function fold(events: readonly AlertEvent[], actor: string, isSignal: boolean): void {
    for (const event of events) {
      sequence += 1;
      outcome.events += 1;
      const parsed = alertEventSchema.parse(JSON.parse(JSON.stringify({ type: event.type, payload: event.payload })));
      const before = alerts.get(event.payload.alertId) ?? null;
      const after = evolveAlert(before, parsed, { actor, mode: 'live', sequence });
      if (after === null) {
        fault(`${event.type} of an unknown alert`);
        continue;
      }
      alerts.set(after.alertId, after);
      judge(before, after, parsed, isSignal);
      if (before !== null)
        foldSuppression(
          suppressions.flatMap((each) => decideWake(each, before, after, nowMs)),
          'engine',
        );
    }
  }

  function judge(before: Alert | null, after: Alert, event: ReturnType<typeof alertEventSchema.parse>, isSignal: boolean): void {
    if (!alertSchema.safeParse(after).success) fault(`not an alert any more after ${event.type}`);
    if ([...alerts.values()].filter(({ human }) => human !== 'closed').length > 1) fault('two open alerts of one key');
    if (after.human === 'unacknowledged' && (after.acknowledgedBy !== null || after.ackExpiresAtMs !== null))
      fault('not taken on, and yet somebody has it');
    if (isTakenOn(after) && (after.acknowledgedBy === null || after.owner === null)) fault('taken on by nobody');
    if (isTakenOn(after) && (after.human === 'toClose') !== (after.condition === 'cleared')) fault(`${after.human} while ${after.condition}`);
    if (severityRank(after.severityMax) > severityRank(after.severity)) fault('the worst severity is milder than the present one');
    // The acknowledgement's own end follows in the same commit.
    if (after.isLatched && ((after.human !== 'unacknowledged' && event.type !== 'alert.acknowledged') || after.reading !== 'off'))
      fault('held on for a person who has seen it, or although it is on');
    if (after.condition !== 'flapping' && after.condition !== (after.isLatched ? 'active' : READ_AS[after.reading]))
      fault('the condition is not what was read');
    if (after.flap !== null && !(after.flap.percent >= 0 && after.flap.percent <= 100)) fault(`flap share ${after.flap.percent}`);
    if (isTakenOn(after) && after.escalation?.nextFireAtMs != null) fault('the ladder goes on although somebody has taken it on');
    if (isOver(after) && after.condition !== 'flapping' && after.escalation?.nextFireAtMs != null) fault('the ladder goes on although it is over');
    if (isForgotten(after)) fault(`${event.type}: ${after.severity}, on and not taken on, and nobody will ever be called`);
    if (before === null) {
      if (event.type !== 'alert.raised') fault(`began with ${event.type}`);
      outcome.alerts += 1;
      // The first notice is never lost: nothing but a suppression can keep it back.
      if (newsOf(event, after)[0]?.reason !== 'first') fault('raised, and nobody is told');
      return;
    }
    if (before.human === 'closed' && after.human !== 'closed') fault('a closed alert opened again');
    if (after.condition === 'cleared' && before.condition !== 'cleared' && event.type !== 'alert.cleared' && event.type !== 'alert.flappingEnded')
      fault(`cleared by ${event.type}`);
    if (event.type === 'alert.cleared') judgeEnd(before, after, event.payload.isLatched === true);
    if (event.type === 'alert.dataLost' && after.reading !== 'unknown') fault('lost data is not unknown');
    if (after.condition === 'flapping' && before.condition !== 'flapping') {
      outcome.flapped += 1;
      if ((before.flap?.percent ?? 0) < policy.flapping.enterPercent) fault('flaps below its threshold');
    }
    if (isSignal) judgeSignal(before, after);
    if (event.type === 'alert.reraised' && before.condition !== 'flapping' && after.human !== 'unacknowledged' && after.human !== 'closed')
      fault('came back, and still counts as seen');
    if (severityRank(after.severity) < severityRank(before.severity)) {
      outcome.risen += 1;
      if (after.human !== 'unacknowledged') fault(`${event.type}: got graver, and still counts as seen`);
      if (newsOf(event, after).length === 0) fault(`${event.type}: got graver, and nobody is told`);
    }
    if (event.type === 'alert.widened') {
      if (after.human !== 'unacknowledged') fault('concerns more, and still counts as seen');
      if (newsOf(event, after).length === 0) fault('concerns more, and nobody is told');
    }
    if (event.type === 'alert.escalated')
      judgeEscalation(
        before,
        event.payload.steps.map((each) => each.step),
      );
    if (event.type === 'alert.closed') {
      outcome.closed += 1;
      const needs = closingNeeds(before, event.payload.disposition);
      if (needs.obstacle !== null) fault(`closed although ${needs.obstacle}`);
      if (needs.secondPerson && event.payload.confirmedBy === undefined) fault('closed by one person where two are needed');
    }
  }

  /** What its rule latches ends for nobody until it is acknowledged, and then at once. */
  function judgeEnd(before: Alert, after: Alert, isLatched: boolean): void {
    if (isLatched !== after.isLatched) fault('an end was not taken as it was meant');
    if (!isLatched) return;
    outcome.latched += 1;
    if (before.human !== 'unacknowledged') fault('held on although somebody had taken it on');
    if (before.condition !== 'flapping' && after.condition !== 'active') fault('latched, and yet over');
    if (before.escalation?.nextFireAtMs != null && after.escalation?.nextFireAtMs == null) fault('latched, and nobody is called any more');
  }

  function judgeSignal(before: Alert, after: Alert): void {
    if (after.notes !== before.notes && JSON.stringify(after.notes) !== JSON.stringify(before.notes)) fault('a signal touched the notes');
    if (after.owner !== before.owner) fault('a signal touched the owner');
    if (JSON.stringify(after.runIds) !== JSON.stringify(before.runIds)) fault('a signal touched the runs');
    if (after.human === 'closed' && before.human !== 'closed') fault('a signal closed an alert');
    if (!isTakenOn(before) && isTakenOn(after)) fault('a signal took an alert on');
    if (after.episode < before.episode || after.occurrences < before.occurrences) fault('an episode was lost');
  }

  function judgeEscalation(before: Alert, steps: readonly number[]): void {
    outcome.escalated += 1;
    if (before.human !== 'unacknowledged') fault(`paged about what is ${before.human}`);
    if (isOver(before)) fault('paged about what is over');
    const key = `${before.alertId} ${before.escalation?.sinceMs} ${before.severity} ${before.occurrences}`;
    const fired = firedSteps.get(key) ?? new Set();
    for (const each of steps) {
      if (fired.has(each)) fault(`step ${each} fired twice`);
      fired.add(each);
    }
    firedSteps.set(key, fired);
  }

  function signal(): void {
    const open = openAlert();
    const severity = pick<Severity>(severitySchema.options);
    const about = { dedupKey: KEY, ruleId: 'risk-level', kind: 'riskLevel', entity: 'account:A1', dimensions: {}, planIds: [] };
    const events = decideSignal(
      open,
      {
        ...about,
        ...(random.chance(latchShare) ? { isLatched: true } : {}),
        ...(random.chance(0.3) ? { isFurther: true } : {}),
        transition: pick(SIGNALS),
        severity,
        atMs: nowMs,
        reason: reasonOf(severity, nowMs),
      },
      { nowMs, newId, actor: 'watch' },
      policy,
    );
    fold(events, 'watch', true);
  }

  function command(): void {
    const open = openAlert();
    if (open === null) return;
    const actor = pick(PEOPLE);
    const note = `note ${step}`;
    const disposition = pick(dispositionSchema.options);
    const commands: AlertCommand[] = [
      { type: 'acknowledge', note },
      { type: 'acknowledge', note },
      { type: 'note', note },
      { type: 'linkRun', runId: newId() },
      { type: 'handOver', to: pick(PEOPLE), note },
      { type: 'close', disposition, note },
      { type: 'close', disposition, note, confirmedBy: SECOND },
    ];
    const decision = decideAlert(open, pick(commands), { nowMs, newId, actor }, policy);
    if (isRefusal(decision)) return;
    fold(decision, actor, false);
    const seen = alerts.get(open.alertId);
    if (open.isLatched && seen?.human !== 'unacknowledged' && (seen?.isLatched === true || seen?.condition === 'active'))
      fault('seen, and still held on');
  }

  function suppress(): void {
    const open = openAlert();
    const covers = pick<Severity>(severitySchema.options);
    const durationMs = random.int(1, 120) * 60_000;
    const matcher = open === null ? { ruleId: 'risk-level' } : pick([{ dedupKey: KEY }, { ruleId: 'risk-level' }, { entity: 'account:A1' }]);
    const kind = pick(['shelvedTimed', 'shelvedOneShot', 'outOfService'] as const);
    const decision = decideSuppress(
      { kind, matcher, covers, durationMs, window: null, reasonCode: 'testing', note: 'n', ticket: '' },
      { nowMs, newId, actor: 'p-li' },
      policy,
    );
    if (isRefusal(decision)) {
      if (durationMs <= policy.shelving.atMostMs[covers] && (kind !== 'shelvedOneShot' || 'dedupKey' in matcher))
        fault('a suppression within its limits was refused');
      return;
    }
    if (durationMs > policy.shelving.atMostMs[covers]) fault('a suppression beyond its limit was accepted');
    foldSuppression(decision, 'p-li');
  }

  for (; step < length; step += 1) {
    const chance = random.next();
    if (chance < 0.45) signal();
    else if (chance < 0.7) command();
    else if (chance < 0.78) suppress();
    else nowMs += pick(STEPS_MS);
    const open = openAlert();
    if (open !== null) fold(decideClock(open, nowMs, policy), 'engine', false);
    foldSuppression(
      suppressions.flatMap((each) => decideSuppressionClock(each, nowMs, policy)),
      'engine',
    );
    for (const each of suppressions) {
      if (each.ended === null && nowMs >= each.endsAtMs) fault('a suppression outlived its end');
      if (open !== null && isSuppressing(each, open, nowMs) && severityRank(open.severity) < severityRank(each.covers))
        fault('a suppression covers what is graver than it may');
    }
    outcome.steps += 1;
  }
  return outcome;
}

/** What is grave and on and nobody's has a time at which the next person is called, until everybody has been. */
function isForgotten(alert: Alert): boolean {
  const { human, severity, escalation } = alert;
  if (human !== 'unacknowledged' || isOver(alert) || (severity !== 'critical' && severity !== 'high')) return false;
  return escalation === null || (escalation.nextFireAtMs === null && escalation.nextStep < policy.escalation.ladder[severity].length);
}

function reasonOf(severity: Severity, atMs: number): AlertReason {
  const figures = { metric: 'riskDegree', value: 1.02, enterThreshold: 1, exitThreshold: 0.97 };
  return {
    ruleId: 'risk-level',
    ruleVersion: 1,
    ...figures,
    thresholdCitation: 'test',
    thresholdCertainty: 'demonstration',
    observedAtMs: atMs,
    params: { level: severity },
  };
}
