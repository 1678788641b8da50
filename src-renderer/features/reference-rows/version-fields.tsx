/** What a version of a row says, beside what the one before it said: every field of the first, of a later one what it changed. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnRowDraft } from '#shared/desk/reference-rows/own-row';
import { TableHead } from '../../components/table-head';
import { useReferenceWords } from './reference-words';

function fieldsOf(draft: OwnRowDraft | null): Record<string, unknown> {
  if (draft === null) return {};
  const { kind: _kind, ...item } = draft.item;
  return { ...item, precedence: draft.precedence };
}

export function VersionFields({ before, after }: { before: OwnRowDraft | null; after: OwnRowDraft }): ReactNode {
  const { t } = useTranslation('reference');
  const words = useReferenceWords();
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(is), ...Object.keys(was)])].filter((name) => before === null || was[name] !== is[name]);
  return (
    <table className="rule-ladder" data-testid="own-row-fields" data-count={names.length}>
      <TableHead headings={[t('column.field'), before !== null && t('before'), t(before === null ? 'column.says' : 'after')]} />
      <tbody>
        {names.map((name) => (
          <tr key={name} data-field={name}>
            <td>{words.field(name)}</td>
            {before !== null && <td>{words.value(name, was[name])}</td>}
            <td>{words.value(name, is[name])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
