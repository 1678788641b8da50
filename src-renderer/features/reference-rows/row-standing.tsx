/** How one of the desk's own rows stands to the feed today, and where the two differ. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnRowStanding } from '#shared/contract/reference-rows';
import { figures, TableHead } from '../../components/table-head';
import { useReferenceWords } from './reference-words';

const SIGNS = { later: '◷', ended: '–', inUse: '●', overrides: '◆', feedAgrees: '✓', feedDiffers: '▲' } as const;

export function UseMark({ use }: { use: OwnRowStanding['use'] | 'withdrawn' }): ReactNode {
  const { t } = useTranslation('reference');
  return (
    <span className="reference-use" data-use={use} title={t(`useMeaning.${use}`)}>
      <span aria-hidden="true">{use === 'withdrawn' ? '✕' : SIGNS[use]} </span>
      {t(`use.${use}`)}
    </span>
  );
}

const MOST_DIFFERENCES = 20;

export function Differences({ standing }: { standing: OwnRowStanding }): ReactNode {
  const { t } = useTranslation('reference');
  const words = useReferenceWords();
  const { differences } = standing;
  if (differences.length === 0) return null;
  return (
    <table className="plain-table" data-testid="reference-differences" data-count={differences.length}>
      <TableHead headings={[t('column.contract'), t('column.field'), figures(t('ownSays')), figures(t('feedSays'))]} />
      <tbody>
        {differences.slice(0, MOST_DIFFERENCES).map(({ about, field, own, feed }) => (
          <tr key={`${about} ${field}`}>
            <td>{about}</td>
            <td>{words.field(field)}</td>
            <td className="number">{words.value(field, own)}</td>
            <td className="number">{words.value(field, feed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
