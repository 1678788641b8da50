/** One account's safe range, contract by contract: all products together, or one after another while the others stand still. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountInverse as Answer, InverseContract, InverseMove } from '#shared/contract/numbers-account';
import { Choice } from '../../components/choice';
import { reasonText } from '../../components/data-table/reason-text';
import { ExportButtons } from '../../components/export-buttons';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { LevelMark } from '../../components/level-mark';
import { RefusalNotice } from '../../components/refusal-notice';
import { useNow } from '../../state/use-now';
import { useRequest } from '../../state/use-stream';
import { TARGETS } from './distance-columns';
import { DistanceText } from './distance-text';
import './distance.css';

const REFRESH_MS = 3000;
const DIRECTIONS = ['down', 'up'] as const;

export function AccountInverse({ accountID }: { accountID: string }): ReactNode {
  const { t } = useTranslation('distance');
  const nowMs = useNow();
  const [how, setHow] = useState<'equal' | 'sequence'>('equal');
  const [target, setTarget] = useState<(typeof TARGETS)[number]>('call');
  const { answer, refusal, reload } = useRequest('inverse.account', { accountID }, Math.floor(nowMs / REFRESH_MS));
  return (
    <section className="account-section" data-testid="inverse" data-ready={answer !== null} aria-label={t('inverse.title')}>
      <div className="panel-bar">
        <Choice
          label={t('inverse.how')}
          name="inverse"
          values={['equal', 'sequence'] as const}
          chosen={how}
          text={(each) => t(`inverse.${each}`)}
          onChoose={setHow}
        />
        <Choice
          label={t('target')}
          name="inverse-target"
          values={TARGETS}
          chosen={target}
          text={(each) => t('to', { level: t(`table:value.level.${each}`) })}
          onChoose={setTarget}
        />
        {answer !== null && (
          <span className="secondary">
            {t('inverse.now')} <LevelMark level={answer.figures.level} reason={answer.figures.reason} />
          </span>
        )}
        <div className="spacer" />
        <ExportButtons testId="export-inverse" payload={() => ({ table: 'inverse', scope: { accountID } })} />
      </div>
      <RefusalNotice refusal={refusal} action={t('inverse.title')} onRetry={reload} />
      {answer === null && refusal === null && <div className="empty">{t('app:loading')}</div>}
      {answer !== null && (
        <div className="section-scroll">
          {how === 'equal' ? <EqualMoves answer={answer} target={target} /> : <Sequence answer={answer} target={target} />}
        </div>
      )}
    </section>
  );
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
        <thead>
          <tr>
            <th scope="col">{t('target')}</th>
            {DIRECTIONS.map((direction) => (
              <th key={direction} scope="col" className="number">
                {t(`directions.${direction}`)}
              </th>
            ))}
          </tr>
        </thead>
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

function Sequence({ answer, target }: PartProps): ReactNode {
  const { t } = useTranslation('distance');
  const moves = answer.sequence.filter((move) => move.target === target);
  return (
    <>
      <p className="section-note">{t('inverse.sequenceMeaning')}</p>
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

function ContractTable({ contracts, reason }: { contracts: readonly InverseContract[]; reason: string | null }): ReactNode {
  const { t } = useTranslation('distance');
  const format = useFormat();
  const figure = (value: number | null, text: (known: number) => string): ReactNode =>
    isKnown(value) ? text(value) : <Unknown reason={reasonText(t, reason)} />;
  const headings = ['longVolume', 'shortVolume', 'basePrice', 'limitPrice', 'percent', 'ticks', 'limits', 'percentPerLimit'] as const;
  return (
    <table className="plain-table" data-testid="inverse-contracts">
      <thead>
        <tr>
          <th scope="col">{t('table:column.instrumentID')}</th>
          {headings.map((each) => (
            <th key={each} scope="col" className="number" title={t(`contractHint.${each}`)}>
              {t(`contract.${each}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {contracts.map((contract) => (
          <tr key={`${contract.exchangeID}.${contract.instrumentID}`} data-within={contract.isWithinLimit}>
            <td>
              {contract.instrumentID} <span className="secondary">{contract.exchangeID}</span>
            </td>
            <td className="number">{format.number(contract.longVolume)}</td>
            <td className="number">{format.number(contract.shortVolume)}</td>
            <td className="number">{figure(contract.basePrice, (value) => format.price(value, null))}</td>
            <td className="number">{figure(contract.limitPrice, (value) => format.price(Number(value.toPrecision(8)), null))}</td>
            <td className="number">{figure(contract.percent, (value) => `${format.signed(value, 2)}%`)}</td>
            <td className="number">{figure(contract.ticks, (value) => format.number(value))}</td>
            <td className="number">{figure(contract.limits, (value) => (value === 0 ? t('withinLimit') : format.number(value)))}</td>
            <td className="number">{figure(contract.percentPerLimit, (value) => `${format.number(value, 2)}%`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
