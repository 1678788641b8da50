/** A saved scenario with its versions, as folded from the journal. */
import type { Recorded } from '#shared/desk/decision';
import type { ScenarioEventBody } from '#shared/desk/scenarios/events';
import type { Scenario } from '#shared/market/what-if/scenario';

export type ScenarioVersion = { scenario: Scenario; savedBy: string; savedAtMs: number; note: string };
/** Newest version first. Removed ones are kept, so that a version number is never given twice. */
export type SavedScenario = { scenarioId: string; versions: ScenarioVersion[]; isRemoved: boolean };

/** What an event makes of what was saved before; null when it is about nothing that is saved. */
export function evolveScenario(before: SavedScenario | null, event: ScenarioEventBody, entry: Recorded): SavedScenario | null {
  if (event.type === 'scenario.removed') return before === null ? null : { ...before, isRemoved: true };
  const { scenario, note, atMs } = event.payload;
  const version: ScenarioVersion = { scenario, savedBy: entry.actor, savedAtMs: atMs, note };
  return { scenarioId: scenario.scenarioId, versions: [version, ...(before?.versions ?? [])], isRemoved: false };
}
