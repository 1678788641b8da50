/** Filters a person keeps under a name, on this machine: how somebody likes to look at the list is no fact about the desk. */
import { z } from 'zod';
import { severitySchema } from '#shared/desk/alerts/alert';
import { STATE_FILTERS } from './alert-filter';

const KEY = 'floorwatch.alerts.views';
const MOST_VIEWS = 20;

const savedViewSchema = z.object({
  name: z.string().min(1).max(40),
  state: z.enum(STATE_FILTERS),
  severities: z.array(severitySchema),
  text: z.string().max(100),
  owner: z.enum(['anyone', 'mine', 'nobody']),
  isGrouped: z.boolean(),
});
export type SavedView = z.infer<typeof savedViewSchema>;

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** What cannot be read is left out: a view is a comfort, never a reason to show nothing. */
export function readViews(storage: Storage): SavedView[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    if (!Array.isArray(stored)) return [];
    return stored.flatMap((each) => {
      const parsed = savedViewSchema.safeParse(each);
      return parsed.success ? [parsed.data] : [];
    });
  } catch {
    return [];
  }
}

/** A view of the same name is replaced. */
export function saveView(storage: Storage, view: SavedView): SavedView[] {
  const views = [view, ...readViews(storage).filter(({ name }) => name !== view.name)].slice(0, MOST_VIEWS);
  storage.setItem(KEY, JSON.stringify(views));
  return views;
}

export function removeView(storage: Storage, name: string): SavedView[] {
  const views = readViews(storage).filter((view) => view.name !== name);
  storage.setItem(KEY, JSON.stringify(views));
  return views;
}
