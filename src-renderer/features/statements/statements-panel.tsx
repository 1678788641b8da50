/** Settlement statements: take one in, see what does not add up, compare it with our figures. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportButtons } from '../../components/export-buttons';
import { useFormat } from '../../components/format/use-format';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { TableHead } from '../../components/table-head';
import { useRequest } from '../../state/use-stream';
import '../../components/sections.css';
import { StatementDetail } from './statement-detail';
import { StatementImport } from './statement-import';
import './statements.css';

export function StatementsPanel(): ReactNode {
  const { t } = useTranslation('statements');
  const format = useFormat();
  const [imports, setImports] = useState(0);
  const [openId, setOpenId] = useState<string | null>(null);
  const { answer, refusal, reload } = useRequest('statement.list', {}, imports);
  const statements = answer?.statements ?? [];
  const opened = statements.find((each) => each.statementId === openId) ?? null;
  return (
    <div className="panel" data-testid="statements">
      <StatementImport
        onImported={(statement) => {
          setOpenId(statement.statementId);
          setImports((value) => value + 1);
        }}
      />
      <RefusalNotice refusal={refusal} action={t('title')} onRetry={reload} />
      {answer !== null && statements.length === 0 && (
        <div className="empty" data-testid="statements-empty">
          <strong>{t('none')}</strong>
          <span>{t('noneTodo')}</span>
        </div>
      )}
      {statements.length > 0 && (
        <MasterDetail
          list={
            <div className="section-scroll">
              <ExportButtons testId="export-statements" payload={() => ({ table: 'statements' })} />
              <table className="plain-table" data-testid="statement-list">
                <TableHead headings={[t('table:column.accountID'), t('date'), t('basis'), t('verdict'), t('imported')]} />
                <tbody>
                  {statements.map((statement) => (
                    <tr key={statement.statementId} data-testid="statement-row" data-client={statement.clientID}>
                      <td>
                        <button type="button" className="link-button" onClick={() => setOpenId(statement.statementId)}>
                          {statement.clientID}
                        </button>{' '}
                        <span className="secondary">{statement.clientName}</span>
                      </td>
                      <td>{format.tradingDay(statement.date)}</td>
                      <td className="statement-whole">{t(`basisOf.${statement.basis}`)}</td>
                      <td className="statement-verdict statement-whole" data-good={statement.disagreements.length === 0}>
                        {statement.disagreements.length === 0 ? `✓ ${t('good')}` : `▲ ${t('differences', { count: statement.disagreements.length })}`}
                      </td>
                      <td>{format.dateTime(statement.importedAtMs)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          }
          detail={opened === null ? null : <StatementDetail key={opened.statementId} statement={opened} />}
          onBack={() => setOpenId(null)}
        />
      )}
    </div>
  );
}
