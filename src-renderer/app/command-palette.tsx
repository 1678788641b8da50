/** One place that finds any account, contract, plan, panel and command: local ones at once, the engine's hits as they come. */
import { MenuItem } from '@blueprintjs/core';
import { type ItemRenderer, Omnibar } from '@blueprintjs/select';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { request } from '../state/use-stream';
import { focusActivePanel } from '../workspace/workspace';
import { type Command, hitAction, localCommands } from './commands';

type Hit = RequestAnswer<'search'>['hits'][number];
type Props = { isOpen: boolean; onClose: () => void; onOpenShortcuts: () => void };

const HIT_LIMIT = 30;
/** What is not there may still be on its way: the feed has just begun, or the engine is coming back. */
const ASK_AGAIN_MS = 1000;
/** How long the layer takes to fade and to give the keys back. */
const CLOSING_MS = 350;

/** Every word of the query must be found, in any order. */
function matches(command: Command, query: string): boolean {
  const text = `${command.label} ${command.sublabel} ${command.keywords}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function useHits(query: string): { hits: Hit[]; isRefused: boolean } {
  const [state, setState] = useState<{ hits: Hit[]; isRefused: boolean }>({ hits: [], isRefused: false });
  useEffect(() => {
    let isWanted = true;
    const text = query.trim();
    if (text === '') {
      setState({ hits: [], isRefused: false });
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const outcome = await request('search', { text: text.slice(0, 100), limit: HIT_LIMIT });
      if (!isWanted) return;
      const hits = outcome.ok ? outcome.value.hits : [];
      setState({ hits, isRefused: !outcome.ok });
      if (hits.length === 0) timer = setTimeout(() => void ask(), ASK_AGAIN_MS);
    };
    void ask();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [query]);
  return state;
}

export function CommandPalette({ isOpen, onClose, onOpenShortcuts }: Props): ReactNode {
  const { t } = useTranslation();
  const hasChosen = useRef(false);
  const wasOpen = useRef(false);
  // The layer gives the keys back to where they were when it closes; whoever chose something goes on with what it opened.
  useEffect(() => {
    if (isOpen) wasOpen.current = true;
    if (isOpen || !wasOpen.current) return;
    wasOpen.current = false;
    const isOpened = hasChosen.current;
    hasChosen.current = false;
    const timer = setTimeout(() => {
      // A command may have opened a dialog, which has taken the keys by then.
      const isFree = document.activeElement === document.body || isOpened;
      if (isFree && document.querySelector('.bp6-dialog') === null) focusActivePanel();
    }, CLOSING_MS);
    return () => clearTimeout(timer);
  }, [isOpen]);
  const [query, setQuery] = useState('');
  const { hits, isRefused } = useHits(isOpen ? query : '');
  const items = useMemo<Command[]>(() => {
    if (!isOpen) return [];
    const local = localCommands(t, onOpenShortcuts).filter((command) => query.trim() === '' || matches(command, query.trim()));
    const found = hits.map(
      (hit): Command => ({
        id: `${hit.kind} ${hit.key}`,
        group: t(`palette:kind.${hit.kind}`),
        label: hit.label,
        sublabel: hit.sublabel,
        keywords: hit.key,
        run: hitAction(hit),
      }),
    );
    return query.trim() === '' ? local : [...found, ...local];
  }, [isOpen, hits, query, t, onOpenShortcuts]);

  const renderItem: ItemRenderer<Command> = (command, { handleClick, handleFocus, modifiers, ref }) =>
    modifiers.matchesPredicate ? (
      <MenuItem
        key={command.id}
        ref={ref}
        roleStructure="listoption"
        active={modifiers.active}
        text={
          <>
            {command.label} <span className="palette-sublabel">{command.sublabel}</span>
          </>
        }
        label={command.group}
        data-testid={`palette-item-${command.id.replaceAll(' ', '-')}`}
        onClick={handleClick}
        {...(handleFocus === undefined ? {} : { onFocus: handleFocus })}
      />
    ) : null;

  return (
    <Omnibar<Command>
      isOpen={isOpen}
      items={items}
      itemRenderer={renderItem}
      itemsEqual="id"
      query={query}
      onQueryChange={setQuery}
      inputProps={{ placeholder: t('palette:placeholder'), 'aria-label': t('palette:placeholder'), 'data-testid': 'palette-input' } as object}
      noResults={<MenuItem disabled roleStructure="listoption" text={isRefused ? t('palette:refused') : t('palette:nothing')} />}
      resetOnSelect
      onClose={onClose}
      onItemSelect={(command) => {
        hasChosen.current = true;
        onClose();
        setQuery('');
        command.run();
      }}
    />
  );
}
