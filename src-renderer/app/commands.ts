/** What the palette can do by itself, and what it does with a hit of the engine. */
import type { TFunction } from 'i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { openEmergency } from '../features/emergency/emergency-state';
import { panelDefinition, panelDefinitions } from '../features/registry';
import { openPanel, setScope } from '../state/navigation';
import { changeSetting, usePreferences } from '../state/preferences';
import { request } from '../state/use-stream';
import { choiceOfName, isNamedLayout, useLayouts } from '../workspace/layout-store';
import { openPreset, PRESETS, useWorkspaceChoice } from '../workspace/presets';

export type Command = {
  id: string;
  group: string;
  label: string;
  sublabel: string;
  /** Further words it is found by: its id, and its name in the other language. */
  keywords: string;
  run(): void;
};

export function localCommands(t: TFunction, openShortcuts: () => void): Command[] {
  const { language, theme } = usePreferences.getState();
  const otherLanguage = { lng: language === 'en' ? 'zh-CN' : 'en' };
  const command = (id: string, run: () => void): Command => ({
    id: `command ${id}`,
    group: t('palette:kind.command'),
    label: t(`palette:command.${id}`),
    sublabel: '',
    keywords: `${id} ${t(`palette:command.${id}`, otherLanguage)}`,
    run,
  });
  return [
    ...panelDefinitions()
      .filter((panel) => panel.needsParams !== true)
      .map(
        (panel): Command => ({
          id: `panel ${panel.id}`,
          group: t('palette:kind.panel'),
          label: t(panel.titleKey),
          sublabel: '',
          keywords: `${panel.id} ${t(panel.titleKey, otherLanguage)}`,
          run: () => openPanel(panel.id),
        }),
      ),
    ...PRESETS.map(
      (preset): Command => ({
        id: `workspace ${preset.id}`,
        group: t('palette:kind.workspace'),
        label: t(preset.titleKey),
        sublabel: '',
        keywords: `${preset.id} ${t(preset.titleKey, otherLanguage)}`,
        run: () => openPreset(preset.id),
      }),
    ),
    ...Object.keys(useLayouts.getState().layouts)
      .filter(isNamedLayout)
      .map(
        (name): Command => ({
          id: `layout ${name}`,
          group: t('palette:kind.workspace'),
          label: name,
          sublabel: '',
          keywords: '',
          run: () => useWorkspaceChoice.getState().choose(choiceOfName(name)),
        }),
      ),
    command(theme === 'dark' ? 'light' : 'dark', () => void changeSetting('theme', theme === 'dark' ? 'light' : 'dark')),
    command('language', () => void changeSetting('language', language === 'en' ? 'zh-CN' : 'en')),
    command('shortcuts', openShortcuts),
    command('emergency', () => openEmergency()),
    command('lock', () => void request('auth.lock', {})),
    command('wholeDesk', () => {
      setScope({});
      openPanel('overview');
    }),
  ];
}

type Hit = RequestAnswer<'search'>['hits'][number];

/** An account opens its own panel where there is one; everything else narrows what the overview looks at. */
export function hitAction(hit: Hit): () => void {
  switch (hit.kind) {
    case 'plan':
      return () => openPanel('plan', { planId: hit.key });
    case 'account':
      if (panelDefinition('account') !== undefined) return () => openPanel('account', { accountID: hit.key });
      return () => narrow({ accountID: hit.key }, 'accounts');
    case 'instrument':
      return () => narrow({ instrumentID: hit.key }, 'positions');
    case 'product':
      return () => narrow({ productID: hit.key }, 'overview');
    case 'department':
      return () => narrow({ departmentID: hit.key }, 'overview');
    case 'controlGroup':
      return () => narrow({ controlGroupID: hit.key }, 'overview');
  }
}

function narrow(scope: Parameters<typeof setScope>[0], panelId: string): void {
  setScope(scope);
  openPanel(panelId);
}
