/** Which kinds of entries are looked for: chosen by their names, whole families or single kinds, several together. */
import { HTMLSelect } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useKindName } from '../../components/entry-words';
import { ENTRY_KINDS } from './entry-kinds';

type Props = { types: readonly string[]; onChange(types: readonly string[]): void };

export function KindFilter({ types, onChange }: Props): ReactNode {
  const { t } = useTranslation(['audit', 'entries']);
  const kindName = useKindName();
  const nameOf = (type: string): string => (type.endsWith('.') ? t('audit:filter.family', { name: t(`entries:kind.${type}all`) }) : kindName(type));
  return (
    <>
      <HTMLSelect
        value=""
        aria-label={t('audit:filter.types')}
        data-testid="audit-filter-types"
        onChange={({ target: { value } }) => value !== '' && !types.includes(value) && onChange([...types, value])}
      >
        <option value="">{t(types.length === 0 ? 'audit:filter.everyKind' : 'audit:filter.oneMoreKind')}</option>
        {Object.entries(ENTRY_KINDS).map(([family, kinds]) => (
          <optgroup key={family} label={t(`entries:kind.${family}.all`)}>
            <option value={`${family}.`}>{nameOf(`${family}.`)}</option>
            {kinds.map((kind) => (
              <option key={kind} value={`${family}.${kind}`}>
                {kindName(`${family}.${kind}`)}
              </option>
            ))}
          </optgroup>
        ))}
      </HTMLSelect>
      {types.map((type) => (
        <button
          key={type}
          type="button"
          className="audit-chip"
          data-testid={`audit-kind-${type}`}
          aria-label={t('audit:filter.without', { name: nameOf(type) })}
          onClick={() => onChange(types.filter((each) => each !== type))}
        >
          {nameOf(type)} <span aria-hidden="true">×</span>
        </button>
      ))}
    </>
  );
}
