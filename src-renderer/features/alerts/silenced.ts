/** Which alerts are not sent now: shelved, muted, out of service, or inhibited by another. By the engine's own rule for it. */
import type { AlertSendingPicture } from '#shared/contract/alerts';
import type { Alert } from '#shared/desk/alerts/alert';
import { isSuppressing } from '#shared/desk/alerts/suppression';

export function silencedOf(alerts: Iterable<Alert>, sending: AlertSendingPicture | null): ReadonlySet<string> {
  if (sending === null) return new Set();
  const silenced = new Set(sending.inhibited.map(({ alertId }) => alertId));
  if (sending.suppressions.length === 0) return silenced;
  for (const alert of alerts) {
    if (alert.human !== 'closed' && sending.suppressions.some((each) => isSuppressing(each, alert, sending.nowMs))) silenced.add(alert.alertId);
  }
  return silenced;
}
