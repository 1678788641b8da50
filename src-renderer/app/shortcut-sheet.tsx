/** All keys on one sheet, opened by `?`. */
import { Dialog, DialogBody } from '@blueprintjs/core';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { PRESETS } from '../workspace/presets';
import { IS_APPLE } from './app-header';
import './shortcut-sheet.css';

const GROUPS: { titleKey: string; keys: { keys: string[]; textKey: string }[] }[] = [
  {
    titleKey: 'shortcut.everywhere',
    keys: [
      { keys: [IS_APPLE ? '⌘ K' : 'Ctrl K'], textKey: 'shortcut.palette' },
      { keys: [IS_APPLE ? '⌘ L' : 'Ctrl L'], textKey: 'shortcut.lock' },
      { keys: ['Alt 1', '…', `Alt ${PRESETS.length}`], textKey: 'shortcut.workspaces' },
      { keys: ['F9'], textKey: 'shortcut.emergency' },
      { keys: ['F6'], textKey: 'shortcut.nextGroup' },
      { keys: ['Ctrl ]', 'Ctrl ['], textKey: 'shortcut.nextTab' },
      { keys: ['?'], textKey: 'shortcut.sheet' },
      { keys: ['Esc'], textKey: 'shortcut.back' },
    ],
  },
  {
    titleKey: 'shortcut.lists',
    keys: [
      { keys: ['↑', '↓'], textKey: 'shortcut.move' },
      { keys: ['Enter'], textKey: 'shortcut.drill' },
      { keys: ['Space'], textKey: 'shortcut.select' },
      { keys: ['A'], textKey: 'shortcut.acknowledge' },
      { keys: ['S'], textKey: 'shortcut.shelve' },
      { keys: ['H'], textKey: 'shortcut.handOver' },
      { keys: ['E'], textKey: 'shortcut.escalate' },
      { keys: ['C'], textKey: 'shortcut.closeAlert' },
      { keys: ['/'], textKey: 'shortcut.filter' },
    ],
  },
  {
    titleKey: 'shortcut.run',
    keys: [
      { keys: ['↑', '↓'], textKey: 'shortcut.step' },
      { keys: ['S'], textKey: 'shortcut.startStep' },
      { keys: ['D'], textKey: 'shortcut.doneStep' },
      { keys: ['N'], textKey: 'shortcut.noteStep' },
    ],
  },
];

export function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation('app');
  // The dialog hears Escape once it has the focus, which it takes a moment after it is drawn; a person is faster.
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [isOpen, onClose]);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('shortcuts')} className="shortcut-sheet">
      <DialogBody>
        <div data-testid="shortcut-sheet" className="shortcut-groups">
          {GROUPS.map((group) => (
            <section key={group.titleKey}>
              <h3>{t(group.titleKey)}</h3>
              <dl>
                {group.keys.map(({ keys, textKey }) => (
                  <div key={textKey}>
                    <dt>
                      {keys.map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dt>
                    <dd>{t(textKey, { last: PRESETS.length })}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogBody>
    </Dialog>
  );
}
