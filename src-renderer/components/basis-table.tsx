/** The dated rows that figures were made by: what, how much, since when, from where and how sure. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Certainty } from '#shared/feed/items';
import { CertaintyMark } from './certainty-mark';
import { useFormat } from './format/use-format';
import { figures, TableHead } from './table-head';
import { useCitationText } from './use-citation-text';

type Source = { effectiveFrom: string; citation: string; certainty: Certainty };
type Row = Source & { name: string; value: number };

export function BasisTable({ basis }: { basis: readonly Row[] }): ReactNode {
  const { t } = useTranslation('explain');
  const format = useFormat();
  if (basis.length === 0) return null;
  return (
    <details className="basis" data-testid="basis">
      <summary>{t('basis.title', { count: basis.length })}</summary>
      <table className="plain-table">
        <TableHead headings={[t('basis.name'), figures(t('basis.value')), t('basis.from'), t('basis.certainty'), t('basis.citation')]} />
        <tbody>
          {basis.map((row) => (
            <tr key={`${row.name} ${row.effectiveFrom}`}>
              <td>{t(`basis.row.${row.name}`, { defaultValue: row.name })}</td>
              <td className="number">{format.price(row.value, null)}</td>
              <SourceCells row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Since when, how sure, and from where: the last cells of a dated row. */
export function SourceCells({ row: { effectiveFrom, certainty, citation } }: { row: Source }): ReactNode {
  const format = useFormat();
  const citationText = useCitationText();
  return (
    <>
      <td>{format.tradingDay(effectiveFrom)}</td>
      <td>
        <CertaintyMark certainty={certainty} />
      </td>
      <td>{citationText(citation)}</td>
    </>
  );
}
