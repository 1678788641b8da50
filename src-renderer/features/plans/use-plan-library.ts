/** The plan library, shared by all panels: asked for once per engine, and again whenever something about a plan was recorded, here or by an approval. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { RequestAnswer } from '#shared/contract/requests';
import type { Plan } from '#shared/desk/plans/plan';
import type { Refusal } from '#shared/refusal';
import { useConnection } from '../../state/connection-store';
import { usePreferences } from '../../state/preferences';
import { request, useStream } from '../../state/use-stream';

type Library = RequestAnswer<'plan.list'>;
type State = { library: Library | null; refusal: Refusal | null; askedOfEngine: number; askedAtSequence: number };

const useLibraryState = create<State>()(() => ({ library: null, refusal: null, askedOfEngine: 0, askedAtSequence: 0 }));

async function load(engineCount: number, sequence = useLibraryState.getState().askedAtSequence): Promise<void> {
  useLibraryState.setState({ askedOfEngine: engineCount, askedAtSequence: sequence });
  const outcome = await request('plan.list', {});
  if (outcome.ok) useLibraryState.setState({ library: outcome.value, refusal: null });
  else useLibraryState.setState({ refusal: outcome, askedOfEngine: 0 });
}

export type PlanLibraryState = {
  plans: Plan[] | null;
  refusal: Refusal | null;
  reload(): void;
  /** The title in the page's language, empty while the library is not here. */
  titleOf(planId: string): string;
  roleName(role: string): string;
  /** Two roles of each that one person does not hold in a run. */
  rolePairs: readonly (readonly [string, string])[];
  /** Where the plan stands with the firm; null while the library is not here. */
  standingOf(planId: string): Library['standings'][string] | null;
};

export function usePlanLibrary(): PlanLibraryState {
  const { library, refusal } = useLibraryState();
  const engineCount = useConnection((state) => state.engineCount);
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const sequence = useStream('runs', {}).picture?.librarySequence ?? 0;
  useEffect(() => {
    const { askedOfEngine, askedAtSequence } = useLibraryState.getState();
    if (engineCount > 0 && (askedOfEngine !== engineCount || askedAtSequence < sequence)) void load(engineCount, sequence);
  }, [engineCount, sequence]);
  return {
    plans: library?.plans ?? null,
    refusal,
    reload: () => void load(engineCount),
    titleOf: (planId) => {
      const plan = library?.plans.find((candidate) => candidate.id === planId);
      return plan === undefined ? '' : isChinese ? plan.title_zh : plan.title;
    },
    rolePairs: library?.rolePairs ?? [],
    standingOf: (planId) => library?.standings[planId] ?? null,
    roleName: (role) => {
      const names = library?.roles[role];
      return names === undefined ? role : isChinese ? names.zh : names.en;
    },
  };
}
