/** Whose turn it is: nobody counts as practised who only led or judged, nothing broken off counts, and a critical step is reached only by being done. */
import { describe, expect, it } from 'vitest';
import { loadDrills } from '#engine/desk/drills/drill-data';
import { findResourcesFolder } from '#engine/resources';
import { ruleInForceAt } from '#shared/desk/drills/programme';
import { type RotationDrill, rotationOf } from '#shared/desk/drills/rotation';
import { bundledPlans } from '#tests/helpers/plan-run';

const DAY_MS = 86_400_000;
const nowMs = Date.UTC(2026, 11, 1);
const rule = ruleInForceAt(loadDrills(findResourcesFolder()).programme, nowMs);
const plans = bundledPlans.library.plans;
const drill = (change: Partial<RotationDrill>): RotationDrill => ({
  ...{ planId: 'EP-01', type: 'functional', endedAtMs: nowMs - 30 * DAY_MS, isAborted: false, hasLeaked: false, steps: [] },
  taken: [
    { personId: 'p-a', part: 'player', roles: ['IC', 'TRD'] },
    { personId: 'p-b', part: 'player', roles: [] },
    { personId: 'p-c', part: 'controller', roles: [] },
  ],
  ...change,
});
const turns = (...drills: RotationDrill[]) => rotationOf(plans, ['p-a', 'p-b', 'p-c', 'p-d'], drills, rule, nowMs);
const overdue = (list: readonly { isOverdue: boolean; personId?: string; role?: string }[]) =>
  list.flatMap(({ isOverdue, personId, role }) => (isOverdue ? [personId ?? role] : []));

describe('the rotation', () => {
  it('names who has not played this year, first, and what the others held', () => {
    const { people } = turns(drill({}));
    expect(overdue(people)).toEqual(['p-c', 'p-d']);
    expect(people.map(({ personId }) => personId).slice(0, 2)).toEqual(['p-c', 'p-d']);
    expect(people.find(({ personId }) => personId === 'p-a')).toMatchObject({ roles: ['IC', 'TRD'], lastAtMs: nowMs - 30 * DAY_MS });
  });

  it('runs out after a year, to the day', () => {
    expect(overdue(turns(drill({ endedAtMs: nowMs - rule.personEveryDays * DAY_MS })).people)).toContain('p-a');
    expect(overdue(turns(drill({ endedAtMs: nowMs - rule.personEveryDays * DAY_MS + 1 })).people)).not.toContain('p-a');
  });

  it('names the roles that nobody practised, and by whom the others were', () => {
    const { roles } = turns(drill({}));
    const known = [...new Set(plans.flatMap(({ steps }) => steps.map(({ role }) => role)))];
    expect([...overdue(roles)].sort()).toEqual(known.filter((role) => role !== 'IC' && role !== 'TRD').sort());
    expect(roles.find(({ role }) => role === 'IC')?.people).toEqual(['p-a']);
  });

  it('takes nothing from a drill that was broken off, that leaked, or that goes on', () => {
    for (const change of [{ isAborted: true }, { hasLeaked: true }, { endedAtMs: null }]) {
      const { people, roles, plans: rows } = turns(drill({ ...change, steps: [1, 2] }));
      expect(overdue(people)).toHaveLength(4);
      expect(overdue(roles)).toHaveLength(roles.length);
      expect(rows.every(({ criticalCount, missing }) => missing.length === criticalCount)).toBe(true);
    }
  });

  it('reaches a critical step of a plan only where a drill of it did the step, within the years', () => {
    const rowOf = (...drills: RotationDrill[]) => turns(...drills).plans.find(({ planId }) => planId === 'EP-01');
    const critical = rowOf()?.missing ?? [];
    const [first = 0] = critical;
    expect(critical).toContain(2);
    expect(rowOf(drill({ steps: [first] }))?.missing).toEqual(critical.slice(1));
    expect(rowOf(drill({ steps: [first], planId: 'EP-02' }))?.missing).toEqual(critical);
    expect(rowOf(drill({ steps: [first], endedAtMs: nowMs - (rule.rotationYears * 365 + 1) * DAY_MS }))?.missing).toEqual(critical);
    // Every plan has something that must be reached.
    expect(turns().plans.filter(({ criticalCount }) => criticalCount === 0)).toEqual([]);
  });
});
