/** The account page's worklist: rules, what they would close now, and the lists already made for this account. */
import { Button, Checkbox, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorklistPreview } from '#shared/contract/numbers';
import type { RequestPayload } from '#shared/contract/requests';
import type { WorklistRules } from '#shared/market/what-if/worklist';
import { reasonText } from '../../components/data-table/reason-text';
import { FigureSets } from '../../components/figure-sets';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecondPersonDialog } from '../../components/second-person';
import { useNow } from '../../state/use-now';
import { useAction, useRequest, useStream } from '../../state/use-stream';
import { numberOf } from '../stress/scenario-form';
import { type RulesFields, RulesForm } from './rules-form';
import { WorklistFee } from './worklist-fee';
import { WorklistLines } from './worklist-lines';
import { FIRST_RULES, rulesText } from './worklist-text';
import { WorklistView } from './worklist-view';
import './worklists.css';

const REFRESH_MS = 3000;
const FIRST_FIELDS: RulesFields = {
  standard: FIRST_RULES.standard,
  order: FIRST_RULES.order,
  hedge: FIRST_RULES.hedge,
  dates: FIRST_RULES.dates,
  skipLocked: FIRST_RULES.skipLocked,
  targetPercent: String(FIRST_RULES.targetDegree * 100),
  feePerLot: '',
  price: FIRST_RULES.price,
  offsetTicks: String(FIRST_RULES.offsetTicks),
  validFor: '30',
};

function rulesOf({ targetPercent, feePerLot, offsetTicks, validFor: _, ...rest }: RulesFields): { rules: WorklistRules; feePerLot: number | null } {
  return {
    rules: { ...rest, targetDegree: numberOf(targetPercent) / 100, offsetTicks: rest.price === 'latest' ? numberOf(offsetTicks) : 0 },
    feePerLot: feePerLot.trim() === '' ? null : numberOf(feePerLot),
  };
}

export function AccountWorklist({ accountID }: { accountID: string }): ReactNode {
  const { t } = useTranslation('worklists');
  const nowMs = useNow();
  const [fields, setFields] = useState(FIRST_FIELDS);
  const [note, setNote] = useState('');
  const asked = rulesOf(fields);
  const validForMinutes = fields.validFor.trim() === '' ? null : numberOf(fields.validFor);
  const isValidFor = validForMinutes === null || (Number.isInteger(validForMinutes) && validForMinutes >= 1 && validForMinutes <= 1440);
  const isAskable =
    isValidFor &&
    asked.rules.targetDegree > 0 &&
    asked.rules.targetDegree <= 1 &&
    (asked.feePerLot === null || asked.feePerLot >= 0) &&
    Number.isInteger(asked.rules.offsetTicks) &&
    asked.rules.offsetTicks >= 0;
  const preview = useRequest('worklist.preview', isAskable ? { accountID, ...asked } : null, Math.floor(nowMs / REFRESH_MS));
  const [isWithSecond, setIsWithSecond] = useState(false);
  const [confirming, setConfirming] = useState<RequestPayload<'worklist.make'> | null>(null);
  const making = useAction('worklist.make');
  const lists = useStream('worklists', { accountID });
  const format = useFormat();
  const worklists = lists.picture?.worklists ?? [];
  return (
    <section className="account-section" data-testid="account-worklist" aria-label={t('title')}>
      <div className="section-scroll">
        <div className="panel-pad stack">
          <div className="worklist-request">{t('nothingSent')}</div>
          <details open={worklists.length === 0} className="worklist-rules">
            <summary>{t('rules')}</summary>
            <RulesForm fields={fields} onChange={setFields} />
          </details>
          {!isAskable && <div className="secondary">{t('notAskable')}</div>}
          <RefusalNotice refusal={preview.refusal} action={t('preview')} onRetry={preview.reload} />
          <div className="row">
            <InputGroup
              className="worklist-note"
              maxLength={2000}
              placeholder={t('note')}
              aria-label={t('note')}
              value={note}
              data-testid="worklist-note"
              onValueChange={setNote}
            />
            <Button
              intent="primary"
              disabled={!isAskable || preview.answer?.kind !== 'list'}
              loading={making.isWaiting}
              data-testid="worklist-make"
              onClick={async () => {
                const command = { accountID, ...asked, note: note.trim(), validForMinutes };
                if (isWithSecond) setConfirming(command);
                else if ((await making.run(command)) !== null) setNote('');
              }}
            >
              {t('make')}
            </Button>
            <Checkbox
              checked={isWithSecond}
              label={t('secondPerson')}
              data-testid="worklist-second"
              onChange={(event) => setIsWithSecond(event.currentTarget.checked)}
            />
          </div>
          <RefusalNotice refusal={making.refusal} action={t('make')} />
          <SecondPersonDialog
            command={confirming === null ? null : { name: 'worklist.make', payload: confirming }}
            title={t('secondTitle', { account: accountID })}
            onDone={() => {
              setConfirming(null);
              setNote('');
            }}
            onClose={() => setConfirming(null)}
          >
            <p>{t('secondMeaning', { account: accountID, rules: rulesText(asked.rules, t, format) })}</p>
          </SecondPersonDialog>
        </div>
        {preview.answer !== null && isAskable && <Preview preview={preview.answer} feePerLot={asked.feePerLot} />}
        {worklists.length > 0 && <h3 className="section-title">{t('made', { count: worklists.length })}</h3>}
        {worklists.map((worklist) => (
          <WorklistView key={worklist.worklistId} worklist={worklist} hasAccountLink={false} />
        ))}
      </div>
    </section>
  );
}

function Preview({ preview, feePerLot }: { preview: WorklistPreview; feePerLot: number | null }): ReactNode {
  const { t } = useTranslation('worklists');
  const format = useFormat();
  switch (preview.kind) {
    case 'unknown':
      return (
        <div className="panel-pad" data-testid="preview" data-kind="unknown">
          {t('previewUnknown', { reason: reasonText(t, preview.reason) })}
        </div>
      );
    case 'notNeeded':
      return (
        <div className="panel-pad" data-testid="preview" data-kind="notNeeded">
          {t('notNeeded', { degree: format.percent(preview.before.riskDegree, 2), exchange: format.percent(preview.before.exchangeRiskDegree, 2) })}
        </div>
      );
    case 'list':
      return (
        <div className="worklist-preview" data-testid="preview" data-kind="list">
          <h3 className="section-title">{t('preview')}</h3>
          <WorklistFee feePerLot={feePerLot} fee={preview.fee} feeReason={preview.feeReason} />
          <WorklistLines lines={preview.lines} skipped={preview.skipped} isEnough={preview.isEnough} />
          <FigureSets before={preview.before} after={preview.after} labels={{ before: t('before'), after: t('after') }} testId="preview-figures" />
        </div>
      );
  }
}
