/** How panels come into the dock: a preset's placements, or one panel opened by a person or by another panel. */
import type { AddPanelOptions, DockviewApi } from 'dockview-react';
import { panelDefinition } from '../features/registry';
import type { PanelParams } from '../state/navigation';
import type { FrameParams } from './panel-name';
import type { Preset } from './presets';

/** The tab's identity: the panel and its parameters in a fixed order. */
export function tabId(panelId: string, params: PanelParams): string {
  const query = new URLSearchParams(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return query === '' ? panelId : `${panelId}?${query}`;
}

export function addPanelTo(api: DockviewApi, panelId: string, params: PanelParams, options: Partial<AddPanelOptions<FrameParams>> = {}): void {
  const id = tabId(panelId, params);
  const open = api.getPanel(id);
  if (open !== undefined) {
    open.api.setActive();
    open.focus();
    return;
  }
  const size = panelDefinition(panelId)?.defaultSize;
  api.addPanel<FrameParams>({
    id,
    component: 'panel',
    tabComponent: 'tab',
    params: { panelId, panelParams: params },
    ...(size?.width === undefined ? {} : { initialWidth: size.width }),
    ...(size?.height === undefined ? {} : { initialHeight: size.height }),
    ...options,
  } as AddPanelOptions<FrameParams>);
}

export function applyPreset(api: DockviewApi, preset: Preset | undefined): void {
  api.clear();
  if (preset === undefined) return;
  for (const { panelId, beside, share } of preset.placements) {
    const along = beside?.direction === 'right' ? api.width : api.height;
    const size = share === undefined || along === 0 ? undefined : Math.round(along * share);
    addPanelTo(
      api,
      panelId,
      {},
      {
        ...(beside === undefined
          ? {}
          : { position: { referencePanel: beside.panelId, direction: beside.direction }, inactive: beside.direction === 'within' }),
        ...(size === undefined ? {} : beside?.direction === 'right' ? { initialWidth: size } : { initialHeight: size }),
      },
    );
  }
  const first = preset.placements[0];
  if (first !== undefined) api.getPanel(first.panelId)?.api.setActive();
}
