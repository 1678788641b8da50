/** The risk budget: what is left after one to four locked limits against the account, how many lots may be kept, and a second opinion. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountBudget as Answer } from '#shared/contract/numbers-account';
import { Choice } from '../../components/choice';
import { reasonText } from '../../components/data-table/reason-text';
import { ExportButtons } from '../../components/export-buttons';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { LevelMark } from '../../components/level-mark';
import { RefusalNotice } from '../../components/refusal-notice';
import { figures, TableHead } from '../../components/table-head';
import { useNow } from '../../state/use-now';
import { useRequest } from '../../state/use-stream';
import { VarBlock } from '../stress/var-block';
import './distance.css';

const REFRESH_MS = 3000;
const DAYS = ['1', '2', '3', '4'] as const;

export function AccountBudget({ accountID }: { accountID: string }): ReactNode {
  const { t } = useTranslation('distance');
  const nowMs = useNow();
  const { answer, refusal, reload } = useRequest('budget.account', { accountID }, Math.floor(nowMs / REFRESH_MS));
  return (
    <section className="account-section" data-testid="budget" aria-label={t('budget.title')}>
      <div className="panel-bar">
        <div className="spacer" />
        <ExportButtons testId="export-budget" payload={() => ({ table: 'budget', scope: { accountID } })} />
      </div>
      <RefusalNotice refusal={refusal} action={t('budget.title')} onRetry={reload} />
      <div className="section-scroll">
        {answer === null && refusal === null && <div className="empty">{t('app:loading')}</div>}
        {answer !== null && <Budget answer={answer} />}
        <VarBlock of={{ type: 'account', accountID }} />
      </div>
    </section>
  );
}

function Budget({ answer }: { answer: Answer }): ReactNode {
  const { t } = useTranslation('distance');
  const format = useFormat();
  const money = (value: number | null): ReactNode =>
    isKnown(value) ? format.number(value, 2) : <Unknown reason={reasonText(t, answer.figures.reason)} />;
  return (
    <>
      <p className="section-note">{t('budget.meaning')}</p>
      <table className="plain-table" data-testid="budget-days">
        <TableHead
          headings={[
            t('budget.day'),
            ...(['loss', 'balance', 'currMargin'] as const).map((field) => figures(t(`budget.${field}`))),
            t('table:column.level'),
          ]}
        />
        <tbody>
          <tr>
            <td>{t('budget.now')}</td>
            <td />
            <td className="number">{money(answer.figures.balance)}</td>
            <td className="number">{money(answer.figures.currMargin)}</td>
            <td>
              <LevelMark level={answer.figures.level} reason={answer.figures.reason} />
            </td>
          </tr>
          {answer.days.map((day) => (
            <tr key={day.day} data-day={day.day}>
              <td>
                <strong>D{day.day}</strong> <span className="secondary">{t('budget.limitDays', { count: day.day })}</span>
              </td>
              <td className="number">{money(day.loss)}</td>
              <td className={`number${(day.balance ?? 1) <= 0 ? ' budget-close' : ''}`}>{money(day.balance)}</td>
              <td className="number">{money(day.currMargin)}</td>
              <td>
                <LevelMark level={day.level} reason={answer.figures.reason} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Keep answer={answer} />
    </>
  );
}

function Keep({ answer }: { answer: Answer }): ReactNode {
  const { t } = useTranslation('distance');
  const format = useFormat();
  const [day, setDay] = useState<(typeof DAYS)[number]>('1');
  const contracts = answer.keep.find((each) => String(each.day) === day)?.contracts ?? null;
  return (
    <>
      <div className="panel-bar">
        <h3>{t('budget.keepTitle')}</h3>
        <Choice label={t('budget.keepDays')} name="keep" values={DAYS} chosen={day} text={(each) => `D${each}`} onChoose={setDay} />
      </div>
      <p className="section-note">{t('budget.keepMeaning', { count: Number(day) })}</p>
      {contracts === null ? (
        <div className="panel-pad">{t('explain:why', { reason: reasonText(t, answer.figures.reason) })}</div>
      ) : (
        <table className="plain-table" data-testid="budget-keep">
          <TableHead
            headings={[
              t('table:column.instrumentID'),
              ...(['longVolume', 'shortVolume', 'mayKeep', 'shouldClose'] as const).map((field) =>
                figures(t(field === 'longVolume' || field === 'shortVolume' ? `contract.${field}` : `budget.${field}`)),
              ),
            ]}
          />
          <tbody>
            {contracts.map((contract) => (
              <tr key={`${contract.exchangeID}.${contract.instrumentID}`}>
                <td>
                  {contract.instrumentID} <span className="secondary">{contract.exchangeID}</span>
                </td>
                <td className="number">{format.number(contract.longVolume)}</td>
                <td className="number">{format.number(contract.shortVolume)}</td>
                <td className="number">{format.number(contract.mayKeep)}</td>
                <td className="number">
                  {contract.shouldClose === 0 ? format.number(0) : <strong className="budget-close">▼ {format.number(contract.shouldClose)}</strong>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
