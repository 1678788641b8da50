/** The top line: workspaces, panels, layouts, search, and the switches a person wants within reach. */
import { Button, Menu, MenuDivider, MenuItem, PopoverNext } from '@blueprintjs/core';
import { Fragment, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppearanceSwitches } from '../components/appearance-switches';
import { openEmergency } from '../features/emergency/emergency-state';
import { openPanel } from '../state/navigation';
import { choiceOfName, forgetLayout, isNamedLayout, layoutName, useLayouts } from '../workspace/layout-store';
import { panelGroups } from '../workspace/panel-groups';
import { PRESETS, useWorkspaceChoice } from '../workspace/presets';
import { SaveLayoutDialog } from '../workspace/save-layout-dialog';
import './app-header.css';

export const IS_APPLE = navigator.platform.startsWith('Mac');

export function AppHeader({ onOpenPalette, onOpenShortcuts }: { onOpenPalette: () => void; onOpenShortcuts: () => void }): ReactNode {
  const { t } = useTranslation();
  const { active, choose } = useWorkspaceChoice();

  return (
    <header className="app-header">
      <strong className="app-brand">Floorwatch</strong>
      <nav className="app-workspaces" aria-label={t('app:workspace.label')}>
        {PRESETS.map((preset, index) => (
          <button
            key={preset.id}
            type="button"
            className="workspace-tab"
            aria-current={active === preset.id ? 'page' : undefined}
            title={t('app:workspace.key', { name: t(preset.titleKey), key: `Alt+${index + 1}` })}
            data-testid={`workspace-tab-${preset.id}`}
            onClick={() => choose(preset.id)}
          >
            {t(preset.titleKey)}
          </button>
        ))}
      </nav>
      <div className="spacer" />
      <Button
        variant="outlined"
        size="small"
        className="emergency-button"
        data-testid="open-emergency"
        aria-keyshortcuts="F9"
        onClick={() => openEmergency()}
      >
        {t('plans:emergency.open')} <kbd>F9</kbd>
      </Button>
      <PanelsMenu />
      <LayoutMenu />
      <Button
        variant="outlined"
        size="small"
        className="palette-button"
        data-testid="open-palette"
        aria-keyshortcuts={IS_APPLE ? 'Meta+K' : 'Control+K'}
        onClick={onOpenPalette}
      >
        {t('palette:open')} <kbd>{IS_APPLE ? '⌘K' : 'Ctrl K'}</kbd>
      </Button>
      <AppearanceSwitches name="switch" />
      <Button
        variant="minimal"
        size="small"
        data-testid="open-shortcuts"
        title={t('app:shortcuts')}
        aria-label={t('app:shortcuts')}
        onClick={onOpenShortcuts}
      >
        ?
      </Button>
    </header>
  );
}

function PanelsMenu(): ReactNode {
  const { t } = useTranslation();
  const groups = panelGroups();
  return (
    <PopoverNext
      placement="bottom-end"
      content={
        <Menu className="panels-menu">
          {groups.map(({ titleKey, panels }) => (
            <Fragment key={titleKey}>
              <MenuDivider title={t(titleKey)} />
              {panels.map((panel) => (
                <MenuItem
                  key={panel.id}
                  icon={<span className="menu-glyph">{panel.glyph}</span>}
                  text={t(panel.titleKey)}
                  data-testid={`open-panel-${panel.id}`}
                  onClick={() => openPanel(panel.id)}
                />
              ))}
            </Fragment>
          ))}
        </Menu>
      }
    >
      <Button variant="minimal" size="small" data-testid="panels-menu" endIcon={<span aria-hidden="true">▾</span>}>
        {t('app:panels')}
      </Button>
    </PopoverNext>
  );
}

function LayoutMenu(): ReactNode {
  const { t } = useTranslation('app');
  const { active, choose, reset } = useWorkspaceChoice();
  const layouts = useLayouts((state) => state.layouts);
  const [isSaving, setIsSaving] = useState(false);
  const named = Object.keys(layouts).filter(isNamedLayout).sort();
  const activeName = active.startsWith('saved:') ? layoutName(active) : null;
  return (
    <>
      <PopoverNext
        placement="bottom-end"
        content={
          <Menu>
            <MenuItem text={t('layout.saveAs')} data-testid="layout-save-as" onClick={() => setIsSaving(true)} />
            {activeName === null ? (
              <MenuItem
                text={t('layout.reset')}
                data-testid="layout-reset"
                onClick={() => {
                  forgetLayout(layoutName(active));
                  reset();
                }}
              />
            ) : (
              <MenuItem
                text={t('layout.remove', { name: activeName })}
                data-testid="layout-remove"
                onClick={() => {
                  forgetLayout(activeName);
                  choose('overview');
                }}
              />
            )}
            {named.length > 0 && <MenuDivider title={t('layout.saved')} />}
            {named.map((name) => (
              <MenuItem
                key={name}
                text={name}
                active={choiceOfName(name) === active}
                data-testid={`layout-${name}`}
                onClick={() => choose(choiceOfName(name))}
              />
            ))}
          </Menu>
        }
      >
        <Button variant="minimal" size="small" data-testid="layout-menu" endIcon={<span aria-hidden="true">▾</span>}>
          {activeName ?? t('layout.label')}
        </Button>
      </PopoverNext>
      <SaveLayoutDialog isOpen={isSaving} takenNames={named} onClose={() => setIsSaving(false)} />
    </>
  );
}
