/** One worklist whole: its state first, what it is and is not, its lines, and what a person may do with it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorklistView as Worklist } from '#shared/contract/numbers-desk';
import { useExportWords } from '../../components/export-words';
import { FigureSets } from '../../components/figure-sets';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextDialog } from '../../components/text-dialog';
import { usePersonName } from '../../state/person-names';
import { useMarketTimeZone } from '../../state/shown-market';
import { request, useAction } from '../../state/use-stream';
import { openAccountAt } from '../accounts/account-sections';
import { WorklistFee } from './worklist-fee';
import { WorklistLines } from './worklist-lines';
import { reopenedBy, rulesText } from './worklist-text';
import './worklists.css';

const EXPORT_TIMEOUT_MS = 60_000;

export function WorklistState({ worklist }: { worklist: Worklist }): ReactNode {
  const { t } = useTranslation('worklists');
  return (
    <span className="worklist-state" data-state={worklist.state}>
      <span aria-hidden="true">{{ made: '●', reopened: '▲', exported: '→', withdrawn: '✕' }[worklist.state]} </span>
      {t(worklist.reopened?.cause === 'expired' && worklist.state === 'reopened' ? 'state.expired' : `state.${worklist.state}`)}
    </span>
  );
}

export function WorklistView({ worklist, hasAccountLink }: { worklist: Worklist; hasAccountLink: boolean }): ReactNode {
  const { t } = useTranslation('worklists');
  const format = useFormat();
  const personName = usePersonName();
  const timeZone = useMarketTimeZone();
  const [isWithdrawing, setIsWithdrawing] = useState(false);
  const exporting = useAction('worklist.export');
  const exportWords = useExportWords();
  const { reopened, exported, withdrawn } = worklist;
  return (
    <article
      className="worklist panel-pad stack"
      data-testid="worklist"
      data-worklist={worklist.worklistId}
      data-account={worklist.accountID}
      data-state={worklist.state}
    >
      <header className="row">
        <h3>
          {t('of', { account: worklist.accountID })} <span className="secondary">{worklist.accountName}</span>
        </h3>
        <WorklistState worklist={worklist} />
        <div className="spacer" />
        {hasAccountLink && (
          <Button size="small" onClick={() => openAccountAt(worklist.accountID, 'worklist')}>
            {t('overview:openAccount')}
          </Button>
        )}
        {worklist.state !== 'withdrawn' && (
          <>
            {(['csv', 'xlsx'] as const).map((kind) => (
              <Button
                key={kind}
                size="small"
                loading={exporting.isWaiting}
                data-testid={`worklist-export-${kind}`}
                onClick={() => void exporting.run({ worklistId: worklist.worklistId, format: kind, ...exportWords('worklist') }, EXPORT_TIMEOUT_MS)}
              >
                {t(`export:write.${kind}`)}
              </Button>
            ))}
            <Button size="small" data-testid="worklist-withdraw" onClick={() => setIsWithdrawing(true)}>
              {t('withdraw')}
            </Button>
          </>
        )}
      </header>
      <div className="worklist-request" data-testid="worklist-nothing-sent">
        {t('nothingSent')}
      </div>
      {reopened !== null && (
        <div className="worklist-reopened" role="alert" data-testid="worklist-reopened" data-cause={reopened.cause}>
          <strong>
            <span aria-hidden="true">▲ </span>
            {t('reopened', { time: format.time(reopened.atMs), cause: t(`cause.${reopened.cause}`) })}
          </strong>
          <div>{reopenedBy(reopened.detail, t, format)}</div>
          <div>{t('reopenedTodo')}</div>
        </div>
      )}
      {exported !== null && (
        <output className="worklist-exported" data-testid="worklist-exported">
          {t('exported', { time: format.dateTime(exported.atMs), person: personName(exported.by) })} <span className="mono">{exported.file}</span>
        </output>
      )}
      {withdrawn !== null && (
        <div data-testid="worklist-withdrawn">
          {t('withdrawn', { time: format.dateTime(withdrawn.atMs), person: personName(withdrawn.by), reason: withdrawn.reason })}
        </div>
      )}
      <RefusalNotice refusal={exporting.refusal} action={t('export:label')} />
      <div className="secondary">
        {t('madeBy', { person: personName(worklist.madeBy), time: format.dateTime(worklist.madeAtMs) })}
        {typeof worklist.confirmedBy === 'string' && (
          <strong data-testid="worklist-confirmed"> · {t('confirmedBy', { person: personName(worklist.confirmedBy) })}</strong>
        )}{' '}
        <span data-testid="worklist-holds" data-until={worklist.expiresAtMs ?? ''}>
          · {typeof worklist.expiresAtMs === 'number' ? t('holdsUntil', { time: format.dateTime(worklist.expiresAtMs) }) : t('holdsDay')}
        </span>{' '}
        · {rulesText(worklist.rules, t, format)}
        {worklist.note !== '' && ` · ${worklist.note}`}
      </div>
      <div className="secondary">
        {t('asOf', {
          market: format.marketDateTime(worklist.marketAsOfMs, timeZone),
          account: format.marketDateTime(worklist.accountAsOfMs, timeZone),
        })}{' '}
        <span className="mono" title={worklist.inputsHash}>
          {t('inputs', { hash: worklist.inputsHash.slice(0, 12) })}
        </span>
      </div>
      <WorklistFee feePerLot={worklist.feePerLot} fee={worklist.fee} feeReason={worklist.feeReason} />
      <WorklistLines lines={worklist.lines} skipped={worklist.skipped} isEnough={worklist.isEnough} />
      <FigureSets before={worklist.before} after={worklist.after} labels={{ before: t('before'), after: t('after') }} testId="worklist-figures" />
      <TextDialog
        isOpen={isWithdrawing}
        title={t('withdrawTitle', { account: worklist.accountID })}
        label={t('stress:reason')}
        confirm={t('withdraw')}
        isRequired
        testId="withdraw-dialog"
        onClose={() => setIsWithdrawing(false)}
        onConfirm={(reason) => request('worklist.withdraw', { worklistId: worklist.worklistId, reason })}
      />
    </article>
  );
}
