/** A live list with its filter, as a panel: accounts, positions, orders, trades and quotes differ only in their table. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowByTable, Scope, TableName, TableParams } from '#shared/contract/streams';
import { DataTable } from '../../components/data-table/data-table';
import { ExportButtons } from '../../components/export-buttons';
import { FilterInput } from '../../components/filter-input';
import { useNavigation } from '../../state/navigation';
import './accounts.css';

type Props<Name extends TableName> = {
  table: Name;
  initialSort?: NonNullable<TableParams['sort']>;
  onOpen?: (row: RowByTable[Name]) => void;
  children?: ReactNode;
};

const EVERYTHING: Scope = {};

function scopeText(scope: Scope): string {
  return Object.values(scope)
    .filter((part) => part !== undefined)
    .join(' · ');
}

export function Blotter<Name extends TableName>({ table, initialSort, onOpen, children }: Props<Name>): ReactNode {
  const { t } = useTranslation('accounts');
  const [filter, setFilter] = useState('');
  const [isFollowing, setIsFollowing] = useState(false);
  const deskScope = useNavigation((state) => state.scope);
  const scope = isFollowing ? deskScope : EVERYTHING;
  const tableName: string = table;
  return (
    <div className="panel" data-testid={`blotter-${tableName}`}>
      <div className="panel-bar">
        <FilterInput value={filter} name={t(`title.${tableName}`)} testId={`filter-${tableName}`} onChange={setFilter} />
        <button
          type="button"
          className="blotter-follow"
          aria-pressed={isFollowing}
          title={t('followHint')}
          data-testid={`follow-${tableName}`}
          onClick={() => setIsFollowing(!isFollowing)}
        >
          {isFollowing ? t('following', { scope: scopeText(deskScope) === '' ? t('wholeFirm') : scopeText(deskScope) }) : t('follow')}
        </button>
        <div className="spacer" />
        {children}
        <ExportButtons testId={`export-${tableName}`} payload={() => ({ table, scope, filter: filter.slice(0, 100) })} />
      </div>
      <DataTable
        table={table}
        scope={scope}
        filter={filter}
        name={t(`title.${tableName}`)}
        {...(initialSort === undefined ? {} : { initialSort })}
        {...(onOpen === undefined ? {} : { onOpen })}
      />
    </div>
  );
}
