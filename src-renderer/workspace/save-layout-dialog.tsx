/** Asks for the name under which the layout now on screen is kept. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntryField } from '../components/entry-field';
import { FormDialog } from '../components/form-dialog';
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
    <FormDialog
      isOpen={isOpen}
      title={t('layout.saveAs')}
      canOutsideClickClose
      confirm={t('save')}
      isReady={trimmed !== '' && !isReserved}
      testId="layout-form"
      confirmTestId="layout-save"
      onSubmit={save}
      onClose={onClose}
    >
      <EntryField
        label={t('layout.name')}
        help={takenNames.includes(trimmed) ? t('layout.replaces') : undefined}
        autoFocus
        maxLength={60}
        value={name}
        onValueChange={setName}
        testId="layout-name"
      />
    </FormDialog>
  );
}
