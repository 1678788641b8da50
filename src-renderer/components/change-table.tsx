/** What was beside what is, field by field, changed fields first: for approvals, which are about a change, and for the audit, which shows one. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChangedField, changedFields } from './changed-fields';
import { TableHead } from './table-head';
import './change-table.css';
import { useFieldWords } from './entry-words';

type Props = { before: unknown; after: unknown; labels: { before: string; after: string }; testId: string };

export function ChangeTable({ before, after, labels, testId }: Props): ReactNode {
  const { t } = useTranslation('app');
  const fields = changedFields(before, after);
  const words = useFieldWords();
  const hasBefore = before !== null && before !== undefined;
  return (
    <table className="change-table" data-testid={testId}>
      <TableHead headings={[t('change.field'), hasBefore && labels.before, labels.after]} />
      <tbody>
        {fields.map((field) => (
          <tr key={field.path} data-change={hasBefore ? field.change : 'same'}>
            <th scope="row" title={field.path}>
              {field.path === '' ? t('change.value') : words.field(field.path)}
              {hasBefore && field.change !== 'same' && <Mark change={field.change} />}
            </th>
            {hasBefore && (
              <td className="mono" title={field.before ?? ''}>
                {words.value(field.path, field.before)}
              </td>
            )}
            <td className="mono" title={field.after ?? ''}>
              {words.value(field.path, field.after)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mark({ change }: { change: ChangedField['change'] }): ReactNode {
  const { t } = useTranslation('app');
  const glyph = { changed: '≠', added: '+', removed: '−', same: '' }[change];
  return (
    <span className="change-mark">
      {' '}
      <span aria-hidden="true">{glyph}</span> {t(`change.${change}`)}
    </span>
  );
}
