/** The lane on which alerts travel: in order of the journal, one batch at a time, resumable, never conflated; a stalled page is a cursor, not a queue. */
import type { EngineMessage } from '#shared/contract/wire';
import type { Alert } from '#shared/desk/alerts/alert';

/** The desk's projection as the lane reads it. */
export interface AlertSource {
  /** Journal sequence of the newest change to any alert. */
  alertSequence(): number;
  /** What a page that begins anew must know: open alerts, and closed ones as far back as the desk shows them. Ordered by sequence. */
  alertSnapshot(): readonly Alert[];
  /** Alerts whose last entry lies after `sequence`, ordered by it, at most `limit`. */
  alertsAfter(sequence: number, limit: number): readonly Alert[];
}

const BATCH_LIMIT = 200;

export class AlertLane {
  private readonly source: () => AlertSource;
  private readonly post: (message: EngineMessage) => void;
  /** Null: every alert may be seen. */
  private readonly visible: () => ((alert: Alert) => boolean) | null;
  private cursor = -1;
  private isWaitingForCredit = false;
  private isSnapshotDue = true;

  constructor(source: () => AlertSource, post: (message: EngineMessage) => void, visible: () => ((alert: Alert) => boolean) | null) {
    this.source = source;
    this.post = post;
    this.visible = visible;
  }

  /** Sends what there is, if the page has taken the last batch. Called after every change and every credit. */
  flush(): void {
    if (this.isWaitingForCredit) return;
    const source = this.source();
    if (this.isSnapshotDue) {
      const sequence = source.alertSequence();
      this.send(true, sequence, this.seen(source.alertSnapshot()));
      this.isSnapshotDue = false;
      return;
    }
    // What this person may not see is passed over, however much of it there is, and takes nobody's credit.
    while (source.alertSequence() > this.cursor) {
      const alerts = source.alertsAfter(this.cursor, BATCH_LIMIT);
      const last = alerts.at(-1);
      if (last === undefined) return;
      const seen = this.seen(alerts);
      if (seen.length > 0) {
        this.send(false, last.sequence, seen);
        return;
      }
      this.cursor = last.sequence;
    }
  }

  credit(sequence: number): void {
    if (!this.isWaitingForCredit || sequence !== this.cursor) return;
    this.isWaitingForCredit = false;
    this.flush();
  }

  /** Another list of alerts is shown from now on (a replay began or ended): the page starts anew. */
  restart(): void {
    this.isSnapshotDue = true;
    this.isWaitingForCredit = false;
    this.flush();
  }

  private seen(alerts: readonly Alert[]): readonly Alert[] {
    const isVisible = this.visible();
    return isVisible === null ? alerts : alerts.filter(isVisible);
  }

  private send(snapshot: boolean, sequence: number, alerts: readonly Alert[]): void {
    this.cursor = sequence;
    this.isWaitingForCredit = true;
    this.post({ t: 'lane', snapshot, sequence, alerts: [...alerts] });
  }
}
