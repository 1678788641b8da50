/** One statement: what of it does not follow from its own lots and prices, and how its close compares with our figures of that client. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StatementComparison, StatementView } from '#shared/contract/numbers-desk';
import { reasonText } from '../../components/data-table/reason-text';
import { ExportButtons } from '../../components/export-buttons';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { figures, TableHead } from '../../components/table-head';
import { usePersonName } from '../../state/person-names';
import { useRequest } from '../../state/use-stream';
import { openAccountAt } from '../accounts/account-sections';
import './statements.css';

const HALF_CENT = 0.005;

export function StatementDetail({ statement }: { statement: StatementView }): ReactNode {
  const { t } = useTranslation('statements');
  const format = useFormat();
  const personName = usePersonName();
  const { disagreements } = statement;
  return (
    <article className="panel-pad stack" data-testid="statement" data-client={statement.clientID} data-disagreements={disagreements.length}>
      <h3>
        {statement.clientID} <span className="secondary">{statement.clientName}</span> {format.tradingDay(statement.date)}
      </h3>
      <dl className="facts">
        <dt>{t('basis')}</dt>
        <dd>{t(`basisOf.${statement.basis}`)}</dd>
        <dt>{t('table:column.currencyID')}</dt>
        <dd>{statement.currencyID}</dd>
        <dt>{t('imported')}</dt>
        <dd>
          {format.dateTime(statement.importedAtMs)} · {personName(statement.importedBy)}
        </dd>
        <dt>SHA-256</dt>
        <dd className="mono">{statement.sha256}</dd>
      </dl>
      <div className="statement-verdict" data-good={disagreements.length === 0} data-testid="statement-verdict">
        <span aria-hidden="true">{disagreements.length === 0 ? '✓ ' : '▲ '}</span>
        {disagreements.length === 0
          ? t('agrees', { count: statement.checkCount - statement.notRecomputed })
          : t('disagrees', { count: disagreements.length, of: statement.checkCount - statement.notRecomputed })}
        {statement.notRecomputed > 0 && ` · ${t('notRecomputed', { count: statement.notRecomputed })}`}
      </div>
      {disagreements.length > 0 && (
        <div className="table-scroll">
          <table className="plain-table" data-testid="statement-disagreements">
            <TableHead
              headings={[figures(t('line')), t('subject'), t('field'), figures(t('stated')), figures(t('computed')), figures(t('difference'))]}
            />
            <tbody>
              {disagreements.map((check) => (
                <tr key={`${check.subject} ${check.field} ${check.line}`}>
                  <td className="number">{check.line === null ? '' : format.number(check.line)}</td>
                  <td>{t(`subjectName.${check.subject}`, { defaultValue: check.subject })}</td>
                  <td>{t([`fieldName.${check.field}`, `table:column.${check.field}`], { defaultValue: check.field })}</td>
                  <td className="number">{format.number(check.stated, 2)}</td>
                  <td className="number">{isKnown(check.computed) ? format.number(check.computed, 2) : <Unknown reason={check.reason ?? null} />}</td>
                  <td className="number statement-difference">{format.signed(check.difference, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Comparison statement={statement} />
    </article>
  );
}

export function Comparison({ statement }: { statement: StatementView }): ReactNode {
  const { t } = useTranslation('statements');
  const format = useFormat();
  const { answer, refusal, reload } = useRequest('statement.compare', { statementId: statement.statementId });
  if (refusal !== null) return <RefusalNotice refusal={refusal} action={t('compare')} onRetry={reload} />;
  if (answer === null) return <div className="secondary">{t('app:loading')}</div>;
  const figure = (value: number | null, reason: string | null): ReactNode =>
    isKnown(value) ? format.number(value, 2) : <Unknown reason={reasonText(t, reason)} />;
  return (
    <section className="stack" data-testid="statement-comparison" data-relation={answer.relation}>
      <div className="row">
        <h3>{t('compare')}</h3>
        <span className="secondary">{t(`relation.${answer.relation}`)}</span>
        {answer.relation !== 'noAccount' && (
          <button type="button" className="link-button" onClick={() => openAccountAt(answer.accountID, 'reconcile')}>
            {t('overview:openAccount')}
          </button>
        )}
        <div className="spacer" />
        <ExportButtons testId="export-statement" payload={() => ({ table: 'statementComparison', statementId: statement.statementId })} />
      </div>
      {answer.fields.length > 0 && (
        <div className="table-scroll">
          <table className="plain-table">
            <TableHead
              headings={[
                t('field'),
                figures(t('stated')),
                figures(t('accounts:figures.ours')),
                figures(t('accounts:figures.counter')),
                figures(t('accounts:figures.residual')),
              ]}
            />
            <tbody>
              {answer.fields.map((row) => (
                <tr key={row.field} data-field={row.field} data-differs={isKnown(row.residual) && Math.abs(row.residual) > HALF_CENT}>
                  <td>{t([`fieldName.${row.field}`, `table:column.${row.field}`], { defaultValue: row.field })}</td>
                  <td className="number">{figure(row.stated, 'notReported')}</td>
                  <td className="number">{figure(row.ours, row.reason)}</td>
                  <td className="number">{figure(row.counter, row.reason)}</td>
                  <td className="number statement-difference">{isKnown(row.residual) ? format.signed(row.residual, 2) : ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {answer.positions.length > 0 && <Positions positions={answer.positions} relation={answer.relation} />}
    </section>
  );
}

type PositionsProps = Pick<StatementComparison, 'positions' | 'relation'>;

function Positions({ positions, relation }: PositionsProps): ReactNode {
  const { t } = useTranslation('statements');
  const format = useFormat();
  const isDayBefore = relation === 'dayBefore';
  const isOther = (stated: number | null, ours: number | null): boolean => isKnown(stated) && isKnown(ours) && Math.abs(stated - ours) > 1e-9;
  const differing = positions.filter((row) => isOther(row.statedVolume, row.volume) || isOther(row.statedPrice, row.price)).length;
  const price = (value: number | null, reason: string | null): ReactNode =>
    isKnown(value) ? format.price(value, null) : <Unknown reason={reasonText(t, reason)} />;
  return (
    <>
      <h3>{t(isDayBefore ? 'positions.carried' : 'positions.closed')}</h3>
      <div className="statement-verdict" data-good={differing === 0}>
        <span aria-hidden="true">{differing === 0 ? '✓ ' : '▲ '}</span>
        {differing === 0 ? t('positions.agree', { count: positions.length }) : t('positions.differ', { count: differing, of: positions.length })}
      </div>
      <div className="table-scroll">
        <table className="plain-table" data-testid="statement-positions" data-differs={differing}>
          <TableHead
            headings={[
              t('table:column.instrumentID'),
              t('positions.side'),
              figures(t('positions.statedLots')),
              figures(t(isDayBefore ? 'positions.morningLots' : 'positions.lotsNow')),
              figures(t('positions.statedPrice')),
              figures(t(isDayBefore ? 'table:column.preSettlementPrice' : 'positions.price')),
            ]}
          />
          <tbody>
            {positions.map((row) => (
              <tr
                key={`${row.exchangeID}.${row.instrumentID} ${row.direction}`}
                data-differs={isOther(row.statedVolume, row.volume) || isOther(row.statedPrice, row.price)}
              >
                <td>
                  {row.instrumentID} <span className="secondary">{row.exchangeID}</span>
                </td>
                <td>{t(`table:value.direction.${row.direction}`)}</td>
                <td className="number">{format.number(row.statedVolume)}</td>
                <td className="number">{isKnown(row.volume) ? format.number(row.volume) : <Unknown reason={reasonText(t, row.reason)} />}</td>
                <td className="number">{row.statedPrice === null ? '' : price(row.statedPrice, null)}</td>
                <td className="number">{price(row.price, row.reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
