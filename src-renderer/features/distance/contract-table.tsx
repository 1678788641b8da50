/** The contracts of a move: where each would stand, in price, percent, ticks and locked limits. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InverseContract } from '#shared/contract/numbers-account';
import { reasonText } from '../../components/data-table/reason-text';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { figures, TableHead } from '../../components/table-head';

export function ContractTable({ contracts, reason }: { contracts: readonly InverseContract[]; reason: string | null }): ReactNode {
  const { t } = useTranslation('distance');
  const format = useFormat();
  const figure = (value: number | null, text: (known: number) => string): ReactNode =>
    isKnown(value) ? text(value) : <Unknown reason={reasonText(t, reason)} />;
  const headings = ['longVolume', 'shortVolume', 'basePrice', 'limitPrice', 'percent', 'ticks', 'limits', 'percentPerLimit'] as const;
  return (
    <table className="plain-table" data-testid="inverse-contracts">
      <TableHead headings={[t('table:column.instrumentID'), ...headings.map((each) => figures(t(`contract.${each}`), t(`contractHint.${each}`)))]} />
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
