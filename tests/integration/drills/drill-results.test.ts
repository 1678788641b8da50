/** What the firm's own desk keeps of its drills is shown even where one of them cannot be read. */
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DrillResults } from '#engine/desk/drills/drill-results';
import { Recorder } from '#engine/desk/record';
import { type DrillResult, drillResultSchema } from '#shared/desk/drills/result';
import { openDesk, START_MS, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const resultAt = (endedAtMs: number): DrillResult =>
  drillResultSchema.parse({
    ...{ drillId: v7(), state: 'closed', scenarioId: 'feed-loss', version: 1, title: { en: 'Feed lost', zh: '行情中断' }, planId: 'EP-01' },
    ...{ type: 'functional', isAnnounced: true, planHash: null, createdAtMs: START_MS, plannedAtMs: null, startedAtMs: START_MS, endedAtMs },
    ...{ isAborted: false, hasLeaked: false, index: { kind: 'unfinished' }, times: [], improvements: [] },
  });

it('leaves out what another build wrote differently, and shows the rest, newest first', async () => {
  const { journal, clock, close } = openDesk(folder.path);
  const recorder = new Recorder({ journal, mode: 'live', clock, newId: v7, session: v7(), person: () => 'p-duty', log: () => undefined });
  const results = new DrillResults(recorder);
  const [first, second, third] = [resultAt(START_MS + 1), resultAt(START_MS + 3), resultAt(START_MS + 2)] as const;
  results.take([first, second, third]);
  expect(results.list()).toEqual([second, third, first]);
  journal.tables.documents.put('drillResult', third.drillId, journal.headSequence, { ...third, state: 'of a later build' });
  expect(results.list()).toEqual([second, first]);
  await close();
});
