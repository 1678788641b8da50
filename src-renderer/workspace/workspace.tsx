/** The docking workspace: panels placed by preset or by hand, each layout saved under its name and there again after a restart. */
import { type DockviewApi, DockviewReact, type DockviewReadyEvent, type DockviewTheme, type LiveRegionEvent } from 'dockview-react';
import i18next from 'i18next';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { panelDefinition } from '../features/registry';
import { useConnection } from '../state/connection-store';
import { setOpener } from '../state/navigation';
import { usePreferences } from '../state/preferences';
import { addPanelTo, applyPreset } from './dock-actions';
import {
  keepLayout,
  type LayoutChoice,
  layoutName,
  loadEngineLayouts,
  rememberActive,
  rememberLayout,
  savedLayout,
  startingChoice,
} from './layout-store';
import { PanelFrame, PanelTab, Watermark } from './panel-frame';
import { type FrameParams, panelName } from './panel-name';
import { PRESETS, useWorkspaceChoice } from './presets';
import './workspace.css';

const SAVE_DELAY_MS = 300;
/** A person who arranges panels is not done after the first; the engine keeps the outcome. */
const KEEP_DELAY_MS = 5000;
const components = { panel: PanelFrame };
const tabComponents = { tab: PanelTab };

/** What a screen reader says of a panel, in the language of the moment. */
function announcementOf({ kind, panel: { id, title, params } }: LiveRegionEvent): string {
  const kindName = (panelId: string): string => i18next.t(panelDefinition(panelId)?.titleKey ?? '', { defaultValue: panelId });
  return i18next.t(`app:panelSaid.${kind}`, { panel: panelName({ id, title, params: params as FrameParams }, kindName) });
}

let dockOnScreen: DockviewApi | null = null;

/** The layout as it is on the screen now, or null before there is one. */
export function currentLayout(): string | null {
  return dockOnScreen === null ? null : JSON.stringify(dockOnScreen.toJSON());
}

function show(api: DockviewApi, choice: LayoutChoice): void {
  const saved = savedLayout(layoutName(choice));
  if (saved !== null) {
    try {
      api.fromJSON(JSON.parse(saved));
      return;
    } catch {
      // a layout of another version: the preset is always a way back
    }
  }
  applyPreset(api, PRESETS.find((preset) => preset.id === choice) ?? PRESETS[0]);
}

export function Workspace(): ReactNode {
  const theme = usePreferences((state) => state.theme);
  const active = useWorkspaceChoice((state) => state.active);
  const resetCount = useWorkspaceChoice((state) => state.resetCount);
  const engineCount = useConnection((state) => state.engineCount);
  const [api, setApi] = useState<DockviewApi | null>(null);
  /** Layout events while a layout is being put up are not a person's changes. */
  const isShowing = useRef(false);

  /** A preset opens many panels at once: whoever chose it knows that, and wants to hear none of them. */
  const announce = useCallback((event: LiveRegionEvent) => (isShowing.current ? null : announcementOf(event)), []);

  const put = useCallback((dock: DockviewApi, choice: LayoutChoice) => {
    isShowing.current = true;
    show(dock, choice);
    requestAnimationFrame(() => {
      isShowing.current = false;
    });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: resetCount says that the saved layout is gone and the preset is wanted
  useEffect(() => {
    if (api === null) return;
    rememberActive(active);
    put(api, active);
  }, [api, active, resetCount, put]);

  useEffect(() => {
    if (engineCount === 0 || api === null) return;
    let isWanted = true;
    void loadEngineLayouts().then((changed) => {
      const choice = useWorkspaceChoice.getState().active;
      if (isWanted && changed.has(layoutName(choice))) put(api, choice);
    });
    return () => {
      isWanted = false;
    };
  }, [engineCount, api, put]);

  useEffect(() => {
    if (api === null) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let keepTimer: ReturnType<typeof setTimeout> | undefined;
    const save = (): void => {
      timer = null;
      const name = layoutName(useWorkspaceChoice.getState().active);
      rememberLayout(name, JSON.stringify(api.toJSON()));
      clearTimeout(keepTimer);
      keepTimer = setTimeout(() => void keepLayout(name), KEEP_DELAY_MS);
    };
    const subscription = api.onDidLayoutChange(() => {
      if (isShowing.current) return;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(save, SAVE_DELAY_MS);
    });
    const stopFlush = useWorkspaceChoice.subscribe((state, before) => {
      if (state.active === before.active || timer === null) return;
      clearTimeout(timer);
      timer = null;
      const name = layoutName(before.active);
      rememberLayout(name, JSON.stringify(api.toJSON()));
      void keepLayout(name);
    });
    dockOnScreen = api;
    setOpener(({ panelId, params }) => addPanelTo(api, panelId, params));
    return () => {
      subscription.dispose();
      stopFlush();
      if (timer !== null) {
        clearTimeout(timer);
        save();
      }
      setOpener(null);
      dockOnScreen = null;
    };
  }, [api]);

  const dockTheme = useMemo<DockviewTheme>(
    () => ({ name: 'floorwatch', className: 'dockview-theme-floorwatch', colorScheme: theme, gap: 4 }),
    [theme],
  );
  return (
    <div className="workspace" data-testid="workspace" data-workspace={active}>
      <DockviewReact
        components={components}
        tabComponents={tabComponents}
        defaultTabComponent={PanelTab}
        watermarkComponent={Watermark}
        theme={dockTheme}
        disableFloatingGroups
        getAnnouncement={announce}
        onReady={(event: DockviewReadyEvent) => {
          useWorkspaceChoice.getState().choose(startingChoice());
          setApi(event.api);
        }}
      />
    </div>
  );
}

/** Puts the keys into the panel in front, so that whoever opened it by key goes on by key. */
export function focusActivePanel(): void {
  const id = dockOnScreen?.activePanel?.id;
  if (id !== undefined) document.querySelector<HTMLElement>(`[data-panel="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}
