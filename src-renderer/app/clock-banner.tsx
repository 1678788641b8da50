/** Says across the page that this machine's clock jumped and that times rest on nobody's word, until people accept it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClockDoubt } from '#shared/desk/clock/clock';
import { useFormat } from '../components/format/use-format';
import { TextDialog } from '../components/text-dialog';
import { useMay } from '../state/auth';
import { request } from '../state/use-stream';

export function ClockBanner({ doubt }: { doubt: ClockDoubt }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const mayAccept = useMay('settings.desk');
  const [isAsking, setIsAsking] = useState(false);
  const off = { time: format.dateTime(doubt.sinceMs), by: format.duration(Math.abs(doubt.differenceMs)) };
  return (
    <div className="banner" data-kind="warn" role="alert" data-testid="banner-clock" data-cause={doubt.cause} data-since={doubt.firstSequence}>
      <strong>{t(`clockBanner.${doubt.cause === 'start' ? 'start' : doubt.differenceMs < 0 ? 'back' : 'forward'}`, off)}</strong>
      <span>{t('clockBanner.meaning')}</span>
      {mayAccept && (
        <Button size="small" data-testid="clock-accept" onClick={() => setIsAsking(true)}>
          {t('clockBanner.accept')}
        </Button>
      )}
      <TextDialog
        isOpen={isAsking}
        title={t('clockBanner.accept')}
        label={t('clockBanner.reason')}
        confirm={t('clockBanner.accept')}
        isRequired
        testId="clock-accept-dialog"
        onClose={() => setIsAsking(false)}
        onConfirm={(reason) => request('clock.accept', { firstSequence: doubt.firstSequence, reason })}
      >
        <p>{t('clockBanner.ask')}</p>
      </TextDialog>
    </div>
  );
}
