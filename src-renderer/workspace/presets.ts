/** The workspaces that come with the product: which panels, and where. A person's own changes to them are kept apart and can be undone. */
import { create } from 'zustand';

export const PRESET_IDS = ['overview', 'accounts', 'alerts', 'emergency', 'health', 'numbers', 'oversight'] as const;
export type PresetId = (typeof PRESET_IDS)[number];

type Placement = {
  panelId: string;
  /** Where, seen from a panel placed before it; the first has none. */
  beside?: { panelId: string; direction: 'right' | 'below' | 'within' };
  /** Wished share of the workspace's width or height, 0..1. */
  share?: number;
};

export type Preset = { id: PresetId; titleKey: string; placements: Placement[] };

export const PRESETS: Preset[] = [
  {
    id: 'overview',
    titleKey: 'app:workspace.overview',
    placements: [
      { panelId: 'overview' },
      { panelId: 'alerts', beside: { panelId: 'overview', direction: 'right' }, share: 0.32 },
      { panelId: 'quotes', beside: { panelId: 'alerts', direction: 'below' }, share: 0.36 },
    ],
  },
  {
    id: 'accounts',
    titleKey: 'app:workspace.accounts',
    placements: [
      { panelId: 'accounts' },
      { panelId: 'positions', beside: { panelId: 'accounts', direction: 'below' }, share: 0.5 },
      { panelId: 'orders', beside: { panelId: 'positions', direction: 'within' } },
      { panelId: 'trades', beside: { panelId: 'positions', direction: 'within' } },
    ],
  },
  {
    id: 'alerts',
    titleKey: 'app:workspace.alerts',
    placements: [
      { panelId: 'alerts' },
      { panelId: 'plans', beside: { panelId: 'alerts', direction: 'right' }, share: 0.3 },
      { panelId: 'runs', beside: { panelId: 'plans', direction: 'within' } },
      { panelId: 'notices', beside: { panelId: 'plans', direction: 'within' } },
      { panelId: 'handovers', beside: { panelId: 'plans', direction: 'within' } },
    ],
  },
  {
    id: 'emergency',
    titleKey: 'app:workspace.emergency',
    placements: [
      { panelId: 'plans' },
      { panelId: 'runs', beside: { panelId: 'plans', direction: 'right' }, share: 0.64 },
      { panelId: 'incidents', beside: { panelId: 'runs', direction: 'within' } },
      { panelId: 'drills', beside: { panelId: 'runs', direction: 'within' } },
    ],
  },
  {
    id: 'health',
    titleKey: 'app:workspace.health',
    placements: [
      { panelId: 'health' },
      { panelId: 'reference', beside: { panelId: 'health', direction: 'within' } },
      { panelId: 'recording', beside: { panelId: 'health', direction: 'right' }, share: 0.34 },
      { panelId: 'settings', beside: { panelId: 'recording', direction: 'within' } },
    ],
  },
  {
    id: 'numbers',
    titleKey: 'app:workspace.numbers',
    placements: [
      { panelId: 'stress' },
      { panelId: 'distance', beside: { panelId: 'stress', direction: 'right' }, share: 0.45 },
      { panelId: 'limits', beside: { panelId: 'distance', direction: 'within' } },
      { panelId: 'worklists', beside: { panelId: 'distance', direction: 'within' } },
      { panelId: 'statements', beside: { panelId: 'distance', direction: 'within' } },
    ],
  },
  {
    id: 'oversight',
    titleKey: 'app:workspace.oversight',
    placements: [
      { panelId: 'approvals' },
      { panelId: 'rules', beside: { panelId: 'approvals', direction: 'within' } },
      { panelId: 'audit', beside: { panelId: 'approvals', direction: 'right' }, share: 0.55 },
      { panelId: 'people', beside: { panelId: 'audit', direction: 'within' } },
      { panelId: 'delivery', beside: { panelId: 'audit', direction: 'within' } },
    ],
  },
];

type Choice = {
  /** A preset's id, or `saved:` and the name a person gave. */
  active: string;
  /** Grows when a person wants the preset as it came. */
  resetCount: number;
  choose(active: string): void;
  reset(): void;
};

export const useWorkspaceChoice = create<Choice>()((set) => ({
  active: 'overview',
  resetCount: 0,
  choose: (active) => set({ active }),
  reset: () => set((state) => ({ resetCount: state.resetCount + 1 })),
}));

export function openPreset(id: PresetId): void {
  useWorkspaceChoice.getState().choose(id);
}
