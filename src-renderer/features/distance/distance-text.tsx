/** How far away a level is, in words that keep "never" apart from "not known". */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Distance } from '#shared/contract/numbers-account';
import { reasonText } from '../../components/data-table/reason-text';
import { Unknown } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';

export function DistanceText({ distance, reason = null }: { distance: Distance; reason?: string | null }): ReactNode {
  const { t } = useTranslation('distance');
  const format = useFormat();
  switch (distance.kind) {
    case 'reached':
      return distance.percent === 0 ? <strong>{t('alreadyThere')}</strong> : <>{format.signed(distance.percent, 2)}%</>;
    case 'never':
      return (
        <span className="secondary" title={t('neverHint')}>
          {t('never')}
        </span>
      );
    case 'unknown':
      return <Unknown reason={reasonText(t, reason)} />;
  }
}
