/** The panels menu by what a person is about: the groups are the workspaces that come with the product, then whatever is in none of them. */
import { type PanelDefinition, panelDefinitions } from '../features/registry';
import { PRESETS } from './presets';

type PanelGroup = { titleKey: string; panels: PanelDefinition[] };

/** Where several workspaces show a panel, it is listed where it is at home. */
const HOME_OF: Readonly<Record<string, string>> = {
  plans: 'emergency',
  runs: 'emergency',
  suppressions: 'alerts',
  'alert-statistics': 'alerts',
  evidence: 'emergency',
};

export function panelGroups(): PanelGroup[] {
  const offered = panelDefinitions().filter(({ needsParams }) => needsParams !== true);
  const homeOf = (panelId: string): string | undefined =>
    HOME_OF[panelId] ?? PRESETS.findLast(({ placements }) => placements[0]?.panelId === panelId)?.id ?? presetWith(panelId);
  const groups = PRESETS.map(({ id, titleKey }): PanelGroup => ({ titleKey, panels: offered.filter((panel) => homeOf(panel.id) === id) }));
  const others = offered.filter((panel) => homeOf(panel.id) === undefined);
  return [...groups, { titleKey: 'app:otherPanels', panels: others }].filter(({ panels }) => panels.length > 0);
}

function presetWith(panelId: string): string | undefined {
  return PRESETS.find(({ placements }) => placements.some((placement) => placement.panelId === panelId))?.id;
}
