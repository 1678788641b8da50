/** What of an account does not agree: counter against ours, position rows against the account slice, and settlement statements against both. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountPicture } from '#shared/contract/streams';
import { reasonText } from '../../components/data-table/reason-text';
import { ExportButtons } from '../../components/export-buttons';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { openPanel } from '../../state/navigation';
import { useMarketTimeZone } from '../../state/shown-market';
import { useRequest } from '../../state/use-stream';
import { Comparison } from './statement-detail';
import './statements.css';
import { Select } from '../../components/select';

const HALF_CENT = 0.005;

export function AccountReconcile({ accountID, picture }: { accountID: string; picture: AccountPicture }): ReactNode {
  const { t } = useTranslation('statements');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useRequest('statement.list', { clientID: accountID });
  const statements = list.answer?.statements ?? [];
  const shown = statements.find((each) => each.statementId === chosen) ?? statements[0] ?? null;
  const compared = picture.figures.filter((pair) => isKnown(pair.residual));
  const differing = compared.filter((pair) => Math.abs(pair.residual ?? 0) > (pair.tolerance ?? HALF_CENT));
  const unknown = picture.figures.filter((pair) => pair.reason !== null);
  const name = (field: string): string => t(`table:column.${field}`, { defaultValue: field });
  return (
    <section className="account-section" data-testid="reconcile" data-differs={differing.length} aria-label={t('reconcile.title')}>
      <div className="section-scroll panel-pad stack">
        <div className="row">
          <h3>{t('reconcile.counter')}</h3>
          <div className="spacer" />
          <ExportButtons testId="export-accountFigures" payload={() => ({ table: 'accountFigures', scope: { accountID } })} />
        </div>
        <div className="secondary">
          {t('reconcile.times', {
            counter: format.marketDateTime(picture.counterAsOfMs, timeZone),
            market: format.marketDateTime(picture.marketAsOfMs, timeZone),
          })}
        </div>
        {compared.length === 0 ? (
          <div className="secondary">{t('reconcile.nothing')}</div>
        ) : (
          <div className="statement-verdict" data-good={differing.length === 0}>
            <span aria-hidden="true">{differing.length === 0 ? '✓ ' : '▲ '}</span>
            {differing.length === 0
              ? t('reconcile.agrees', { count: compared.length })
              : t('reconcile.differs', { count: differing.length, of: compared.length })}
          </div>
        )}
        {differing.length > 0 && (
          <ul className="reconcile-list">
            {differing.map((pair) => (
              <li key={pair.field}>
                {name(pair.field)}: <strong>{format.signed(pair.residual, 2)}</strong>{' '}
                <span className="secondary">
                  {t('reconcile.pair', { counter: format.number(pair.counter, 2), ours: format.number(pair.ours, 2) })}
                </span>
              </li>
            ))}
          </ul>
        )}
        {unknown.length > 0 && (
          <ul className="reconcile-list secondary">
            {unknown.map((pair) => (
              <li key={pair.field}>
                {name(pair.field)}: {reasonText(t, pair.reason)}
              </li>
            ))}
          </ul>
        )}
        <div className="row">
          <h3>{t('reconcile.statements')}</h3>
          {statements.length > 1 && (
            <Select
              isSmall
              label={t('reconcile.statements')}
              options={statements.map((each) => ({
                value: each.statementId,
                label: `${format.tradingDay(each.date)} ${t(`basisOf.${each.basis}`)}`,
              }))}
              value={shown?.statementId ?? ''}
              onValueChange={setChosen}
            />
          )}
          <button type="button" className="link-button" onClick={() => openPanel('statements')}>
            {t('reconcile.open')}
          </button>
        </div>
        <RefusalNotice refusal={list.refusal} onRetry={list.reload} />
        {list.answer !== null && shown === null && <div className="secondary">{t('reconcile.noStatement')}</div>}
        {shown !== null && <Comparison key={shown.statementId} statement={shown} />}
      </div>
    </section>
  );
}
