/** What one account would show under a scenario, saved or put together here: its figures beside those of now, and each contract's part. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountStress as Answer } from '#shared/contract/numbers-account';
import type { RequestPayload } from '#shared/contract/requests';
import { FigureSets } from '../../components/figure-sets';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { figures, TableHead } from '../../components/table-head';
import { useNow } from '../../state/use-now';
import { useRequest } from '../../state/use-stream';
import '../../components/sections.css';
import { PriceFields } from './price-fields';
import { draftOf, EMPTY_CASH, EMPTY_FORM, EMPTY_MARGIN, numberOf, type ScenarioForm } from './scenario-form';
import { useScenarios } from './scenario-list';
import { scenarioName } from './scenario-name';
import './stress.css';
import { Select } from '../../components/select';

const REFRESH_MS = 2000;
/** The choice that is no scenario: a question put together on the spot. */
const OWN = '';

export function AccountStress({ accountID }: { accountID: string }): ReactNode {
  const { t } = useTranslation('stress');
  const nowMs = useNow();
  const { scenarios } = useScenarios();
  const [scenarioId, setScenarioId] = useState(OWN);
  const [form, setForm] = useState<ScenarioForm>({ ...EMPTY_FORM, name: 'what-if' });
  const isOwn = scenarioId === OWN;
  const hasNumbers = isAnswerable(form);
  const payload: RequestPayload<'stress.account'> | null = isOwn
    ? hasNumbers
      ? { accountID, draft: draftOf(form) }
      : null
    : { accountID, scenarioId };
  const { answer, refusal } = useRequest('stress.account', payload, Math.floor(nowMs / REFRESH_MS));
  return (
    <section className="account-section" data-testid="account-stress" aria-label={t('account.title')}>
      <div className="section-scroll">
        <div className="panel-pad stack">
          <div className="row">
            <Select
              isSmall
              label={t('scenario')}
              options={[
                { value: OWN, label: t('account.own') },
                ...(scenarios ?? []).map(({ scenario }) => ({
                  value: scenario.scenarioId,
                  label: `${scenarioName(scenario.scenarioId, scenario.name, t)} v${scenario.version}`,
                })),
              ]}
              value={scenarioId}
              testId="account-stress-scenario"
              onValueChange={setScenarioId}
            />
            <span className="secondary">{t('account.hint')}</span>
          </div>
          {isOwn && <OwnQuestion accountID={accountID} form={form} onChange={(part) => setForm((before) => ({ ...before, ...part }))} />}
          {isOwn && !hasNumbers && <div className="secondary">{t('account.incomplete')}</div>}
          <RefusalNotice refusal={refusal} action={t('account.title')} />
        </div>
        {answer !== null && <Outcome answer={answer} />}
      </div>
    </section>
  );
}

/** Half-typed numbers ask nothing: a refusal with every key would be noise. */
function isAnswerable(form: ScenarioForm): boolean {
  const isNumber = (text: string) => Number.isFinite(numberOf(text));
  return (
    (form.priceType !== 'percent' || isNumber(form.percent)) &&
    (form.priceType !== 'custom' || form.moves.every((row) => isNumber(row.percent))) &&
    form.margins.every((row) => isNumber(row.addedPoints)) &&
    form.cash.every((row) => isNumber(row.amount))
  );
}

type QuestionProps = { accountID: string; form: ScenarioForm; onChange(part: Partial<ScenarioForm>): void };

function OwnQuestion({ accountID, form, onChange }: QuestionProps): ReactNode {
  const { t } = useTranslation('stress');
  const cash = form.cash[0]?.amount ?? '';
  const margin = form.margins[0]?.addedPoints ?? '';
  return (
    <div className="stack" data-testid="account-stress-own">
      <PriceFields form={form} onChange={onChange} />
      <div className="row">
        <NumberEntry
          label={t('account.cash')}
          value={cash}
          testId="account-stress-cash"
          onValueChange={(amount) => onChange({ cash: amount === '' ? [] : [{ ...EMPTY_CASH, accountID, amount }] })}
        />
        <NumberEntry
          label={t('account.margin')}
          value={margin}
          testId="account-stress-margin"
          onValueChange={(addedPoints) => onChange({ margins: addedPoints === '' ? [] : [{ ...EMPTY_MARGIN, addedPoints }] })}
        />
        {(cash !== '' || margin !== '') && (
          <Button size="small" onClick={() => onChange({ cash: [], margins: [] })}>
            {t('account.clear')}
          </Button>
        )}
      </div>
    </div>
  );
}

type NumberProps = { label: string; value: string; testId: string; onValueChange(value: string): void };

/** Empty is nothing added. */
function NumberEntry({ label, value, testId, onValueChange }: NumberProps): ReactNode {
  const id = useId();
  return (
    <span className="labelled">
      <label htmlFor={id}>{label}</label>
      <InputGroup
        id={id}
        size="small"
        className="number-input"
        inputMode="decimal"
        placeholder="0"
        value={value}
        data-testid={testId}
        onValueChange={onValueChange}
      />
    </span>
  );
}

function Outcome({ answer }: { answer: Answer }): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  return (
    <>
      <FigureSets before={answer.before} after={answer.after} labels={{ before: t('now'), after: t('after') }} testId="account-stress-figures" />
      <h3 className="section-title">{t('account.contracts')}</h3>
      <table className="plain-table" data-testid="account-stress-contracts">
        <TableHead
          headings={[
            t('table:column.instrumentID'),
            figures(t('table:column.lastPrice')),
            figures(t('account.shocked')),
            figures(t('table:column.change')),
            figures(t('account.profitChange')),
          ]}
        />
        <tbody>
          {answer.contracts.map((contract) => {
            const move =
              isKnown(contract.price) && isKnown(contract.shockedPrice) && contract.price > 0
                ? (contract.shockedPrice / contract.price - 1) * 100
                : null;
            return (
              <tr key={`${contract.exchangeID}.${contract.instrumentID}`}>
                <td>
                  {contract.instrumentID} <span className="secondary">{contract.exchangeID}</span>
                </td>
                <td className="number">{isKnown(contract.price) ? format.price(contract.price, null) : <Unknown reason="noPrice" />}</td>
                <td className="number">
                  {isKnown(contract.shockedPrice) ? format.price(contract.shockedPrice, null) : <Unknown reason="noPrice" />}
                </td>
                <td className="number">{move === null ? '' : `${format.signed(move, 2)}%`}</td>
                <td className={`number${(contract.profitChange ?? 0) > 0 ? ' up' : (contract.profitChange ?? 0) < 0 ? ' down' : ''}`}>
                  {isKnown(contract.profitChange) ? format.signed(contract.profitChange, 2) : <Unknown reason={null} />}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
