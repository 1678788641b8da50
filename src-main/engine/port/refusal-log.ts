/** Logs refusals, never what was refused, and without letting a page that sends nonsense fill the disk: so many a second in full, the rest as a count. */
import type { Log } from '#engine/store/log';
import { logField } from '#engine/store/log-field';
import type { Refusal } from '#shared/refusal';

const FULL_PER_SECOND = 20;

export class RefusalLog {
  private readonly log: Log;
  private readonly nowMs: () => number;
  private second = Number.NaN;
  private count = 0;

  constructor(log: Log, nowMs: () => number) {
    this.log = log;
    this.nowMs = nowMs;
  }

  add(refusal: Refusal, about: string): void {
    const second = Math.floor(this.nowMs() / 1000);
    if (second !== this.second) {
      if (this.count > FULL_PER_SECOND) this.log('warn', 'portRefusalsSuppressed', { count: this.count - FULL_PER_SECOND });
      this.second = second;
      this.count = 0;
    }
    this.count += 1;
    if (this.count > FULL_PER_SECOND) return;
    this.log('warn', 'portRefused', {
      about: /^[\w. ]{1,80}$/.test(about) ? about : '?',
      refusal: refusal.code,
      field: logField(refusal.field),
    });
  }
}
