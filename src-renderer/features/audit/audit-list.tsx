/** The entries that answer the question: only the rows in view are drawn, and the next page is read when the end comes near. */
// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are placed by transform, which table rows cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the grid, which names its active row
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useKindName, useSubjectName } from '../../components/entry-words';
import { useFormat } from '../../components/format/use-format';
import { usePersonName } from '../../state/auth';
import { accountText } from './account-text';
import type { RecordView } from './use-record';

const ROW_HEIGHT_PX = 30;
const NEAR_THE_END = 20;

type Props = { record: RecordView; openAt: number | null; onOpen(sequence: number): void };

export function AuditList({ record, openAt, onOpen }: Props): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const nameOf = usePersonName();
  const kindOf = useKindName();
  const subjectOf = useSubjectName();
  const scroll = useRef<HTMLDivElement>(null);
  const { entries, nextBefore, searchedFrom, isWaiting, more } = record;
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 12,
    getItemKey: (index) => entries[index]?.sequence ?? index,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  // Only once some entry was found: a search that finds nothing goes on when a person asks for it.
  useEffect(() => {
    if (entries.length > 0 && lastShown >= entries.length - NEAR_THE_END) more();
  }, [lastShown, entries.length, more]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step === undefined || entries.length === 0) return;
    event.preventDefault();
    const at = entries.findIndex(({ sequence }) => sequence === openAt);
    const index = Math.min(entries.length - 1, Math.max(0, at < 0 ? 0 : at + step));
    const entry = entries[index];
    if (entry !== undefined) onOpen(entry.sequence);
    rows.scrollToIndex(index);
  };
  return (
    <div className="audit-list" data-testid="audit-list" data-count={entries.length} data-waiting={isWaiting}>
      <div
        ref={scroll}
        className="audit-scroll"
        role="grid"
        tabIndex={0}
        aria-label={t('title')}
        aria-rowcount={entries.length}
        aria-activedescendant={openAt === null ? undefined : `audit-${openAt}`}
        onKeyDown={onKeyDown}
      >
        <div className="audit-rows" style={{ height: rows.getTotalSize() }}>
          {shown.map((row) => {
            const entry = entries[row.index];
            if (entry === undefined) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys
              <div
                key={row.key}
                id={`audit-${entry.sequence}`}
                role="row"
                aria-rowindex={row.index + 1}
                aria-selected={entry.sequence === openAt}
                className="audit-row"
                data-testid="audit-row"
                data-sequence={entry.sequence}
                data-type={entry.type}
                style={{ transform: `translateY(${row.start}px)`, height: ROW_HEIGHT_PX }}
                onClick={() => onOpen(entry.sequence)}
              >
                <span role="gridcell" className="mono audit-number">
                  {entry.sequence}
                </span>
                <span role="gridcell" className="audit-when">
                  {format.dateTime(Date.parse(entry.wallTime))}
                </span>
                <span role="gridcell" className="truncate audit-type" title={entry.type}>
                  {kindOf(entry.type)}
                </span>
                <span role="gridcell" className="truncate audit-actor">
                  {nameOf(entry.actor)}
                </span>
                <span role="gridcell" className="secondary truncate audit-subject" title={entry.subject}>
                  {entry.about === null ? subjectOf(entry.subject) : accountText(entry.about)}
                </span>
                <span role="gridcell" className="audit-signed" title={t(entry.isSigned ? 'isSigned' : 'isNotSigned')}>
                  {entry.isSigned ? '✎' : ''}
                  {entry.mode === 'drill' ? ` ${t('drill')}` : ''}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      <div className="section-note row">
        <span data-testid="audit-found">
          {entries.length === 0 && !isWaiting ? t('none') : t('found', { count: entries.length })}
          {searchedFrom !== null && nextBefore !== null && ` · ${t('searchedTo', { sequence: searchedFrom })}`}
        </span>
        <span className="spacer" />
        {nextBefore !== null && (
          <button type="button" className="link-button" disabled={isWaiting} data-testid="audit-more" onClick={more}>
            {t('more')}
          </button>
        )}
      </div>
    </div>
  );
}
