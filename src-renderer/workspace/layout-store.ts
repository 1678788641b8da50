/** Saved layouts: the engine keeps them, and a copy on this machine lets the page open as it was left without waiting for the engine. */
import { create } from 'zustand';
import { engine } from '../state/engine';
import { PRESET_IDS } from './presets';

/** A preset's id, or `saved:` and the name a person gave. */
export type LayoutChoice = string;

type Entry = { layout: string; savedAtMs: number };
type Stored = { active: LayoutChoice; layouts: Record<string, Entry> };
const STORAGE_KEY = 'floorwatch.workspace';
const SAVED_PREFIX = 'saved:';
const PRESET_PREFIX = 'preset:';

function readStored(): Stored {
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null') as Stored | null;
    if (stored !== null && typeof stored.active === 'string' && typeof stored.layouts === 'object') return stored;
  } catch {
    // unreadable: the engine's copy or the presets serve
  }
  return { active: 'overview', layouts: {} };
}

export const useLayouts = create<Stored>()(() => readStored());

useLayouts.subscribe((state) => {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(state));
  } catch {
    // full or forbidden: the engine keeps the layouts
  }
});

/** The engine's name of a layout: a person's change to a preset is kept apart from what a person named. */
export function layoutName(choice: LayoutChoice): string {
  return choice.startsWith(SAVED_PREFIX) ? choice.slice(SAVED_PREFIX.length) : `${PRESET_PREFIX}${choice}`;
}

export function choiceOfName(name: string): LayoutChoice {
  return `${SAVED_PREFIX}${name}`;
}

export function isNamedLayout(name: string): boolean {
  return !name.startsWith(PRESET_PREFIX);
}

export function savedLayout(name: string): string | null {
  return useLayouts.getState().layouts[name]?.layout ?? null;
}

export function startingChoice(): LayoutChoice {
  const { active, layouts } = useLayouts.getState();
  const exists = active.startsWith(SAVED_PREFIX) ? layouts[layoutName(active)] !== undefined : (PRESET_IDS as readonly string[]).includes(active);
  return exists ? active : 'overview';
}

export function rememberActive(active: LayoutChoice): void {
  useLayouts.setState({ active });
}

/** Keeps a layout on this machine at once. */
export function rememberLayout(name: string, layout: string): void {
  useLayouts.setState((state) => ({ layouts: { ...state.layouts, [name]: { layout, savedAtMs: Date.now() } } }));
}

/** What of a layout is worth a journal entry: which panels are where. Pixel sizes and the focused tab change all the time. */
export function layoutShape(layout: string): string {
  return JSON.stringify(JSON.parse(layout), (key, value: unknown) =>
    ['size', 'width', 'height', 'activeGroup', 'activeView', 'title'].includes(key) ? undefined : value,
  );
}

const shapesInEngine = new Map<string, string>();

/** Gives a layout to the engine, where it is a journal entry, when its shape is not what the engine has. */
export async function keepLayout(name: string): Promise<void> {
  const layout = savedLayout(name);
  if (layout === null) return;
  const shape = layoutShape(layout);
  if (shapesInEngine.get(name) === shape) return;
  const outcome = await engine.request('workspace.save', { name, layout });
  if (outcome.ok) shapesInEngine.set(name, shape);
}

export function forgetLayout(name: string): void {
  useLayouts.setState((state) => {
    const { [name]: _, ...layouts } = state.layouts;
    return { layouts };
  });
  shapesInEngine.delete(name);
  void engine.request('workspace.remove', { name });
}

/** Takes the engine's layouts that are newer than ours and answers their names. */
export async function loadEngineLayouts(): Promise<Set<string>> {
  const changed = new Set<string>();
  const outcome = await engine.request('workspace.list', {});
  if (!outcome.ok) return changed;
  useLayouts.setState((state) => {
    const layouts = { ...state.layouts };
    for (const { name, layout, savedAtMs } of outcome.value.layouts) {
      shapesInEngine.set(name, layoutShape(layout));
      const ours = layouts[name];
      if (ours !== undefined && ours.savedAtMs >= savedAtMs) continue;
      if (ours?.layout !== layout) changed.add(name);
      layouts[name] = { layout, savedAtMs };
    }
    return { layouts };
  });
  return changed;
}
