/** Figures that cannot lose their quality: unknown shows its reason, stale is hatched with its age, an age counts on. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quality } from '#shared/contract/streams';
import { useShownNow } from '../../state/shown-market';
import { useNow } from '../../state/use-now';
import { isKnown, UNKNOWN_MARK } from './formatters';
import { useFormat } from './use-format';

/** "—" with the reason on hover and for screen readers. `reason` is a code of `app:reason.*` or a ready text. */
export function Unknown({ reason }: { reason: string | null }): ReactNode {
  const { t } = useTranslation('app');
  const text = reason === null || reason === '' ? t('unknown') : t(`reason.${reason}`, { defaultValue: reason });
  return (
    <span className="unknown-figure" title={text}>
      <span aria-hidden="true">{UNKNOWN_MARK}</span>
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

type FigureProps = {
  value: number | null | undefined;
  /** Makes the text of a known value. */
  format: (value: number) => string;
  quality?: Quality;
  reason?: string | null;
  asOfMs?: number | null;
  /** Colours by sign, for profits and changes; the sign itself is in the text. */
  isSigned?: boolean;
};

export function Figure({ value, format, quality = 'live', reason = null, asOfMs = null, isSigned = false }: FigureProps): ReactNode {
  const { t } = useTranslation('app');
  const formatters = useFormat();
  if (quality === 'none') return null;
  if (!isKnown(value)) return <Unknown reason={reason} />;
  const isOld = quality === 'stale' || quality === 'unknown';
  const classes = [isSigned && value > 0 ? 'up' : '', isSigned && value < 0 ? 'down' : '', isOld ? 'stale-figure' : ''].filter(Boolean).join(' ');
  const title = isOld
    ? t('staleAsOf', { time: formatters.dateTime(asOfMs) })
    : quality === 'closed'
      ? t('closedAsOf', { time: formatters.dateTime(asOfMs) })
      : undefined;
  return (
    <span className={classes} title={title}>
      {format(value)}
    </span>
  );
}

/** How long ago, counting on. */
export function Age({ atMs }: { atMs: number | null }): ReactNode {
  return <AgeSince atMs={atMs} nowMs={useNow()} />;
}

/** How long ago by the clock of what is on screen: in a replay that of the recording. */
export function ShownAge({ atMs, isRough = false }: { atMs: number | null; isRough?: boolean }): ReactNode {
  return <AgeSince atMs={atMs} nowMs={useShownNow()} isRough={isRough} />;
}

/** Rough: one unit, for lists where it is one of many words. */
function AgeSince({ atMs, nowMs, isRough = false }: { atMs: number | null; nowMs: number; isRough?: boolean }): ReactNode {
  const { t } = useTranslation('app');
  const format = useFormat();
  if (atMs === null) return <Unknown reason="never" />;
  return (
    <time title={format.dateTime(atMs)} dateTime={new Date(atMs).toISOString()}>
      {nowMs - atMs < 1000 ? t('justNow') : t('ago', { age: (isRough ? format.roughDuration : format.duration)(nowMs - atMs) })}
    </time>
  );
}
