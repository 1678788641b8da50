/** Puts a feed's own technical reason into the page's words where it is a known one; what a source said stays as it said it. */
import type { TFunction } from 'i18next';

const KNOWN: Readonly<Record<string, string>> = {
  'not started': 'notStarted',
  connecting: 'connecting',
  stopped: 'stopped',
  paused: 'paused',
  'reconnecting on request': 'reconnecting',
  'no welcome from the source': 'noWelcome',
  'no heartbeat from the source': 'noHeartbeat',
};

export function feedReasonText(t: TFunction, reason: string): string {
  const key = KNOWN[reason];
  if (key !== undefined) return t(`status:reason.${key}`);
  const closed = /^closed by the source \((\d+)(?:: (.*))?\)$/s.exec(reason);
  if (closed !== null) return t('status:reason.closed', { code: closed[1], said: closed[2] ?? '' });
  return reason.startsWith('connect ') ? t('status:reason.refused', { detail: reason }) : reason;
}
