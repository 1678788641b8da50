/** What the journal holds about an alert, each entry with its hash: the answer to "who did what, and can it be proved". */
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { useFormat } from '../../components/format/use-format';
import { usePersonName } from '../../state/person-names';

type Entry = RequestAnswer<'alert.get'>['history'][number];

function noteOf(payload: unknown, t: TFunction): string | null {
  if (payload === null || typeof payload !== 'object') return null;
  const { note, disposition } = payload as { note?: unknown; disposition?: unknown };
  const why = typeof disposition === 'string' ? t(`alerts:disposition.${disposition}`, { defaultValue: disposition }) : undefined;
  const parts = [why, note].filter((part): part is string => typeof part === 'string' && part !== '');
  return parts.length === 0 ? null : parts.join(': ');
}

export function AlertHistory({ entries }: { entries: Entry[] | null }): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const nameOf = usePersonName();
  if (entries === null) return <span className="secondary">{t('historyWaiting')}</span>;
  return (
    <ol className="alert-history" data-testid="alert-history">
      {entries.map((entry) => (
        <li key={entry.sequence} data-type={entry.type}>
          <span className="secondary">{format.dateTime(entry.atMs)}</span> <strong>{t(`entry.${entry.type}`, { defaultValue: entry.type })}</strong>{' '}
          <span>{t(`systemActor.${entry.actor}`, { defaultValue: nameOf(entry.actor) })}</span>
          {noteOf(entry.payload, t) !== null && <div>{noteOf(entry.payload, t)}</div>}
          <div className="mono muted alert-hash" title={entry.entryHash}>
            {t('entryHash', { sequence: entry.sequence, hash: entry.entryHash.slice(0, 16) })}
          </div>
        </li>
      ))}
    </ol>
  );
}
