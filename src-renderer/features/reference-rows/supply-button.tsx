/** Beside the reason why a figure is unknown: the way to the form that supplies the missing row, with what the reason says filled in. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { missingRowOf } from '#shared/desk/reference-rows/missing-row';
import { useMay } from '../../state/auth';
import { wantRow } from './wanted-row';

/** Nothing where no reference row would help, or this person may not supply one. */
export function SupplyButton({ reason }: { reason: string | null }): ReactNode {
  const { t } = useTranslation('reference');
  const may = useMay('reference.edit');
  const missing = missingRowOf(reason);
  if (missing === null || !may) return null;
  return (
    <Button size="small" variant="outlined" data-testid="supply-missing" data-field={missing.field} onClick={() => wantRow(missing)}>
      {t('supplyThis')}
    </Button>
  );
}
