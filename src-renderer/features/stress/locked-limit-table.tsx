/** The dated rows by which exchanges widen limits and raise margin rates while a contract stays locked, with where they come from and how sure that is. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { groupBy } from '#shared/group-by';
import type { LockedLimitRow } from '#shared/market/what-if/locked-limits';
import { SourceCells } from '../../components/basis-table';
import { useFormat } from '../../components/format/use-format';
import { figures, TableHead } from '../../components/table-head';
import { useStream } from '../../state/use-stream';

const COUNTS = [1, 2, 3, 4] as const;

/** Rows that say the same of several places stand once. */
function sayingOf({ exchangeID: _, productID: __, ...saying }: LockedLimitRow): string {
  return JSON.stringify(saying);
}

function placeOf({ exchangeID, productID }: LockedLimitRow): string {
  return productID === undefined ? exchangeID : `${exchangeID}.${productID}`;
}

export function LockedLimitTable(): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const { picture } = useStream('scenarios', {});
  const rows = picture?.lockedLimits ?? [];
  const points = (share: number): string => format.number(share * 100, 2).replace(/\.?0+$/, '');
  return (
    <details className="basis" data-testid="locked-limit-rows" data-rows={rows.length}>
      <summary>{t('widening.table', { count: rows.length })}</summary>
      <table className="plain-table">
        <TableHead
          headings={[
            t('widening.exchangeOf'),
            ...COUNTS.map((count) => figures(t('widening.after', { count }), t('widening.pointsHint'))),
            t('widening.from'),
            t('widening.certainty'),
            t('widening.citation'),
          ]}
        />
        <tbody>
          {[...groupBy(rows, sayingOf).values()].map(
            ([row, ...more]) =>
              row !== undefined && (
                <tr key={`${row.exchangeID}.${row.productID ?? ''} ${row.effectiveFrom}`}>
                  <td>{[row, ...more].map(placeOf).join(' ')}</td>
                  {COUNTS.map((count) => {
                    const day = row.after[count - 1];
                    return (
                      <td key={count} className="number">
                        {day === undefined ? '' : t('widening.points', { limit: points(day.limitAdded), margin: points(day.marginAdded) })}
                      </td>
                    );
                  })}
                  <SourceCells row={row} />
                </tr>
              ),
          )}
        </tbody>
      </table>
    </details>
  );
}
