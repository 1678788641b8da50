/** A word beside a deadline that rests on a clock nobody vouches for. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStream } from '../state/use-stream';

export function ClockDoubtMark(): ReactNode {
  const { t } = useTranslation('status');
  const { picture } = useStream('status', {});
  if (picture === null || picture.clock === null) return null;
  return (
    <span className="clock-doubt" data-testid="clock-doubt" title={t('clockBanner.meaning')}>
      {t('clockDoubt')}
    </span>
  );
}
