/** A sheet that was offered: as it was frozen, with what was read back; waiting to be taken, or as it was taken. */
import { Button, Checkbox } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HandoverView } from '#shared/contract/handovers';
import { type FrozenItem, mustBeReadBack } from '#shared/desk/handovers/handover';
import type { ItemFacts } from '#shared/desk/handovers/item';
import { useFormat } from '../../components/format/use-format';
import { PaperButtons } from '../../components/paper-buttons';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { TextField } from '../../components/text-field';
import { useAuth, usePersonName } from '../../state/auth';
import { request, useAction } from '../../state/use-stream';
import { ItemGroups, ItemHead } from './item-head';

type Props = {
  view: HandoverView;
  /** What came up since it was offered; left out for one that is over. */
  since?: readonly ItemFacts[];
  onTaken?: (movedAlertCount: number) => void;
};

export function Sheet({ view, since = [], onTaken }: Props): ReactNode {
  const { t } = useTranslation('handovers');
  const format = useFormat();
  const nameOf = usePersonName();
  const { handover, items, lostCount } = view;
  const { handoverId, state, outgoing, offeredAtMs, remarks, accepted, withdrawn, fingerprint } = handover;
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  const shownRead = accepted === null ? read : new Set(accepted.readBack);
  const toggle = (itemKey: string): void =>
    setRead((before) => new Set(before.has(itemKey) ? [...before].filter((each) => each !== itemKey) : [...before, itemKey]));
  return (
    <article className="panel-pad stack" data-testid="handover-sheet" data-handover={handoverId} data-state={state}>
      <header className="row">
        <h3>{t('offered', { person: nameOf(outgoing), time: format.dateTime(offeredAtMs) })}</h3>
        <span className="handover-state" data-state={state}>
          {t(`state.${state}`)}
        </span>
        <span className="spacer" />
        <span className="mono secondary" data-testid="handover-fingerprint">
          {fingerprint}
        </span>
      </header>
      {accepted !== null && (
        <p data-testid="handover-accepted">
          {t('incoming')}: <strong>{nameOf(accepted.incoming)}</strong>, {format.dateTime(accepted.atMs)} · {t(`how.${accepted.how}`)} ·{' '}
          {t('movedAlerts')}: {accepted.movedAlertCount}
        </p>
      )}
      {withdrawn !== null && (
        <p>
          {t('state.withdrawn')}: {nameOf(withdrawn.by)}, {format.dateTime(withdrawn.atMs)}. {withdrawn.reason}
        </p>
      )}
      {state !== 'withdrawn' && <PaperButtons of={{ kind: 'handover', id: handoverId }} testId="handover-paper" />}
      {lostCount > 0 && <p className="secondary">{t('lost', { count: lostCount })}</p>}
      <ItemGroups items={items}>
        {(item) => <SheetItem key={item.itemKey} item={item} isRead={shownRead.has(item.itemKey)} onToggle={state === 'offered' ? toggle : null} />}
      </ItemGroups>
      {items.length === 0 && <p>{t('nothingOpen')}</p>}
      {since.length > 0 && (
        <section className="handover-since" data-testid="handover-since" data-count={since.length}>
          <h4 className="handover-kind">{t('sinceOffer')}</h4>
          <ul className="handover-list">
            {since.map((facts) => (
              <li key={JSON.stringify(facts)} className="handover-item">
                <ItemHead facts={facts} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {remarks !== '' && <Said label={t('remarks')} text={remarks} />}
      {accepted !== null && accepted.words !== '' && <Said label={t('words')} text={accepted.words} />}
      {accepted !== null && accepted.sinceKeys.length > 0 && <p className="secondary">{t('sinceCount', { count: accepted.sinceKeys.length })}</p>}
      {state === 'offered' && <Taking view={view} read={read} onTaken={onTaken} />}
    </article>
  );
}

function Said({ label, text }: { label: string; text: string }): ReactNode {
  return (
    <div className="handover-said">
      <span className="secondary">{label}</span>
      <p>{text}</p>
    </div>
  );
}

type ItemProps = { item: FrozenItem; isRead: boolean; onToggle: ((itemKey: string) => void) | null };

function SheetItem({ item, isRead, onToggle }: ItemProps): ReactNode {
  const { t } = useTranslation('handovers');
  const { itemKey, facts, level, ifThen } = item;
  const isAsked = mustBeReadBack(item);
  return (
    <li className="handover-item" data-testid="handover-sheet-item" data-key={itemKey} data-level={level ?? 'none'}>
      <ItemHead facts={facts}>
        {level !== null && (
          <span className="handover-level" data-level={level}>
            {t(`level.${level}`)}
          </span>
        )}
        {(isAsked || isRead) && (
          <Checkbox
            inline
            checked={isRead}
            disabled={onToggle === null}
            label={t('readBack')}
            data-testid="handover-read"
            onChange={() => onToggle?.(itemKey)}
          />
        )}
      </ItemHead>
      {ifThen !== '' && (
        <p className="handover-then">
          <span className="secondary">{t('ifThen')}</span> {ifThen}
        </p>
      )}
    </li>
  );
}

/** Here the outgoing officer's screen becomes the incoming one's: by a confirmation on the spot, or by whoever has signed in since. */
function Taking({ view, read, onTaken }: { view: HandoverView; read: ReadonlySet<string>; onTaken: Props['onTaken'] }): ReactNode {
  const { t } = useTranslation('handovers');
  const nameOf = usePersonName();
  const me = useAuth()?.session?.personId ?? '';
  const { handoverId, outgoing } = view.handover;
  const [words, setWords] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const [isWithdrawing, setIsWithdrawing] = useState(false);
  const taking = useAction('handover.accept');
  const asked = view.items.filter(mustBeReadBack);
  const readCount = asked.filter(({ itemKey }) => read.has(itemKey)).length;
  const isRead = readCount === asked.length;
  const payload = { handoverId, readBack: [...read].sort(), words: words.trim() };
  return (
    <section className="card stack">
      {asked.length > 0 && (
        <span data-testid="handover-read-count" data-read={readCount} data-asked={asked.length}>
          {t('readCount', { read: readCount, count: asked.length })}
        </span>
      )}
      <TextField label={t('words')} placeholder={t('wordsHelp')} value={words} testId="handover-incoming-words" onValueChange={setWords} />
      <div className="row">
        {me === outgoing ? (
          <Button
            intent="primary"
            disabled={!isRead}
            title={isRead ? '' : t('readBackHint')}
            data-testid="handover-accept-here"
            onClick={() => setIsAsking(true)}
          >
            {t('acceptHere')}
          </Button>
        ) : (
          <Button
            intent="primary"
            disabled={!isRead}
            title={isRead ? '' : t('readBackHint')}
            loading={taking.isWaiting}
            data-testid="handover-accept-self"
            onClick={() => void taking.run(payload).then((answer) => answer !== null && onTaken?.(answer.movedAlertCount))}
          >
            {t('acceptSelf')}
          </Button>
        )}
        <Button data-testid="handover-withdraw" onClick={() => setIsWithdrawing(true)}>
          {t('withdraw')}
        </Button>
      </div>
      <RefusalNotice refusal={taking.refusal} action={t('acceptSelf')} />
      <SecondPersonDialog
        command={isAsking ? { name: 'handover.accept', payload } : null}
        title={t('acceptTitle')}
        onDone={(answer) => {
          setIsAsking(false);
          onTaken?.(answer.movedAlertCount);
        }}
        onClose={() => setIsAsking(false)}
      >
        <p>{t('acceptMeaning', { count: asked.length, person: nameOf(outgoing) })}</p>
      </SecondPersonDialog>
      <TextDialog
        isOpen={isWithdrawing}
        title={t('withdrawTitle')}
        label={t('reason')}
        confirm={t('withdraw')}
        isRequired
        testId="handover-withdraw-dialog"
        onConfirm={(reason) => request('handover.withdraw', { handoverId, reason })}
        onClose={() => setIsWithdrawing(false)}
      />
    </section>
  );
}
