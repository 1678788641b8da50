/** The year's programme: what was never done is due, what was done falls due again by the dated row, and a broken-off drill counts for nothing. */
import { describe, expect, it } from 'vitest';
import { loadDrills } from '#engine/desk/drills/drill-data';
import { findResourcesFolder } from '#engine/resources';
import { type ProgrammeDrill, programmeOf, ruleInForceAt } from '#shared/desk/drills/programme';

const { programme } = loadDrills(findResourcesFolder());
const nowMs = Date.UTC(2026, 11, 1);
const DAY_MS = 86_400_000;
const rule = ruleInForceAt(programme, nowMs);

function drill(change: Partial<ProgrammeDrill>): ProgrammeDrill {
  return {
    ...{
      planId: 'EP-01',
      type: 'functional',
      isAnnounced: true,
      state: 'closed',
      endedAtMs: nowMs - 30 * DAY_MS,
      plannedAtMs: null,
      improvements: [],
    },
    ...{ isAborted: false, hasLeaked: false, index: { kind: 'scored', index: 88, band: 'readyWithActions', cappedBy: [] } },
    ...change,
  };
}

function rowOf(planId: string, drills: readonly ProgrammeDrill[]) {
  const row = programmeOf(['EP-01', 'EP-02', 'EP-09'], drills, rule, nowMs).rows.find((each) => each.planId === planId);
  if (row === undefined) throw new Error(`no row of ${planId}`);
  return row;
}

describe('the programme', () => {
  it('says that a plan nobody has drilled is due, and puts it first', () => {
    const { rows, unannounced } = programmeOf(['EP-01', 'EP-09'], [drill({}), drill({ type: 'tabletop' })], rule, nowMs);
    expect(rows.map(({ planId }) => planId)).toEqual(['EP-09', 'EP-01']);
    expect(rows[0]).toMatchObject({ live: { lastAtMs: null, isOverdue: true }, tabletop: { isOverdue: true }, lastIndex: null });
    expect(rows[1]).toMatchObject({ live: { isOverdue: false }, tabletop: { isOverdue: false } });
    expect(unannounced).toMatchObject({ lastAtMs: null, isOverdue: true });
  });

  it('has what protects clients and the market drilled twice as often', () => {
    const halfAYearAgo = nowMs - 200 * DAY_MS;
    expect(rowOf('EP-01', [drill({ endedAtMs: halfAYearAgo })]).live.isOverdue).toBe(false);
    expect(rowOf('EP-02', [drill({ planId: 'EP-02', endedAtMs: halfAYearAgo })]).live.isOverdue).toBe(true);
  });

  it('does not take a drill at the table for one that was carried out, nor one that was broken off or leaked for either', () => {
    expect(rowOf('EP-01', [drill({ type: 'tabletop' })]).live.lastAtMs).toBeNull();
    expect(rowOf('EP-01', [drill({ isAborted: true }), drill({ hasLeaked: true })]).live.lastAtMs).toBeNull();
  });

  it('shows what is planned, the newest result, and improvements past their date', () => {
    const open = { actionId: 'a', taskId: 't', text: 'x', owner: 'o', kind: 'plan' as const, closedBy: null };
    const row = rowOf('EP-01', [
      drill({ endedAtMs: nowMs - 90 * DAY_MS, index: { kind: 'scored', index: 40, band: 'suspended', cappedBy: [] } }),
      drill({
        improvements: [
          { ...open, dueDate: '2026-11-01' },
          { ...open, actionId: 'b', dueDate: '2027-01-01' },
        ],
      }),
      drill({ state: 'scheduled', endedAtMs: null, plannedAtMs: nowMs + DAY_MS, index: { kind: 'unfinished' } }),
    ]);
    expect(row).toMatchObject({ openImprovementCount: 2, overdueImprovementCount: 1, lastIndex: { index: 88 } });
    expect(row.live.plannedAtMs).toBe(nowMs + DAY_MS);
  });
});
