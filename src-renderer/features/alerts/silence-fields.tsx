/** How long and why something is silenced: the same two questions wherever it is done. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../components/format/use-format';
import { optionsOf } from '../../components/options';
import { SelectField } from '../../components/select';
import { SUPPRESSION_REASONS, type SuppressionReason, silenceLengths } from './silence-length';

type LengthProps = { durationMs: number | null; atMostMs: number; testId: string; onValueChange(durationMs: number): void };

export function LengthField({ durationMs, atMostMs, testId, onValueChange }: LengthProps): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const options = optionsOf(silenceLengths(atMostMs), format.duration);
  return <SelectField label={t('shelveLength')} fill options={options} value={durationMs ?? 0} testId={testId} onValueChange={onValueChange} />;
}

type ReasonProps = { value: SuppressionReason; onValueChange(reason: SuppressionReason): void };

export function ReasonField({ value, onValueChange }: ReasonProps): ReactNode {
  const { t } = useTranslation('alerts');
  const options = optionsOf(SUPPRESSION_REASONS, (each) => t(`suppressionReason.${each}`));
  return <SelectField label={t('shelveReason')} fill options={options} value={value} onValueChange={onValueChange} />;
}
