/** The hand-over of a shift: what is open and how it stands, the sheet that waits for the next officer, and those that were signed before. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HandoverItem } from '#shared/contract/handovers';
import type { Handover } from '#shared/desk/handovers/handover';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePersonName } from '../../state/person-names';
import { useAction, useRequest, useStream } from '../../state/use-stream';
import { ItemGroups } from './item-head';
import { OpenItem } from './open-item';
import { Sheet } from './sheet';
import './handovers.css';
import { TextField } from '../../components/text-field';

export function HandoversPanel(): ReactNode {
  const { t } = useTranslation('handovers');
  const { picture, refusal, isConnected } = useStream('handovers', {});
  const [pastId, setPastId] = useState<string | null>(null);
  const [movedCount, setMovedCount] = useState<number | null>(null);
  if (picture === null) {
    return refusal === null ? (
      <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>
    ) : (
      <RefusalNotice refusal={refusal} action={t('title')} />
    );
  }
  const { items, offered, past } = picture;
  const taken = (count: number): void => setMovedCount(count);
  const since = items.filter(({ itemKey }) => offered?.sinceKeys.includes(itemKey)).map(({ facts }) => facts);
  return (
    <div className="panel-body" data-testid="handovers" data-open={items.length} data-offered={offered !== null} data-past={past.length}>
      <div className="handovers">
        {movedCount !== null && (
          <output className="handover-taken" data-testid="handover-taken" data-moved={movedCount}>
            {t('moved', { count: movedCount })}
          </output>
        )}
        {pastId !== null && <Past handoverId={pastId} onBack={() => setPastId(null)} />}
        {pastId === null && offered !== null && <Sheet key={offered.handover.handoverId} view={offered} since={since} onTaken={taken} />}
        {pastId === null && offered === null && <Preparing items={items} onOffered={() => setMovedCount(null)} />}
        <PastList past={past} openId={pastId} onOpen={setPastId} />
      </div>
    </div>
  );
}

function Preparing({ items, onOffered }: { items: readonly HandoverItem[]; onOffered(): void }): ReactNode {
  const { t } = useTranslation('handovers');
  const noteField = useId();
  const [note, setNote] = useState('');
  const [remarks, setRemarks] = useState('');
  const noting = useAction('handover.note');
  const offering = useAction('handover.offer');
  const toMark = items.filter(({ isPressing }) => isPressing).length;
  return (
    <section className="panel-pad stack" data-testid="handover-preparing" data-to-mark={toMark}>
      <p className="secondary">{t('meaning')}</p>
      <div className="row">
        <strong>{t('open', { count: items.length })}</strong>
        <span className={toMark > 0 ? 'handover-must' : 'secondary'}>
          {toMark > 0 ? `▲ ${t('toMark', { count: toMark })}` : `✓ ${t('allMarked')}`}
        </span>
      </div>
      <ItemGroups items={items}>{(item) => <OpenItem key={item.itemKey} item={item} />}</ItemGroups>
      {items.length === 0 && <p>{t('none')}</p>}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (note.trim() === '') return;
          void noting.run({ text: note.trim() }).then((made) => made !== null && setNote(''));
        }}
      >
        <label htmlFor={noteField}>{t('noteLabel')}</label>
        <div className="row">
          <InputGroup id={noteField} className="handover-words" maxLength={1000} value={note} data-testid="handover-note" onValueChange={setNote} />
          <Button type="submit" disabled={note.trim() === ''} loading={noting.isWaiting} data-testid="handover-note-add">
            {t('addNote')}
          </Button>
        </div>
        <RefusalNotice refusal={noting.refusal} action={t('addNote')} />
      </form>
      <TextField label={t('remarks')} rows={3} maxLength={4000} value={remarks} testId="handover-remarks" onValueChange={setRemarks} />
      <div>
        <Button
          intent="primary"
          disabled={toMark > 0}
          title={toMark > 0 ? t('offerHint') : ''}
          loading={offering.isWaiting}
          data-testid="handover-offer"
          onClick={() => void offering.run({ remarks: remarks.trim() }).then((made) => made !== null && onOffered())}
        >
          {t('offer')}
        </Button>
      </div>
      <RefusalNotice refusal={offering.refusal} action={t('offer')} />
    </section>
  );
}

function Past({ handoverId, onBack }: { handoverId: string; onBack(): void }): ReactNode {
  const { t } = useTranslation('handovers');
  const { answer, refusal } = useRequest('handover.get', { handoverId });
  return (
    <>
      <div className="panel-pad">
        <Button size="small" data-testid="handover-back" onClick={onBack}>
          ← {t('back')}
        </Button>
      </div>
      <RefusalNotice refusal={refusal} action={t('title')} />
      {answer !== null && <Sheet view={answer} />}
    </>
  );
}

function PastList({ past, openId, onOpen }: { past: readonly Handover[]; openId: string | null; onOpen(id: string): void }): ReactNode {
  const { t } = useTranslation('handovers');
  const format = useFormat();
  const nameOf = usePersonName();
  return (
    <section className="panel-pad stack" aria-label={t('past')}>
      <h4 className="handover-kind">{t('past')}</h4>
      {past.length === 0 && <p className="secondary">{t('noPast')}</p>}
      <ul className="handover-list">
        {past.map(({ handoverId, state, outgoing, offeredAtMs, accepted }) => (
          <li key={handoverId}>
            <button
              type="button"
              className="list-item"
              aria-current={handoverId === openId}
              data-testid="handover-past"
              data-state={state}
              onClick={() => onOpen(handoverId)}
            >
              <span className="row">
                <strong>
                  {nameOf(outgoing)} → {accepted === null ? '–' : nameOf(accepted.incoming)}
                </strong>
                <span className="spacer" />
                <span className="handover-state" data-state={state}>
                  {t(`state.${state}`)}
                </span>
              </span>
              <span className="secondary">{format.dateTime(accepted?.atMs ?? offeredAtMs)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
