/** An approval's state as glyph and word, and the time it still has. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Approval } from '#shared/desk/approvals/approval';

const GLYPHS: Record<Approval['state'], string> = {
  pending: '◔',
  approved: '◑',
  executing: '◕',
  done: '●',
  failed: '▲',
  rejected: '✕',
  withdrawn: '↩',
  expired: '⌛',
  void: '⊘',
};
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 1440;

export function ApprovalState({ approval }: { approval: Approval }): ReactNode {
  const { t } = useTranslation('approvals');
  return (
    <span className="approval-state" data-state={approval.state}>
      <span aria-hidden="true">{GLYPHS[approval.state]} </span>
      {t(`state.${approval.state}`)}
    </span>
  );
}

export function TimeLeft({ minutes }: { minutes: number }): ReactNode {
  const { t } = useTranslation('approvals');
  const text =
    minutes >= MINUTES_PER_DAY
      ? t('left.days', { count: Math.floor(minutes / MINUTES_PER_DAY), hours: Math.floor((minutes % MINUTES_PER_DAY) / MINUTES_PER_HOUR) })
      : minutes >= MINUTES_PER_HOUR
        ? t('left.hours', { count: Math.floor(minutes / MINUTES_PER_HOUR), minutes: minutes % MINUTES_PER_HOUR })
        : t('left.minutes', { count: minutes });
  return (
    <span className="approval-left" data-short={minutes <= 15}>
      {text}
    </span>
  );
}
