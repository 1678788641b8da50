/** One account's safe range, contract by contract: all products together, one after another, or each by itself while the others stand still. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountInverse as Answer, InverseMove } from '#shared/contract/numbers-account';
import { Choice } from '../../components/choice';
import { ExportButtons } from '../../components/export-buttons';
import { LevelMark } from '../../components/level-mark';
import { RefusalNotice } from '../../components/refusal-notice';
import { figures, TableHead } from '../../components/table-head';
import { useNow } from '../../state/use-now';
import { useRequest } from '../../state/use-stream';
import { AccountQueue, QUEUE_DAYS, type QueueDays } from './account-queue';
import { ContractTable } from './contract-table';
import { TARGETS } from './distance-columns';
import { DistanceText } from './distance-text';
import './distance.css';

const REFRESH_MS = 3000;
const DIRECTIONS = ['down', 'up'] as const;
const HOW = ['equal', 'sequence', 'alone'] as const;

export function AccountInverse({ accountID }: { accountID: string }): ReactNode {
  const { t } = useTranslation('distance');
  const nowMs = useNow();
  const [how, setHow] = useState<(typeof HOW)[number]>('equal');
  const [days, setDays] = useState<QueueDays>('3');
  const [target, setTarget] = useState<(typeof TARGETS)[number]>('call');
  const { answer, refusal, reload } = useRequest('inverse.account', { accountID, days: lockedDaysOf(days) }, Math.floor(nowMs / REFRESH_MS));
  return (
    <section className="account-section" data-testid="inverse" data-ready={answer !== null} aria-label={t('inverse.title')}>
      <div className="panel-bar">
        <Choice label={t('inverse.how')} name="inverse" values={HOW} chosen={how} text={(each) => t(`inverse.${each}`)} onChoose={setHow} />
        <Choice
          label={t('target')}
          name="inverse-target"
          values={TARGETS}
          chosen={target}
          text={(each) => t('to', { level: t(`table:value.level.${each}`) })}
          onChoose={setTarget}
        />
        {how === 'sequence' && (
          <Choice label={t('queue.bound')} name="inverse-days" values={QUEUE_DAYS} chosen={days} text={(each) => `D${each}`} onChoose={setDays} />
        )}
        {answer !== null && (
          <span className="secondary">
            {t('inverse.now')} <LevelMark level={answer.figures.level} reason={answer.figures.reason} />
          </span>
        )}
        <div className="spacer" />
        <ExportButtons testId="export-inverse" payload={() => ({ table: 'inverse', scope: { accountID }, lockedDays: lockedDaysOf(days) })} />
      </div>
      <RefusalNotice refusal={refusal} action={t('inverse.title')} onRetry={reload} />
      {answer === null && refusal === null && <div className="empty">{t('app:loading')}</div>}
      {answer !== null && (
        <div className="section-scroll">
          {how === 'equal' && <EqualMoves answer={answer} target={target} />}
          {how === 'sequence' && <AccountQueue queue={answer.queue} target={target} reason={answer.figures.reason} />}
          {how === 'alone' && <Alone answer={answer} target={target} />}
        </div>
      )}
    </section>
  );
}

function lockedDaysOf(days: QueueDays): 1 | 2 | 3 | 4 {
  return Number(days) as 1 | 2 | 3 | 4;
}

type PartProps = { answer: Answer; target: (typeof TARGETS)[number] };

/** The first table answers in one look: how far to each level, down and up. */
function EqualMoves({ answer, target }: PartProps): ReactNode {
  const { t } = useTranslation('distance');
  const moveTo = (each: (typeof TARGETS)[number], direction: 'up' | 'down'): InverseMove | undefined =>
    answer.equal.find((move) => move.target === each && move.direction === direction);
  return (
    <>
      <p className="section-note">{t('inverse.equalMeaning')}</p>
      <table className="plain-table inverse-ladder" data-testid="inverse-ladder">
        <TableHead headings={[t('target'), ...DIRECTIONS.map((direction) => figures(t(`directions.${direction}`)))]} />
        <tbody>
          {TARGETS.map((each) => (
            <tr key={each} data-target={each} data-chosen={each === target}>
              <td>
                <LevelMark level={each} />
              </td>
              {DIRECTIONS.map((direction) => {
                const move = moveTo(each, direction);
                return (
                  <td key={direction} className="number">
                    {move === undefined ? '' : <DistanceText distance={move.distance} reason={answer.figures.reason} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {DIRECTIONS.map((direction) => {
        const move = moveTo(target, direction);
        if (move === undefined || move.distance.kind !== 'reached') return null;
        return (
          <div key={direction}>
            <h3 className="section-title">
              {t('inverse.contractsAt', { direction: t(`directions.${direction}`), level: t(`table:value.level.${target}`) })}{' '}
              <DistanceText distance={move.distance} />
            </h3>
            <ContractTable contracts={move.contracts} reason={answer.figures.reason} />
          </div>
        );
      })}
    </>
  );
}

function Alone({ answer, target }: PartProps): ReactNode {
  const { t } = useTranslation('distance');
  const moves = answer.alone.filter((move) => move.target === target);
  return (
    <>
      <p className="section-note">{t('inverse.aloneMeaning')}</p>
      {moves.length === 0 && <div className="empty">{t('table:empty.positions')}</div>}
      {moves.map((move) => (
        <div key={`${move.exchangeID}.${move.productID} ${move.direction}`} data-testid="inverse-product">
          <h3 className="section-title">
            {move.exchangeID}.{move.productID} {t(`directions.${move.direction}`)}{' '}
            <DistanceText distance={move.distance} reason={answer.figures.reason} />
          </h3>
          {move.distance.kind === 'reached' && <ContractTable contracts={move.contracts} reason={answer.figures.reason} />}
        </div>
      ))}
    </>
  );
}
