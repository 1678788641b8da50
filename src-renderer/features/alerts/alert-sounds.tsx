/** Sounds for what needs somebody now: one sound for what was told since the last look, the gravest of it, and in one window only. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Severity } from '#shared/desk/alerts/alert';
import type { Notice } from '#shared/desk/delivery/notice';
import critical from '../../../resources/sounds/critical.wav?url&no-inline';
import high from '../../../resources/sounds/high.wav?url&no-inline';
import low from '../../../resources/sounds/low.wav?url&no-inline';
import medium from '../../../resources/sounds/medium.wav?url&no-inline';
import { SEVERITIES } from '../../components/severity';
import { useIsReplay } from '../../state/shown-market';
import { useStream } from '../../state/use-stream';

const FILES: Record<Severity, string> = { critical, high, medium, low };
const SILENT_REASONS: ReadonlySet<Notice['reason']> = new Set(['allClear', 'partialClear', 'suppressionEnding', 'handedOver', 'test']);
/** What was told longer ago than this is not sounded: the window was just opened, and the list shows it. */
const FRESH_MS = 15_000;

/** The gravest severity among notices that have not been sounded yet and are to be; null for silence. */
export function soundFor(notices: readonly Notice[], sounded: ReadonlySet<string>, minSeverity: Severity, nowMs: number): Severity | null {
  const due = notices.filter(
    ({ noticeId, reason, severity, atMs }) =>
      !sounded.has(noticeId) &&
      !SILENT_REASONS.has(reason) &&
      nowMs - atMs < FRESH_MS &&
      SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(minSeverity),
  );
  return SEVERITIES.find((severity) => due.some((notice) => notice.severity === severity)) ?? null;
}

export function AlertSounds(): ReactNode {
  const { picture } = useStream('alertSending', {});
  const isReplay = useIsReplay();
  const sounded = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (picture === null) return;
    const severity = soundFor(picture.notices, sounded.current, picture.sound.minSeverity, picture.nowMs);
    sounded.current = new Set(picture.notices.map(({ noticeId }) => noticeId));
    if (severity === null || !picture.sound.isOn || isReplay) return;
    void playOnce(severity, picture.sound.volume);
  }, [picture, isReplay]);
  return null;
}

/** The lock belongs to one window at a time, so that six screens do not ring six times. Where no sound can be played the list and the tray still tell. */
export async function playOnce(severity: Severity, volume: number): Promise<void> {
  await navigator.locks.request('alert-sound', { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    const sound = new Audio(FILES[severity]);
    sound.volume = volume;
    await new Promise<void>((done) => {
      sound.addEventListener('ended', () => done(), { once: true });
      sound.addEventListener('error', () => done(), { once: true });
      sound.play().catch(() => done());
    });
  });
}
