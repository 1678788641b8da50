/** A question that can be answered yes or no, or not yet: what is not known stays not known until somebody says. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { optionsOf } from '../../components/options';
import { SelectField } from '../../components/select';

const ANSWERS = ['unknown', 'yes', 'no'] as const;
const MEANINGS = { unknown: null, yes: true, no: false } as const;

type Props = {
  label: string;
  value: boolean | null;
  fill?: boolean;
  disabled?: boolean;
  testId?: string;
  onValueChange(value: boolean | null): void;
};

export function AnswerField({ value, onValueChange, ...rest }: Props): ReactNode {
  const { t } = useTranslation('incidents');
  return (
    <SelectField
      options={optionsOf(ANSWERS, (answer) => t(`answer.${answer}`))}
      value={ANSWERS.find((answer) => MEANINGS[answer] === value) ?? 'unknown'}
      onValueChange={(answer) => onValueChange(MEANINGS[answer])}
      {...rest}
    />
  );
}
