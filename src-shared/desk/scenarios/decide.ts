/** Decides what saving or removing a scenario means: every change is a new version, and what the product brings along cannot be changed. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { ScenarioEvent } from '#shared/desk/scenarios/events';
import type { SavedScenario } from '#shared/desk/scenarios/scenario';
import type { Scenario } from '#shared/market/what-if/scenario';
import { refuse } from '#shared/refusal';

export type ScenarioCommand =
  | { type: 'save'; draft: Omit<Scenario, 'scenarioId' | 'version'> & { scenarioId?: string | undefined }; note: string }
  | { type: 'remove'; scenarioId: string; reason: string };

/** `saved` is what the id names, or null; `names` are the names in use by other scenarios; `bundledIds` those of the product. */
export function decideScenario(
  saved: SavedScenario | null,
  command: ScenarioCommand,
  others: { names: readonly string[]; bundledIds: ReadonlySet<string> },
  context: DecisionContext,
): Decision<ScenarioEvent> {
  const id = command.type === 'save' ? command.draft.scenarioId : command.scenarioId;
  if (id !== undefined && others.bundledIds.has(id))
    return refuse('CONFLICT', 'a bundled scenario is not changed: save it under a new name', 'scenarioId');
  if (id !== undefined && (saved === null || saved.isRemoved)) return refuse('UNKNOWN', `no scenario is saved as ${id}`, 'scenarioId');
  if (command.type === 'remove') {
    const { scenarioId, reason } = command;
    return [{ type: 'scenario.removed', subject: `scenario:${scenarioId}`, payload: { scenarioId, reason, atMs: context.nowMs } }];
  }
  const { draft, note } = command;
  if (others.names.includes(draft.name)) return refuse('CONFLICT', `another scenario is called ${draft.name}`, 'scenario.name');
  const newest = saved?.versions[0];
  const scenario: Scenario = { ...draft, scenarioId: id ?? context.newId(), version: (newest?.scenario.version ?? 0) + 1 };
  if (newest !== undefined && isSame(newest.scenario, scenario)) return [];
  return [{ type: 'scenario.saved', subject: `scenario:${scenario.scenarioId}`, payload: { scenario, note, atMs: context.nowMs } }];
}

function isSame(a: Scenario, b: Scenario): boolean {
  const content = ({ name, price, marginOverrides, cash, closes }: Scenario) => JSON.stringify([name, price, marginOverrides, cash, closes]);
  return content(a) === content(b);
}
