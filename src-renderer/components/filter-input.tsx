/** The field that narrows a table or list to what contains a word. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './filter-input.css';

const MAX_LENGTH = 100;

/** `name` is what is narrowed, in words; it is read out with the field. */
type Props = { value: string; name: string; testId?: string; onChange: (filter: string) => void };

export function FilterInput({ value, name, testId, onChange }: Props): ReactNode {
  const { t } = useTranslation('table');
  return (
    <input
      type="search"
      className="bp6-input bp6-small filter-input"
      maxLength={MAX_LENGTH}
      value={value}
      placeholder={t('filter')}
      aria-label={t('filterOf', { name })}
      data-testid={testId}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
