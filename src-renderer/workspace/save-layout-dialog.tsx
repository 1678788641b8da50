/** Asks for the name under which the layout now on screen is kept. */
import { Button, Dialog, DialogBody, DialogFooter } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntryField } from '../components/entry-field';
import { choiceOfName, keepLayout, layoutName, rememberLayout, savedLayout } from './layout-store';
import { useWorkspaceChoice } from './presets';
import { currentLayout } from './workspace';

type Props = { isOpen: boolean; takenNames: string[]; onClose: () => void };

export function SaveLayoutDialog({ isOpen, takenNames, onClose }: Props): ReactNode {
  const { t } = useTranslation('app');
  const [name, setName] = useState('');
  const trimmed = name.trim();
  const isReserved = trimmed.startsWith('preset:');
  const save = (): void => {
    const { active, choose } = useWorkspaceChoice.getState();
    const layout = currentLayout() ?? savedLayout(layoutName(active));
    if (layout === null || trimmed === '' || isReserved) return;
    rememberLayout(trimmed, layout);
    void keepLayout(trimmed);
    choose(choiceOfName(trimmed));
    setName('');
    onClose();
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('layout.saveAs')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <DialogBody>
          <EntryField
            label={t('layout.name')}
            help={takenNames.includes(trimmed) ? t('layout.replaces') : undefined}
            autoFocus
            maxLength={60}
            value={name}
            onValueChange={setName}
            testId="layout-name"
          />
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button onClick={onClose}>{t('cancel')}</Button>
              <Button type="submit" intent="primary" disabled={trimmed === '' || isReserved} data-testid="layout-save">
                {t('save')}
              </Button>
            </>
          }
        />
      </form>
    </Dialog>
  );
}
