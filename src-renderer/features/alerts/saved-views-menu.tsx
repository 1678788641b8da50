/** Keeps the filters now in force under a name, and brings them back. */
import { Button, InputGroup, Menu, MenuDivider, MenuItem, Popover } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readViews, removeView, type SavedView, saveView } from './saved-views';

type Props = { current: Omit<SavedView, 'name'>; onChoose(view: SavedView): void };

export function SavedViews({ current, onChoose }: Props): ReactNode {
  const { t } = useTranslation('alerts');
  const [views, setViews] = useState(() => readViews(localStorage));
  const [name, setName] = useState('');
  const trimmed = name.trim();
  return (
    <Popover
      placement="bottom-end"
      content={
        <Menu>
          {views.length === 0 && <MenuItem disabled text={t('views.none')} />}
          {views.map((view) => (
            <MenuItem
              key={view.name}
              text={view.name}
              data-testid={`alerts-view-${view.name}`}
              onClick={() => onChoose(view)}
              labelElement={
                <button
                  type="button"
                  className="link-button"
                  aria-label={t('views.remove', { name: view.name })}
                  onClick={(event) => {
                    event.stopPropagation();
                    setViews(removeView(localStorage, view.name));
                  }}
                >
                  ✕
                </button>
              }
            />
          ))}
          <MenuDivider />
          <form
            className="row saved-view-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (trimmed === '') return;
              setViews(saveView(localStorage, { ...current, name: trimmed }));
              setName('');
            }}
          >
            <InputGroup
              size="small"
              maxLength={40}
              value={name}
              placeholder={t('views.name')}
              aria-label={t('views.name')}
              data-testid="alerts-view-name"
              onValueChange={setName}
            />
            <Button type="submit" size="small" disabled={trimmed === ''} data-testid="alerts-view-save">
              {t('views.save')}
            </Button>
          </form>
        </Menu>
      }
    >
      <Button size="small" variant="minimal" data-testid="alerts-views">
        {t('views.title')} ▾
      </Button>
    </Popover>
  );
}
