/** Looks at alerts when their time has come and not before: stored times are kept in memory, and decided anew from the alert as it is then. */
import type { AlertDesk } from '#engine/desk/alerts/alert-desk';
import type { Alert } from '#shared/desk/alerts/alert';
import { isAhead, nextLookAtMs, runsSinceMs } from '#shared/desk/alerts/clock';
import { severityRank } from '#shared/desk/alerts/evolve';

/** In a storm thousands fall due at once: the gravest first, so many at a call, and the rest say that they are late. */
const AT_ONCE = 200;

export class AlertClock {
  readonly #desk: AlertDesk;
  readonly #isKeptBack: (alert: Alert, nowMs: number) => boolean;
  readonly #hold: (alert: Alert) => void;
  readonly #due = new Map<string, { atMs: number; sinceMs: number; rank: number }>();

  /** What is kept back is not decided: its steps fire, together, when it is free. */
  constructor(desk: AlertDesk, isKeptBack: (alert: Alert, nowMs: number) => boolean, hold: (alert: Alert) => void) {
    this.#desk = desk;
    this.#isKeptBack = isKeptBack;
    this.#hold = hold;
  }

  note(alert: Alert): void {
    const atMs = nextLookAtMs(alert, this.#desk.policy);
    if (atMs === null) this.#due.delete(alert.alertId);
    else this.#due.set(alert.alertId, { atMs, sinceMs: runsSinceMs(alert), rank: severityRank(alert.severity) });
  }

  /** Throws a StoreError when what fell due cannot be written: it falls due again at the next call. */
  tick(nowMs: number): void {
    const { policy } = this.#desk;
    const isDue = ({ atMs, sinceMs }: { atMs: number; sinceMs: number }): boolean => atMs <= nowMs || isAhead(sinceMs, nowMs, policy);
    const due = [...this.#due].filter(([, times]) => isDue(times));
    if (due.length === 0) return;
    due.sort(([, a], [, b]) => a.rank - b.rank || a.atMs - b.atMs);
    const ready: string[] = [];
    for (const [alertId] of due) {
      if (ready.length === AT_ONCE) break;
      const alert = this.#desk.alert(alertId);
      if (alert === null) this.#due.delete(alertId);
      else if (alert.human === 'unacknowledged' && alert.condition !== 'flapping' && this.#isKeptBack(alert, nowMs)) {
        this.#due.delete(alertId);
        this.#hold(alert);
      } else ready.push(alertId);
    }
    this.#desk.onClock(ready, nowMs);
    // What was recorded has set its next time by now; what came to nothing is looked at again when it could.
    for (const alertId of ready) {
      const times = this.#due.get(alertId);
      if (times !== undefined && isDue(times)) this.#due.set(alertId, { ...times, atMs: nowMs + 1000, sinceMs: Number.NEGATIVE_INFINITY });
    }
  }
}
