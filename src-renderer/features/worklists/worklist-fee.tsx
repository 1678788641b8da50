/** What the closes of a list cost, and by whose word: the account's own commission rates, or a number that a person gave in their place. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonText } from '../../components/data-table/reason-text';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';

type Props = { feePerLot: number | null; fee: number | null | undefined; feeReason: string | null | undefined };

export function WorklistFee({ feePerLot, fee, feeReason }: Props): ReactNode {
  const { t } = useTranslation('worklists');
  const format = useFormat();
  if (feePerLot !== null) {
    const perLot = format.number(feePerLot, 2);
    // Lists of before rates were reckoned with keep no sum.
    const text = isKnown(fee) ? t('fee.typed', { fee: format.number(fee, 2), perLot }) : t('fee.typedOnly', { perLot });
    return (
      <div className="worklist-fee secondary" data-testid="worklist-fee" data-kind="typed">
        {text}
      </div>
    );
  }
  if (!isKnown(fee)) {
    return (
      <div className="worklist-fee worklist-warning" role="status" data-testid="worklist-fee" data-kind="unknown">
        <span aria-hidden="true">▲ </span>
        {t('fee.unknown', { reason: reasonText(t, feeReason ?? null) })}
      </div>
    );
  }
  return (
    <div className="worklist-fee secondary" data-testid="worklist-fee" data-kind="rates">
      {t('fee.rates', { fee: format.number(fee, 2) })}
    </div>
  );
}
