/** Whether a notice is still wanted: asked right before every attempt, so that nobody is called about what somebody has taken on. */
import type { Alert } from '#shared/desk/alerts/alert';
import { isOver } from '#shared/desk/alerts/evolve';
import type { DropReason, Notice } from '#shared/desk/delivery/notice';

/** These tell of what has happened; being taken on or over does not make them wrong. */
const TELLS_ANYWAY: ReadonlySet<Notice['reason']> = new Set(['allClear', 'partialClear', 'handedOver', 'suppressionEnding', 'test']);

/**
 * Null: send it. `alerts` are the named ones as they are now; with them, in a storm, those that it counts and does not name.
 * `keptBack` says what keeps one alert from being sent now.
 */
export function dropReasonOf(
  notice: Pick<Notice, 'reason' | 'atMs'>,
  alerts: readonly Alert[],
  keptBack: (alert: Alert) => 'suppressed' | 'inhibited' | null,
  nowMs: number,
  maxAgeMs: number,
): DropReason | null {
  if (nowMs - notice.atMs > maxAgeMs) return 'tooOld';
  if (TELLS_ANYWAY.has(notice.reason) || alerts.length === 0) return null;
  let dropped: DropReason | null = null;
  for (const alert of alerts) {
    const because = ofOne(alert, keptBack);
    if (because === null) return null;
    dropped ??= because;
  }
  return dropped;
}

function ofOne(alert: Alert, keptBack: (alert: Alert) => 'suppressed' | 'inhibited' | null): DropReason | null {
  if (alert.human === 'closed') return 'closed';
  if (alert.human !== 'unacknowledged') return 'takenOn';
  if (isOver(alert) && alert.condition !== 'flapping') return 'over';
  return keptBack(alert);
}
