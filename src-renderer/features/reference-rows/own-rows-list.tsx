/** The desk's own rows: what each says, how it stands to the feed, who stands for it. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnRowView } from '#shared/contract/reference-rows';
import { CertaintyMark } from '../../components/certainty-mark';
import { TableHead } from '../../components/table-head';
import { useCitationText } from '../../components/use-citation-text';
import { usePersonName } from '../../state/person-names';
import { placeText } from './place-text';
import { useReferenceWords } from './reference-words';
import { FIGURE_FIELDS } from './row-fields';
import { UseMark } from './row-standing';

type Props = { rows: readonly OwnRowView[]; openId: string | null; onOpen(rowId: string): void };

export function OwnRowsList({ rows, openId, onOpen }: Props): ReactNode {
  const { t } = useTranslation('reference');
  const words = useReferenceWords();
  const nameOf = usePersonName();
  const citationText = useCitationText();
  return (
    <div className="section-scroll">
      <table className="plain-table" data-testid="own-rows">
        <TableHead headings={[t('column.about'), t('column.says'), t('column.use'), t('column.from'), t('column.citation'), t('column.by')]} />
        <tbody>
          {rows.map(({ rowId, draft, standing, by, approvedBy }) => {
            const { item } = draft;
            const figures = FIGURE_FIELDS[item.kind].filter((field) => isTelling(field, (item as Record<string, unknown>)[field]));
            return (
              <tr key={rowId} aria-current={rowId === openId} data-testid="own-row" data-row={rowId} data-use={standing?.use ?? 'withdrawn'}>
                <td>
                  <button type="button" className="link-button" data-testid="own-row-open" onClick={() => onOpen(rowId)}>
                    {placeText(item)}
                  </button>
                  <div className="secondary reference-whole">{t(`kind.${item.kind}`)}</div>
                </td>
                <td>
                  {figures.map((field) => (
                    <div key={field} className="reference-whole">
                      {words.field(field)} {words.value(field, (item as Record<string, unknown>)[field])}
                    </div>
                  ))}
                </td>
                <td>
                  <UseMark use={standing?.use ?? 'withdrawn'} />
                  <div className="secondary">{t(`value.precedence.${draft.precedence}`)}</div>
                </td>
                <td className="reference-whole">{words.value('effectiveFrom', item.effectiveFrom)}</td>
                <td>
                  <CertaintyMark certainty={item.certainty} /> {citationText(item.citation)}
                </td>
                <td>
                  {nameOf(by)}
                  <div className="secondary">
                    {approvedBy.length === 0 ? t('byBreakGlass') : t('agreedBy', { people: approvedBy.map(nameOf).join(', ') })}
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A rate of nothing and an addend that is none say nothing in a list. */
function isTelling(field: string, value: unknown): boolean {
  if (value === undefined || value === 0 || value === false) return false;
  return field !== 'productID' && field !== 'currencyID' && field !== 'productClass';
}
