/** Every contract's quote with its age: what trades, what stands still. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStream } from '../../state/use-stream';
import { Blotter } from '../accounts/blotter';

export function QuotesPanel(): ReactNode {
  const { t } = useTranslation('market');
  const { picture: health } = useStream('health', {});
  const staleCount = health?.staleInstruments.length ?? 0;
  return (
    <Blotter table="quotes">
      {health !== null && (
        <span className={staleCount === 0 ? 'secondary' : 'stale-figure'} data-testid="quotes-stale">
          {t('stale', { count: staleCount })}
        </span>
      )}
    </Blotter>
  );
}
