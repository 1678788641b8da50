/** Products moving one after another, each against the account to its locked limits: which of them takes the account to which level, and in which order they go. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InverseQueueAnswer, QueueCrossingAnswer } from '#shared/contract/numbers-account';
import { reasonText } from '../../components/data-table/reason-text';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { LevelMark } from '../../components/level-mark';
import { figures, TableHead } from '../../components/table-head';
import { ContractTable } from './contract-table';
import type { TARGETS } from './distance-columns';

export const QUEUE_DAYS = ['1', '2', '3', '4'] as const;
export type QueueDays = (typeof QUEUE_DAYS)[number];

type Props = { queue: InverseQueueAnswer; target: (typeof TARGETS)[number]; reason: string | null };

export function AccountQueue({ queue, target, reason }: Props): ReactNode {
  const { t } = useTranslation('distance');
  const why = queue.reason ?? reason;
  const chosen = queue.crossings.find((crossing) => crossing.target === target);
  const step = chosen?.step === null || chosen === undefined ? undefined : queue.steps[chosen.step];
  return (
    <div data-testid="queue" data-steps={queue.steps.length} data-days={queue.days}>
      <p className="section-note">{t('queue.meaning', { count: queue.days })}</p>
      <table className="plain-table inverse-ladder" data-testid="queue-crossings">
        <TableHead headings={[t('target'), t('queue.takenBy'), figures(t('contract.percent')), figures(t('queue.share'), t('queue.shareHint'))]} />
        <tbody>
          {queue.crossings.map((crossing) => (
            <Crossing key={crossing.target} queue={queue} crossing={crossing} isChosen={crossing.target === target} why={why} />
          ))}
        </tbody>
      </table>
      {step !== undefined && chosen !== undefined && (
        <>
          <h3 className="section-title">
            {t('queue.contractsAt', {
              product: `${step.exchangeID}.${step.productID}`,
              direction: t(`directions.${step.direction}`),
              level: t(`table:value.level.${target}`),
            })}
          </h3>
          <ContractTable contracts={chosen.contracts} reason={why} />
        </>
      )}
      <Steps queue={queue} />
      {queue.still.length > 0 && (
        <p className="section-note">{t('queue.still', { list: queue.still.map((each) => `${each.exchangeID}.${each.productID}`).join(', ') })}</p>
      )}
    </div>
  );
}

type CrossingProps = { queue: InverseQueueAnswer; crossing: QueueCrossingAnswer; isChosen: boolean; why: string | null };

function Crossing({ queue, crossing, isChosen, why }: CrossingProps): ReactNode {
  const { t } = useTranslation('distance');
  const format = useFormat();
  const { target, kind, step: at, share } = crossing;
  const step = at === null ? undefined : queue.steps[at];
  const [first] = crossing.contracts;
  return (
    <tr data-target={target} data-chosen={isChosen} data-kind={kind} data-step={at ?? ''}>
      <td>
        <LevelMark level={target} />
      </td>
      <td>
        {kind === 'unknown' && <Unknown reason={reasonText(t, why)} />}
        {kind === 'never' && (
          <span className="secondary" title={t('queue.notReachedHint', { count: queue.days })}>
            {t('queue.notReached')}
          </span>
        )}
        {kind === 'reached' && step === undefined && <strong>{t('alreadyThere')}</strong>}
        {step !== undefined && (
          <>
            <strong>
              {step.exchangeID}.{step.productID} {t(`directions.${step.direction}`)}
            </strong>{' '}
            <span className="secondary">{t('queue.place', { place: (at ?? 0) + 1, of: queue.steps.length })}</span>
          </>
        )}
      </td>
      <td className="number">{first !== undefined && isKnown(first.percent) ? `${format.signed(first.percent, 2)}%` : ''}</td>
      <td className="number">{step !== undefined && isKnown(share) ? `${format.number(share * 100, 1)}%` : ''}</td>
    </tr>
  );
}

function Steps({ queue }: { queue: InverseQueueAnswer }): ReactNode {
  const { t } = useTranslation('distance');
  const format = useFormat();
  if (queue.steps.length === 0) return queue.reason === null ? <div className="empty">{t('queue.nothing')}</div> : null;
  return (
    <>
      <h3 className="section-title">{t('queue.order')}</h3>
      <table className="plain-table" data-testid="queue-steps">
        <TableHead
          headings={[
            figures(t('queue.no')),
            t('queue.product'),
            figures(t('queue.loss'), t('queue.lossHint')),
            figures(t('budget.balance')),
            figures(t('table:column.riskDegree')),
            t('table:column.level'),
          ]}
        />
        <tbody>
          {queue.steps.map((step, index) => (
            <tr key={`${step.exchangeID}.${step.productID}`} data-product={`${step.exchangeID}.${step.productID}`}>
              <td className="number">{format.number(index + 1)}</td>
              <td>
                {step.exchangeID}.{step.productID} {t(`directions.${step.direction}`)}
              </td>
              <td className="number">{format.number(step.lossAtBound, 2)}</td>
              <td className="number">
                {isKnown(step.after.balance) ? format.number(step.after.balance, 2) : <Unknown reason={reasonText(t, step.after.reason)} />}
              </td>
              <td className="number">
                {isKnown(step.after.riskDegree) ? (
                  format.percent(step.after.riskDegree)
                ) : (
                  <Unknown reason={reasonText(t, step.after.reason ?? 'noDegree')} />
                )}
              </td>
              <td>
                <LevelMark level={step.after.level} reason={step.after.reason} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
