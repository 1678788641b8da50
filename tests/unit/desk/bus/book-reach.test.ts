/** Runs and incidents by the alerts that they answer: a person of one department sees those that answer nothing beyond it. */
import { describe, expect, it } from 'vitest';
import { Book } from '#engine/book/book';
import { BookReach } from '#engine/desk/bus/book-reach';

const REACH = { departments: [], controlGroups: ['G1'] };
const ENTITIES: Record<string, string> = { mine: 'controlGroup:G1', theirs: 'controlGroup:G2' };

type Runs = Record<string, { alertId?: string; incidentId?: string; parent?: string }>;

function reachOf(runs: Runs, incidents: Record<string, { alertIds: string[]; runIds: string[] }> = {}) {
  return new BookReach({
    book: () => new Book(),
    entityOfAlert: (alertId) => ENTITIES[alertId] ?? null,
    run: (runId) => {
      const run = runs[runId];
      if (run === undefined) return null;
      return {
        alertId: run.alertId ?? null,
        incidentId: run.incidentId ?? null,
        parent: run.parent === undefined ? null : { runId: run.parent, no: 1 },
      };
    },
    incident: (incidentId) => {
      const links = incidents[incidentId];
      return links === undefined ? null : { links: { ...links, mergedInto: null, mergedFrom: [] } };
    },
    accountOfWorklist: () => null,
    accountOfStatement: () => null,
    accountsOfScenario: () => [],
  });
}

describe('a run', () => {
  it.each<[string, Runs, boolean]>([
    ['that answers nothing is for everybody', { run: {} }, true],
    ['that answers an alert within', { run: { alertId: 'mine' } }, true],
    ['that answers an alert beyond', { run: { alertId: 'theirs' } }, false],
    ['whose plan is part of a run that answers one beyond', { run: { parent: 'above' }, above: { alertId: 'theirs' } }, false],
    ['of an incident about one beyond', { run: { alertId: 'mine', incidentId: 'incident' } }, false],
    ['of two that name each other, all within', { run: { parent: 'above', alertId: 'mine' }, above: { parent: 'run' } }, true],
    ['of two that name each other, one of them beyond', { run: { parent: 'above' }, above: { parent: 'run', alertId: 'theirs' } }, false],
  ])('%s', (_name, runs, isVisible) => {
    const reach = reachOf(runs, { incident: { alertIds: ['theirs'], runIds: [] } });
    expect(reach.isRunWithin('run', REACH)).toBe(isVisible);
    expect(reach.runTest(REACH)('run')).toBe(isVisible);
  });
});

describe('an incident', () => {
  it('is held to the alerts of its runs too', () => {
    const reach = reachOf({ run: { alertId: 'theirs' } }, { far: { alertIds: ['mine'], runIds: ['run'] }, near: { alertIds: ['mine'], runIds: [] } });
    expect(reach.incidentTest(REACH)('far')).toBe(false);
    expect(reach.incidentTest(REACH)('near')).toBe(true);
  });
});
