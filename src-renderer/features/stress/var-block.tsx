/** Value at risk: a second opinion beside the stress figures, which says what it left out and when it has too little history to say anything. */
import { Button, FileInput } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VarAnswer, VarEstimate, VarParams } from '#shared/contract/numbers-stress';
import { BasisTable } from '../../components/basis-table';
import { Choice } from '../../components/choice';
import { reasonText } from '../../components/data-table/reason-text';
import { ExportButtons } from '../../components/export-buttons';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction, useRequest } from '../../state/use-stream';
import './stress.css';
import { TextField } from '../../components/text-field';

const CONFIDENCES = ['0.95', '0.99'] as const;
const HORIZONS = ['1', '5', '10'] as const;

export function VarBlock({ of }: { of: VarParams['of'] }): ReactNode {
  const { t } = useTranslation('stress');
  const [confidence, setConfidence] = useState<(typeof CONFIDENCES)[number]>('0.99');
  const [horizon, setHorizon] = useState<(typeof HORIZONS)[number]>('1');
  const [imports, setImports] = useState(0);
  const params: VarParams = { of, confidence: confidence === '0.95' ? 0.95 : 0.99, horizonDays: Number(horizon) };
  const { answer, refusal, isWaiting, reload } = useRequest('var.compute', params, imports);
  return (
    <section className="panel-pad stack" data-testid="var" aria-label={t('var.title')}>
      <div className="row">
        <h3>{t('var.title')}</h3>
        <span className="second-opinion">{t('var.secondOpinion')}</span>
        <Choice
          label={t('var.confidence')}
          name="var-confidence"
          values={CONFIDENCES}
          chosen={confidence}
          text={(each) => `${Number(each) * 100}%`}
          onChoose={setConfidence}
        />
        <Choice
          label={t('var.horizon')}
          name="var-horizon"
          values={HORIZONS}
          chosen={horizon}
          text={(each) => t('form.days', { count: Number(each) })}
          onChoose={setHorizon}
        />
        <Button size="small" loading={isWaiting} onClick={reload}>
          {t('explain:again')}
        </Button>
        <div className="spacer" />
        <ExportButtons testId="export-var" payload={() => ({ table: 'valueAtRisk', of: params })} />
      </div>
      <p className="secondary">{t('var.meaning')}</p>
      <RefusalNotice refusal={refusal} action={t('var.title')} onRetry={reload} />
      {answer !== null && <Answer answer={answer} />}
      <PriceImport onImported={() => setImports((value) => value + 1)} />
    </section>
  );
}

function Estimate({ estimate, currency }: { estimate: VarEstimate; currency: string }): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  switch (estimate.kind) {
    case 'value':
      return (
        <>
          <strong>{format.number(estimate.amount, 2)}</strong> {currency}{' '}
          <span className="secondary">{t('var.observations', { count: estimate.observations })}</span>
        </>
      );
    case 'notEnoughHistory':
      return <span data-kind="notEnoughHistory">{t('var.notEnough', { have: estimate.have, need: estimate.need })}</span>;
    case 'unknown':
      return <span>{t('explain:why', { reason: reasonText(t, estimate.reason) })}</span>;
  }
}

function Answer({ answer }: { answer: VarAnswer }): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const { backTest } = answer;
  const currency = answer.currencies.length === 1 ? (answer.currencies[0] ?? '') : `(${answer.currencies.join(', ')})`;
  return (
    <>
      <dl className="facts" data-testid="var-answer">
        <dt>{t('var.historical')}</dt>
        <dd data-testid="var-historical" data-kind={answer.historical.kind}>
          <Estimate estimate={answer.historical} currency={currency} />
        </dd>
        <dt>{t('var.parametric')}</dt>
        <dd data-kind={answer.parametric.kind}>
          <Estimate estimate={answer.parametric} currency={currency} />
        </dd>
        <dt>{t('var.backTest')}</dt>
        <dd>
          {backTest.kind === 'zone' ? (
            <>
              <span className="var-zone" data-zone={backTest.zone}>
                {t(`var.zone.${backTest.zone}`)}
              </span>{' '}
              {t('var.exceptions', {
                count: backTest.exceptions,
                days: backTest.days,
                window: backTest.window,
                from: format.tradingDay(backTest.firstDate),
                to: format.tradingDay(backTest.lastDate),
              })}
            </>
          ) : (
            t('var.testTooShort', { have: backTest.have, need: backTest.need })
          )}
        </dd>
        <dt>{t('var.exposure')}</dt>
        <dd>
          {format.number(answer.exposure, 2)} {currency}
        </dd>
        <dt>{t('var.leftOut')}</dt>
        <dd>
          {answer.leftOut.length === 0
            ? t('var.nothingLeftOut')
            : t('var.leftOutOf', {
                amount: `${format.number(answer.leftOutExposure, 2)} ${currency}`,
                count: answer.leftOut.length,
                list: answer.leftOut.slice(0, 12).join(', '),
              })}
          {answer.unknownAccounts > 0 && ` · ${t('var.unknownAccounts', { count: answer.unknownAccounts })}`}
        </dd>
        <dt>{t('var.history')}</dt>
        <dd>
          {answer.historyFrom === null
            ? t('var.noHistory')
            : t('var.historyRange', { from: format.tradingDay(answer.historyFrom), to: format.tradingDay(answer.historyTo) })}
          {answer.sources.length > 0 && ` · ${answer.sources.join(', ')}`}
        </dd>
      </dl>
      <BasisTable basis={answer.basis} />
    </>
  );
}

/** The desk keeps no price history of its own beyond what it saw; a file of settlement prices gives the estimate its days. */
function PriceImport({ onImported }: { onImported: () => void }): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const [text, setText] = useState('');
  const [done, setDone] = useState<{ days: number; prices: number } | null>(null);
  const { run, refusal, isWaiting } = useAction('prices.import');
  return (
    <details className="price-import">
      <summary>{t('var.import')}</summary>
      <div className="stack panel-pad">
        <div className="secondary">{t('var.importHint')}</div>
        <TextField
          label={t('var.import')}
          isLabelHidden
          rows={4}
          maxLength={null}
          className="mono"
          placeholder={'date,exchangeID,instrumentID,settlementPrice\n20260105,SHFE,au2606,781.34'}
          value={text}
          testId="prices-text"
          onValueChange={setText}
        />
        <div className="row">
          <FileInput
            size="small"
            text={t('statements:noFile')}
            buttonText={t('statements:browse')}
            inputProps={{ accept: '.csv,text/csv,text/plain', 'aria-label': t('var.importFile') }}
            onInputChange={async (event) => {
              const file = event.currentTarget.files?.[0];
              if (file !== undefined) setText(await file.text());
            }}
          />
          <Button
            intent="primary"
            size="small"
            disabled={text.trim() === ''}
            loading={isWaiting}
            data-testid="prices-import"
            onClick={async () => {
              const answer = await run({ text }, 60_000);
              setDone(answer);
              if (answer !== null) onImported();
            }}
          >
            {t('var.importDo')}
          </Button>
          {done !== null && <output>{t('var.imported', { days: format.number(done.days), prices: format.number(done.prices) })}</output>}
        </div>
        <RefusalNotice refusal={refusal} action={t('var.import')} />
      </div>
    </details>
  );
}
