/** Raises an alert when a duty to report comes due and again when it is overdue, and clears it when the report is on record: nobody has to look at the incident to be told. */
import type { IncidentDesk, OpenDue } from '#engine/desk/incidents/incident-desk';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import type { Severity } from '#shared/desk/alerts/alert';
import type { ReportAlarm } from '#shared/desk/reporting/rule-pack';

const RULE_ID = 'report-duty';
const KIND = 'reportDue';
const RULE_VERSION = 1;

type Raised = { severity: Severity; last: Condition };

export class ReportClock {
  readonly #desk: Pick<IncidentDesk, 'openDues'>;
  readonly #alarm: ReportAlarm;
  readonly #raised = new Map<string, Raised>();

  /** `open`: what was raised before a restart and is still on, so that nothing is raised twice and everything can be cleared. */
  constructor(desk: Pick<IncidentDesk, 'openDues'>, alarm: ReportAlarm, open: readonly OpenCondition[]) {
    this.#desk = desk;
    this.#alarm = alarm;
    for (const condition of open) {
      if (condition.ruleId !== RULE_ID) continue;
      const { severity, state: _state, ...rest } = condition;
      this.#raised.set(keyOf(rest.entity, rest.dimensions.duty ?? ''), {
        severity,
        last: { ...rest, severity, transition: 'raised', atMs: condition.reason.observedAtMs },
      });
    }
  }

  /** What has changed by `nowMs`; a clock set back changes nothing that was said. */
  tick(nowMs: number): Condition[] {
    const conditions: Condition[] = [];
    const seen = new Set<string>();
    for (const due of this.#desk.openDues()) {
      const leftMs = due.dueAtMs - nowMs;
      if (leftMs > this.#alarm.dueSoonMinutes * 60_000) continue;
      const entity = `incident:${due.incident.incidentId}`;
      const key = keyOf(entity, due.duty.dutyId);
      seen.add(key);
      const severity: Severity = leftMs < 0 ? 'critical' : 'high';
      const before = this.#raised.get(key);
      if (
        before?.severity === severity ||
        (before?.severity === 'critical' && severity === 'high' && before.last.reason.params.dueAtMs === due.dueAtMs)
      )
        continue;
      const condition = this.#conditionOf(due, entity, severity, before === undefined ? 'raised' : 'changed', nowMs);
      this.#raised.set(key, { severity, last: condition });
      conditions.push(condition);
    }
    for (const [key, { last }] of this.#raised) {
      if (seen.has(key)) continue;
      this.#raised.delete(key);
      conditions.push({ ...last, transition: 'cleared', atMs: nowMs });
    }
    return conditions;
  }

  #conditionOf({ incident, duty, dueAtMs }: OpenDue, entity: string, severity: Severity, transition: 'raised' | 'changed', nowMs: number): Condition {
    const { rule } = duty;
    return {
      transition,
      ruleId: RULE_ID,
      kind: KIND,
      entity,
      dimensions: { duty: duty.dutyId },
      severity,
      atMs: nowMs,
      reason: {
        ruleId: RULE_ID,
        ruleVersion: RULE_VERSION,
        metric: 'minutesLeft',
        value: Math.round((dueAtMs - nowMs) / 6_000) / 10,
        enterThreshold: severity === 'critical' ? 0 : this.#alarm.dueSoonMinutes,
        exitThreshold: null,
        thresholdCitation: severity === 'critical' ? `${rule.instrument.en} ${rule.article}` : this.#alarm.citation,
        thresholdCertainty: severity === 'critical' ? rule.certainty : this.#alarm.certainty,
        observedAtMs: nowMs,
        params: {
          level: severity === 'critical' ? 'overdue' : 'dueSoon',
          incident: incident.title,
          duty: rule.title.en,
          dutyZh: rule.title.zh,
          dueAtMs,
        },
      },
    };
  }
}

function keyOf(entity: string, dutyId: string): string {
  return `${entity} ${dutyId}`;
}
