/** Saved scenarios: every change a version, names one each, what the product brings along untouched. */
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#shared/desk/decision';
import { decideScenario, type ScenarioCommand } from '#shared/desk/scenarios/decide';
import { evolveScenario, type SavedScenario } from '#shared/desk/scenarios/scenario';

const CONTEXT = { nowMs: 5, newId: () => 's1', actor: 'li.wei' };
const OTHERS = { names: ['Limit up'], bundledIds: new Set(['bundled-limit-up']) };
const DRAFT = { name: 'Monday', price: { type: 'percent' as const, percent: -5 }, marginOverrides: [], cash: [], closes: [] };

function run(before: SavedScenario | null, command: ScenarioCommand): SavedScenario | null | string {
  const decision = decideScenario(before, command, OTHERS, CONTEXT);
  if (isRefusal(decision)) return decision.code;
  return decision.reduce<SavedScenario | null>(
    (state, event) => evolveScenario(state, event, { actor: 'li.wei', mode: 'live', sequence: 1 }),
    before,
  );
}
function saved(): SavedScenario {
  const scenario = run(null, { type: 'save', draft: DRAFT, note: 'first' });
  if (scenario === null || typeof scenario === 'string') throw new Error('a scenario can be saved');
  return scenario;
}

describe('a saved scenario', () => {
  it('gets a version with every change and keeps the ones before', () => {
    const next = run(saved(), { type: 'save', draft: { ...DRAFT, scenarioId: 's1', price: { type: 'latest' } }, note: '' });
    expect(next).toMatchObject({ versions: [{ scenario: { version: 2 } }, { scenario: { version: 1 }, note: 'first', savedBy: 'li.wei' }] });
  });

  it('leaves no entry when nothing changed', () => {
    const before = saved();
    expect(run(before, { type: 'save', draft: { ...DRAFT, scenarioId: 's1' }, note: 'again' })).toBe(before);
  });

  it('is refused under a name in use, an id nobody knows, or one of the product', () => {
    expect(run(null, { type: 'save', draft: { ...DRAFT, name: 'Limit up' }, note: '' })).toBe('CONFLICT');
    expect(run(null, { type: 'save', draft: { ...DRAFT, scenarioId: 'nobody' }, note: '' })).toBe('UNKNOWN');
    expect(run(null, { type: 'remove', scenarioId: 'bundled-limit-up', reason: 'x' })).toBe('CONFLICT');
  });

  it('once removed is gone, and its version numbers are not given again', () => {
    const removed = run(saved(), { type: 'remove', scenarioId: 's1', reason: 'done' });
    if (removed === null || typeof removed === 'string') throw new Error('it can be removed');
    expect(removed.isRemoved).toBe(true);
    expect(run(removed, { type: 'save', draft: { ...DRAFT, scenarioId: 's1' }, note: '' })).toBe('UNKNOWN');
  });
});
