/** Tells a person of a notice when the desk is not in front of them: what it is, and why they are told. The alert itself is in the page. */
import { Notification } from 'electron';
import type { EngineReport } from '#shared/contract/shell';
import { fillText, type ShellTexts } from '#shell/texts';

type AlertNotice = Extract<EngineReport, { type: 'notify' }>;

export function noticeTexts(texts: ShellTexts, notice: AlertNotice): { title: string; body: string } {
  const kinds: Record<string, string | undefined> = texts.notification.kind;
  const levels: Record<string, string | undefined> = texts.notification.level;
  const subject = notice.entity.slice(notice.entity.indexOf(':') + 1);
  const levelCode = typeof notice.params.level === 'string' ? notice.params.level : '';
  const kind = fillText(kinds[notice.kind] ?? notice.kind, { level: levels[levelCode] ?? levelCode });
  const title = fillText(texts.notification.title, { severity: texts.notification.severity[notice.severity] });
  const isMany = notice.alertCount > 1;
  const what = isMany ? fillText(texts.notification.many, { kind, count: notice.alertCount }) : fillText(texts.notification.what, { kind, subject });
  const late = notice.lateByMs === null ? [] : [fillText(texts.notification.late, { seconds: Math.round(notice.lateByMs / 1000) })];
  return {
    title: notice.mode === 'drill' ? `${texts.notification.drill} ${title}` : title,
    body: [what, texts.notification.reason[notice.reason], ...late].join('\n'),
  };
}

export function notifyOfAlert(texts: ShellTexts, notice: AlertNotice, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ ...noticeTexts(texts, notice), urgency: notice.severity === 'critical' ? 'critical' : 'normal' });
  notification.on('click', onClick);
  notification.show();
}

/** The desk has started and its key is locked. */
export function notifyOfLock({ locked }: ShellTexts, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title: locked.title, body: locked.body, urgency: 'critical' });
  notification.on('click', onClick);
  notification.show();
}
