/** Puts together what is due in drills: plans, people, roles and critical steps by the rows in force, and the report of each drill that is over. */
import type { DrillData } from '#engine/desk/drills/drill-data';
import type { DrillProgramme } from '#shared/contract/drills';
import { type Deadline, deadlinesOf } from '#shared/desk/drills/deadlines';
import { programmeOf, ruleInForceAt } from '#shared/desk/drills/programme';
import type { DrillResult } from '#shared/desk/drills/result';
import { rotationOf } from '#shared/desk/drills/rotation';
import type { Plan } from '#shared/desk/plans/plan';
import type { WorkingCalendar } from '#shared/desk/reporting/rule-pack';

export type ProgrammeParts = {
  data: DrillData;
  /** Those that can be drilled here. */
  plans: () => readonly Plan[];
  /** The personIds of those who may act in a run. */
  actingPeople: () => readonly string[];
  calendars: readonly WorkingCalendar[];
};

export class DrillProgrammeRoom {
  readonly #parts: ProgrammeParts;

  constructor(parts: ProgrammeParts) {
    this.#parts = parts;
  }

  of(drills: readonly DrillResult[], nowMs: number): DrillProgramme {
    const { data, plans, actingPeople } = this.#parts;
    const rule = ruleInForceAt(data.programme, nowMs);
    const known = plans();
    const planIds = known.map(({ id }) => id);
    const reports = drills.map((drill) => ({ drillId: drill.drillId, deadlines: this.deadlines(drill, nowMs) }));
    const { citation, citationZh, certainty, effectiveFrom } = ruleInForceAt(data.reports, nowMs);
    return {
      ...programmeOf(planIds, drills, rule, nowMs),
      rotation: rotationOf(known, actingPeople(), drills, rule, nowMs),
      reports: reports.filter(({ deadlines }) => deadlines.length > 0),
      reportRule: { citation, citationZh, certainty, effectiveFrom },
    };
  }

  /** By the row that was in force when the drill ended. */
  deadlines(drill: DrillResult, nowMs: number): Deadline[] {
    return deadlinesOf(drill, ruleInForceAt(this.#parts.data.reports, drill.endedAtMs ?? nowMs), this.#parts.calendars, nowMs);
  }
}
