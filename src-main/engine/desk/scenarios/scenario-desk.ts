/** Saves, lists and removes stress scenarios beside those that come with the product. */
import { z } from 'zod';
import type { Recorder } from '#engine/desk/record';
import type { KeyedTable } from '#engine/store/projection-tables';
import type { ScenarioView } from '#shared/contract/numbers-stress';
import type { RequestPayload } from '#shared/contract/requests';
import { decideScenario } from '#shared/desk/scenarios/decide';
import type { SavedScenario } from '#shared/desk/scenarios/scenario';
import { certaintySchema } from '#shared/feed/items';
import { type Scenario, scenarioSchema } from '#shared/market/what-if/scenario';
import { accept, type Outcome, refuse } from '#shared/refusal';
import bundledFile from '../../../../resources/scenarios.json' with { type: 'json' };

const bundledSchema = z.object({
  about: z.string(),
  scenarios: z.array(z.object({ scenario: scenarioSchema, citation: z.string(), certainty: certaintySchema })),
});

const BUNDLED: readonly ScenarioView[] = bundledSchema.parse(bundledFile).scenarios.map(({ scenario, citation, certainty }) => ({
  scenario,
  origin: 'bundled',
  savedBy: null,
  savedAtMs: null,
  note: '',
  citation,
  certainty,
  versions: [],
}));
/** The scenarios that come with the product. */
export const BUNDLED_SCENARIOS: readonly Scenario[] = BUNDLED.map(({ scenario }) => scenario);
const BUNDLED_IDS: ReadonlySet<string> = new Set(BUNDLED.map(({ scenario }) => scenario.scenarioId));

export class ScenarioDesk {
  readonly #recorder: Recorder;
  readonly #table: KeyedTable;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#table = recorder.journal.tables.scenarios;
  }

  /** Bundled ones first, then the saved ones in the order of their names. */
  list(): ScenarioView[] {
    const saved = this.#saved().flatMap((scenario) => (scenario.isRemoved ? [] : viewOf(scenario)));
    return [...BUNDLED, ...saved.sort((a, b) => a.scenario.name.localeCompare(b.scenario.name))];
  }

  find(scenarioId: string): Scenario | null {
    const bundled = BUNDLED.find(({ scenario }) => scenario.scenarioId === scenarioId);
    if (bundled !== undefined) return bundled.scenario;
    const saved = this.#table.get(scenarioId) as SavedScenario | undefined;
    return saved === undefined || saved.isRemoved ? null : (saved.versions[0]?.scenario ?? null);
  }

  save({ scenario: draft, note }: RequestPayload<'scenario.save'>): Outcome<ScenarioView> {
    const saved = draft.scenarioId === undefined ? null : this.#find(draft.scenarioId);
    const context = this.#recorder.context();
    let id = draft.scenarioId ?? '';
    const decision = decideScenario(saved, { type: 'save', draft, note }, this.#others(draft.scenarioId), {
      ...context,
      newId: () => {
        id = context.newId();
        return id;
      },
    });
    const recorded = this.#recorder.record('scenario.save', decision);
    if (!recorded.ok) return recorded;
    const view = this.#find(id);
    return view === null ? refuse('FAILED', 'the scenario was recorded and cannot be read') : accept(viewOf(view)[0] as ScenarioView);
  }

  remove({ scenarioId, reason }: RequestPayload<'scenario.remove'>): Outcome<Record<string, never>> {
    const decision = decideScenario(
      this.#find(scenarioId),
      { type: 'remove', scenarioId, reason },
      this.#others(scenarioId),
      this.#recorder.context(),
    );
    const recorded = this.#recorder.record('scenario.remove', decision);
    return recorded.ok ? accept({}) : recorded;
  }

  #find(scenarioId: string): SavedScenario | null {
    return (this.#table.get(scenarioId) as SavedScenario | undefined) ?? null;
  }

  #saved(): SavedScenario[] {
    return this.#table.all().map(({ body }) => body as SavedScenario);
  }

  #others(scenarioId: string | undefined): { names: string[]; bundledIds: ReadonlySet<string> } {
    const names = this.list()
      .filter(({ scenario }) => scenario.scenarioId !== scenarioId)
      .map(({ scenario }) => scenario.name);
    return { names, bundledIds: BUNDLED_IDS };
  }
}

function viewOf({ versions }: SavedScenario): ScenarioView[] {
  const newest = versions[0];
  if (newest === undefined) return [];
  const { scenario, savedBy, savedAtMs, note } = newest;
  return [
    {
      scenario,
      origin: 'saved',
      savedBy,
      savedAtMs,
      note,
      citation: '',
      certainty: null,
      versions: versions.map((version) => ({
        version: version.scenario.version,
        savedBy: version.savedBy,
        savedAtMs: version.savedAtMs,
        note: version.note,
      })),
    },
  ];
}
