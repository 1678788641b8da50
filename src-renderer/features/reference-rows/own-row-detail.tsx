/** One of the desk's own rows in full: its standing, and every version beside the one before it with its reason and who agreed. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnRowView } from '#shared/contract/reference-rows';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextDialog } from '../../components/text-dialog';
import { useMay } from '../../state/auth';
import { usePersonName } from '../../state/person-names';
import { request, useRequest } from '../../state/use-stream';
import { placeText } from './place-text';
import { textsOf } from './row-fields';
import { Differences, UseMark } from './row-standing';
import { SupplyForm } from './supply-form';
import { VersionFields } from './version-fields';

export function OwnRowDetail({ view, tradingDay, isReplay }: { view: OwnRowView; tradingDay: string | null; isReplay: boolean }): ReactNode {
  const { t } = useTranslation('reference');
  const format = useFormat();
  const nameOf = usePersonName();
  const may = useMay('reference.edit');
  const [isChanging, setIsChanging] = useState(false);
  const [isWithdrawing, setIsWithdrawing] = useState(false);
  const { rowId, version, draft, standing } = view;
  const { answer, refusal } = useRequest('reference.get', isReplay ? null : { rowId }, `${version} ${standing === null}`);
  const signed = ({ by, approvedBy, atMs }: { by: string; approvedBy: readonly string[]; atMs: number }): string =>
    t(approvedBy.length === 0 ? 'signedAlone' : 'signed', {
      person: nameOf(by),
      people: approvedBy.map(nameOf).join(', '),
      time: format.dateTime(atMs),
    });
  return (
    <article className="stack panel-pad" data-testid="own-row-detail" data-row={rowId} data-use={standing?.use ?? 'withdrawn'}>
      <header className="row">
        <h3>
          {placeText(draft.item)} · {t(`kind.${draft.item.kind}`)}
        </h3>
        <UseMark use={standing?.use ?? 'withdrawn'} />
      </header>
      <p className="secondary">{t(`useMeaning.${standing?.use ?? 'withdrawn'}`)}</p>
      {standing !== null && <Differences standing={standing} />}
      {may && standing !== null && !isReplay && (
        <div className="row">
          <Button data-testid="own-row-change" onClick={() => setIsChanging(true)}>
            {t('change')}
          </Button>
          <Button intent="danger" variant="outlined" data-testid="own-row-withdraw" onClick={() => setIsWithdrawing(true)}>
            {t('withdraw')}
          </Button>
        </div>
      )}
      <h4>{t('history')}</h4>
      <RefusalNotice refusal={refusal} action={t('history')} />
      <ol className="rule-history" data-testid="own-row-history">
        {answer?.withdrawn != null && (
          <li data-version="withdrawn">
            <strong>{t('use.withdrawn')}</strong> {signed(answer.withdrawn)}
            <div className="rule-response">{answer.withdrawn.reason}</div>
          </li>
        )}
        {(answer?.versions ?? []).map((each) => (
          <li key={each.version} data-version={each.version}>
            <strong>v{each.version}</strong> {signed(each)}
            <div className="rule-response">{each.reason}</div>
            <VersionFields before={each.before} after={each.draft} />
          </li>
        ))}
      </ol>
      {isChanging && (
        <SupplyForm
          initial={textsOf(draft)}
          tradingDay={tradingDay}
          changed={{ rowId, baseVersion: version }}
          focus={null}
          onClose={() => setIsChanging(false)}
        />
      )}
      <TextDialog
        isOpen={isWithdrawing}
        title={t('withdrawTitle', { row: placeText(draft.item) })}
        label={t('form.reason')}
        confirm={t('withdraw')}
        isRequired
        intent="danger"
        testId="own-row-withdraw-dialog"
        onClose={() => setIsWithdrawing(false)}
        onConfirm={(reason) => request('reference.withdraw', { rowId, baseVersion: version, reason })}
      />
    </article>
  );
}
