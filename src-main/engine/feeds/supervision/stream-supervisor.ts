/** Keeps one stream whole: every item once and in order, holes refilled, snapshots swapped in at once or not at all. Knows no protocol and no clock. */
import { type IntakeEvent, type ItemsEvent, QuotesInRows } from '#shared/feed/intake';
import type { StreamName } from '#shared/feed/items';
import type { QuoteRows } from '#shared/feed/quote-rows';
import type { RefusedItem } from '#shared/feed/refused';
import { RepeatFilter } from './repeat-filter';
import type {
  DataStatement,
  SnapshotBeginStatement,
  SnapshotEndStatement,
  SnapshotPartStatement,
  StreamPosition,
  SupervisionRequest,
} from './statement';

export type SupervisionLimits = {
  resendTimeoutMs: number;
  snapshotTimeoutMs: number;
  /** Items held back behind a hole before the supervisor gives up on a resend and asks for a snapshot. */
  maxHeldItems: number;
  maxSnapshotItems: number;
  /** Unanswered snapshot requests after which the link is taken for broken. */
  maxSnapshotAttempts: number;
};

/** What one statement led to; filled by the supervisor, emptied by its caller. */
export type Effects = { events: IntakeEvent[]; requests: SupervisionRequest[]; complaints: { stream: StreamName; reason: string }[] };

export function noEffects(): Effects {
  return { events: [], requests: [], complaints: [] };
}

/** Snapshots of an earlier day than the source spoke of, after which its word is not taken for a while. */
const FRUITLESS_SNAPSHOTS = 2;

type Said = { items: unknown[]; rows?: QuoteRows; refused?: RefusedItem[] | undefined };
type Held = Said & { sequence: number; sourceTimeMs: number; receivedAtMs: number };
type Waiting = { kind: 'resend'; toSequence: number; deadlineMs: number } | { kind: 'snapshot'; attempt: number; deadlineMs: number };
type Assembly = { begin: SnapshotBeginStatement; items: unknown[]; refused: RefusedItem[]; receivedCount: number; deadlineMs: number };

export class StreamSupervisor {
  readonly stream: StreamName;
  readonly #feedId: string;
  readonly #limits: SupervisionLimits;
  readonly #repeats: RepeatFilter;
  #position: { tradingDay: string; sequence: number } | null = null;
  #held = new Map<number, Held>();
  #heldDay: string | null = null;
  #heldItems = 0;
  #waiting: Waiting | null = null;
  #gap: { fromSequence: number; toSequence: number } | null = null;
  #assembly: Assembly | null = null;
  /** False until the source has carried on from our position on this connection: only then may a snapshot not take us back. */
  #isSettled = false;
  /** A later trading day that the source spoke of and has not yet given a snapshot of, and how many snapshots since were of an earlier one. */
  #claimedDay: string | null = null;
  #fruitlessSnapshots = 0;
  #disbelievesLaterDaysUntilMs = Number.NEGATIVE_INFINITY;
  #duplicateCount = 0;
  #gapCount = 0;
  #itemCount = 0;
  #lastReceivedAtMs: number | null = null;

  constructor(feedId: string, stream: StreamName, limits: SupervisionLimits) {
    this.#feedId = feedId;
    this.stream = stream;
    this.#limits = limits;
    this.#repeats = new RepeatFilter(stream);
  }

  /** Items of a snapshot that is not finished. */
  get assembledItems(): number {
    return this.#assembly?.receivedCount ?? 0;
  }

  position(): StreamPosition | null {
    return this.#position === null ? null : { stream: this.stream, ...this.#position };
  }

  counts(): { duplicates: number; gaps: number; items: number; lastReceivedAtMs: number | null; isWhole: boolean } {
    return {
      duplicates: this.#duplicateCount,
      gaps: this.#gapCount,
      items: this.#itemCount,
      lastReceivedAtMs: this.#lastReceivedAtMs,
      isWhole: this.#position !== null && this.#gap === null && this.#assembly === null && this.#waiting === null && this.#held.size === 0,
    };
  }

  /** The transport has (re)subscribed from `position()`; without a position the source owes a snapshot. */
  linkOpened(nowMs: number): void {
    this.#dropHeld();
    this.#assembly = null;
    this.#isSettled = false;
    this.#claimedDay = null;
    this.#fruitlessSnapshots = 0;
    this.#disbelievesLaterDaysUntilMs = Number.NEGATIVE_INFINITY;
    this.#waiting = this.#position === null ? { kind: 'snapshot', attempt: 0, deadlineMs: nowMs + this.#limits.snapshotTimeoutMs } : null;
  }

  /** What was half received is dropped: after the next subscription the source says it again. */
  linkClosed(): void {
    this.#dropHeld();
    this.#assembly = null;
    this.#waiting = null;
  }

  data(message: DataStatement, receivedAtMs: number, nowMs: number, out: Effects): void {
    this.#lastReceivedAtMs = receivedAtMs;
    const position = this.#position;
    if (position !== null && message.tradingDay === position.tradingDay && this.#assembly === null) {
      if (message.sequence <= position.sequence) {
        this.#duplicateCount += 1;
        return;
      }
      if (message.sequence === position.sequence + 1) {
        this.#isSettled = true;
        this.#apply(message.tradingDay, message.sequence, message.sourceTimeMs, receivedAtMs, message, out);
        if (this.#held.size > 0 || this.#gap !== null) this.#drain(receivedAtMs, nowMs, out);
        return;
      }
    } else if (position !== null && message.tradingDay < position.tradingDay && this.#assembly === null) {
      this.#duplicateCount += 1;
      return;
    }
    const isLaterDay = position !== null && message.tradingDay > position.tradingDay && this.#assembly === null;
    if (isLaterDay && nowMs < this.#disbelievesLaterDaysUntilMs) {
      out.complaints.push({ stream: this.stream, reason: `trading day ${message.tradingDay}, of which the source gave no snapshot` });
      return;
    }
    if (!this.#hold(message, receivedAtMs)) {
      out.complaints.push({ stream: this.stream, reason: `more than ${this.#limits.maxHeldItems} items wait behind a hole: asking for a snapshot` });
      this.#dropHeld();
      this.#assembly = null;
      this.#requestSnapshot(nowMs, out);
      return;
    }
    if (this.#assembly !== null) return;
    if (position === null || isLaterDay) {
      if (isLaterDay) this.#claim(message.tradingDay);
      if (this.#waiting?.kind !== 'snapshot') this.#requestSnapshot(nowMs, out);
    } else this.#openGap(receivedAtMs, nowMs, out);
  }

  /** The source's own position: shows a hole at the end of a quiet stream, and a source that has forgotten what it said. */
  sourcePosition(source: StreamPosition, receivedAtMs: number, nowMs: number, out: Effects): void {
    const position = this.#position;
    if (this.#assembly !== null || this.#waiting !== null) return;
    if (position === null) this.#requestSnapshot(nowMs, out);
    else if (source.tradingDay > position.tradingDay) {
      if (nowMs < this.#disbelievesLaterDaysUntilMs) return;
      this.#claim(source.tradingDay);
      this.#requestSnapshot(nowMs, out);
    } else if (source.tradingDay < position.tradingDay || source.sequence < position.sequence) {
      this.#isSettled = false;
      this.#requestSnapshot(nowMs, out);
    } else if (source.sequence === position.sequence) {
      this.#isSettled = true;
    } else if (this.#isSettled) {
      this.#openGap(receivedAtMs, nowMs, out, source.sequence);
    } else {
      // The source spoke before it answered our subscription: what we miss is on its way, so only a deadline is set.
      this.#waiting = { kind: 'resend', toSequence: source.sequence, deadlineMs: nowMs + this.#limits.resendTimeoutMs };
    }
  }

  snapshotBegin(begin: SnapshotBeginStatement, nowMs: number): void {
    this.#assembly = { begin, items: [], refused: [], receivedCount: 0, deadlineMs: nowMs + this.#limits.snapshotTimeoutMs };
  }

  snapshotPart(part: SnapshotPartStatement, nowMs: number, out: Effects): void {
    const assembly = this.#assembly;
    if (assembly === null) {
      out.complaints.push({ stream: this.stream, reason: 'a snapshot part arrived outside its begin and end marks' });
      return;
    }
    assembly.receivedCount += part.receivedCount;
    assembly.deadlineMs = nowMs + this.#limits.snapshotTimeoutMs;
    if (assembly.receivedCount > this.#limits.maxSnapshotItems) {
      out.complaints.push({ stream: this.stream, reason: `the snapshot has more than ${this.#limits.maxSnapshotItems} items` });
      this.#assembly = null;
      out.requests.push({ type: 'reconnect', reason: 'snapshot too large' });
      return;
    }
    for (const item of part.items) assembly.items.push(item);
    for (const refused of part.refused ?? []) assembly.refused.push(refused);
  }

  snapshotEnd(end: SnapshotEndStatement, receivedAtMs: number, nowMs: number, out: Effects): void {
    const assembly = this.#assembly;
    this.#assembly = null;
    this.#lastReceivedAtMs = receivedAtMs;
    if (assembly === null) {
      out.complaints.push({ stream: this.stream, reason: 'a snapshot ended that had not begun' });
      return;
    }
    const { begin } = assembly;
    if (end.tradingDay !== begin.tradingDay || end.sequence !== begin.sequence || end.count !== assembly.receivedCount) {
      out.complaints.push({
        stream: this.stream,
        reason: `snapshot discarded: its end mark says ${end.count} items at ${end.tradingDay}/${end.sequence}, received were ${assembly.receivedCount} at ${begin.tradingDay}/${begin.sequence}`,
      });
      this.#requestSnapshot(nowMs, out);
      return;
    }
    const position = this.#position;
    const isForward =
      position === null || end.tradingDay > position.tradingDay || (end.tradingDay === position.tradingDay && end.sequence >= position.sequence);
    if (this.#isSettled && !isForward) {
      out.complaints.push({ stream: this.stream, reason: 'a snapshot older than what is already applied was ignored' });
      if (this.#waiting?.kind === 'snapshot') this.#waiting = null;
      this.#drain(receivedAtMs, nowMs, out);
      return;
    }
    this.#waiting = null;
    this.#isSettled = true;
    this.#position = { tradingDay: end.tradingDay, sequence: end.sequence };
    this.#repeats.restart(end.tradingDay);
    const items = this.#repeats.keepNew(end.tradingDay, assembly.items);
    this.#itemCount += items.length;
    out.events.push(this.#itemsEvent('picture', end.tradingDay, end.sequence, end.sourceTimeMs, receivedAtMs, { items, refused: assembly.refused }));
    this.#healGap('snapshot', receivedAtMs, out);
    this.#judgeClaim(end.tradingDay, nowMs, out);
    this.#drain(receivedAtMs, nowMs, out);
  }

  #claim(tradingDay: string): void {
    if (this.#claimedDay === null || tradingDay > this.#claimedDay) this.#claimedDay = tradingDay;
  }

  /**
   * A snapshot may have been on its way when the day changed, so the next one is asked for at once. When that one is not of the claimed day
   * either, the claim was a mistake: asking again and again would drown both sides in snapshots. It is believed again after a while.
   */
  #judgeClaim(tradingDay: string, nowMs: number, out: Effects): void {
    const claimed = this.#claimedDay;
    this.#fruitlessSnapshots = claimed !== null && claimed > tradingDay ? this.#fruitlessSnapshots + 1 : 0;
    if (this.#fruitlessSnapshots === 0) this.#claimedDay = null;
    if (this.#fruitlessSnapshots < FRUITLESS_SNAPSHOTS) return;
    out.complaints.push({
      stream: this.stream,
      reason: `the source spoke of trading day ${claimed}, but its snapshots are of ${tradingDay}: messages of later days are left out`,
    });
    if (this.#heldDay !== null && this.#heldDay > tradingDay) this.#dropHeld();
    this.#claimedDay = null;
    this.#fruitlessSnapshots = 0;
    this.#disbelievesLaterDaysUntilMs = nowMs + this.#limits.snapshotTimeoutMs;
  }

  /** The source said no to a request on this stream. */
  refused(nowMs: number, out: Effects): void {
    if (this.#waiting?.kind === 'resend') this.#requestSnapshot(nowMs, out);
  }

  /** Asks for a whole picture now, whatever the state (a recording begins). */
  requestPicture(nowMs: number, out: Effects): void {
    if (this.#waiting?.kind !== 'snapshot' && this.#assembly === null) this.#requestSnapshot(nowMs, out);
  }

  /** Monotonic time of the next deadline, or infinity. */
  nextDeadlineMs(): number {
    return Math.min(this.#assembly?.deadlineMs ?? Number.POSITIVE_INFINITY, this.#waiting?.deadlineMs ?? Number.POSITIVE_INFINITY);
  }

  /** Acts on deadlines that have passed at monotonic `nowMs`. */
  tick(nowMs: number, out: Effects): void {
    if (this.#assembly !== null) {
      if (nowMs < this.#assembly.deadlineMs) return;
      out.complaints.push({ stream: this.stream, reason: 'a snapshot was not finished in time and is discarded' });
      this.#assembly = null;
      this.#requestSnapshot(nowMs, out);
      return;
    }
    const waiting = this.#waiting;
    if (waiting === null || nowMs < waiting.deadlineMs) return;
    this.#requestSnapshot(nowMs, out);
  }

  #requestSnapshot(nowMs: number, out: Effects): void {
    const attempt = this.#waiting?.kind === 'snapshot' ? this.#waiting.attempt + 1 : 1;
    if (attempt > this.#limits.maxSnapshotAttempts) {
      this.#waiting = null;
      out.requests.push({ type: 'reconnect', reason: `no usable snapshot of ${this.stream} after ${attempt - 1} requests` });
      return;
    }
    this.#waiting = { kind: 'snapshot', attempt, deadlineMs: nowMs + this.#limits.snapshotTimeoutMs };
    out.requests.push({ type: 'snapshotRequest', stream: this.stream });
  }

  #openGap(receivedAtMs: number, nowMs: number, out: Effects, knownSequence?: number): void {
    const position = this.#position;
    if (position === null || this.#waiting !== null) return;
    const fromSequence = position.sequence + 1;
    let toSequence = knownSequence ?? Number.POSITIVE_INFINITY;
    if (this.#heldDay === position.tradingDay) {
      for (const sequence of this.#held.keys()) if (sequence - 1 < toSequence) toSequence = sequence - 1;
    }
    if (!Number.isFinite(toSequence)) return;
    if (this.#gap === null || this.#gap.fromSequence !== fromSequence) {
      this.#gapCount += 1;
      this.#gap = { fromSequence, toSequence };
      out.events.push({ type: 'gap', feedId: this.#feedId, receivedAtMs, stream: this.stream, fromSequence, toSequence, healedBy: null });
    }
    this.#waiting = { kind: 'resend', toSequence, deadlineMs: nowMs + this.#limits.resendTimeoutMs };
    out.requests.push({ type: 'resend', stream: this.stream, tradingDay: position.tradingDay, fromSequence, toSequence });
  }

  #healGap(healedBy: 'resend' | 'snapshot', receivedAtMs: number, out: Effects): void {
    if (this.#gap === null) return;
    out.events.push({ type: 'gap', feedId: this.#feedId, receivedAtMs, stream: this.stream, ...this.#gap, healedBy });
    this.#gap = null;
  }

  /** Applies what was held back and now fits; opens the next hole when there is one. */
  #drain(receivedAtMs: number, nowMs: number, out: Effects): void {
    const position = this.#position;
    if (position === null) return;
    if (this.#heldDay === position.tradingDay) {
      for (let held = this.#held.get(position.sequence + 1); held !== undefined; held = this.#held.get((this.#position ?? position).sequence + 1)) {
        this.#isSettled = true;
        this.#apply(position.tradingDay, held.sequence, held.sourceTimeMs, held.receivedAtMs, held, out);
        this.#release(held);
      }
    } else if (this.#heldDay !== null && this.#heldDay < position.tradingDay) this.#dropHeld();
    const sequence = (this.#position ?? position).sequence;
    if (this.#heldDay === position.tradingDay) for (const held of [...this.#held.values()]) if (held.sequence <= sequence) this.#release(held);
    if (this.#gap !== null && sequence >= this.#gap.toSequence) this.#healGap('resend', receivedAtMs, out);
    if (this.#waiting?.kind === 'resend' && sequence >= this.#waiting.toSequence) this.#waiting = null;
    if (this.#held.size === 0 || this.#waiting !== null) return;
    if (this.#heldDay === position.tradingDay) this.#openGap(receivedAtMs, nowMs, out);
    else this.#requestSnapshot(nowMs, out);
  }

  #apply(tradingDay: string, sequence: number, sourceTimeMs: number, receivedAtMs: number, said: Said, out: Effects): void {
    this.#position = { tradingDay, sequence };
    if (said.rows !== undefined) {
      this.#itemCount += said.rows.count;
      out.events.push(new QuotesInRows(this.#feedId, receivedAtMs, sourceTimeMs, tradingDay, sequence, said.rows));
      return;
    }
    const fresh = this.#repeats.keepNew(tradingDay, said.items);
    this.#itemCount += fresh.length;
    out.events.push(this.#itemsEvent('items', tradingDay, sequence, sourceTimeMs, receivedAtMs, { items: fresh, refused: said.refused }));
  }

  #itemsEvent(
    type: 'items' | 'picture',
    tradingDay: string,
    sequence: number,
    sourceTimeMs: number,
    receivedAtMs: number,
    { items, refused }: Said,
  ): ItemsEvent {
    // The items were parsed with this stream's schema; the pairing of stream and item type is lost in the supervisor's own types.
    const event = { type, feedId: this.#feedId, receivedAtMs, stream: this.stream, sourceTimeMs, tradingDay, sequence, items } as ItemsEvent;
    if (refused !== undefined && refused.length > 0) event.refused = refused;
    return event;
  }

  /** False when the limit is reached. A later trading day replaces what was held of an earlier one: its snapshot covers that. */
  #hold(message: DataStatement, receivedAtMs: number): boolean {
    if (this.#heldDay !== message.tradingDay) {
      if (this.#heldDay !== null && message.tradingDay < this.#heldDay) {
        this.#duplicateCount += 1;
        return true;
      }
      this.#dropHeld();
      this.#heldDay = message.tradingDay;
    }
    if (this.#held.has(message.sequence)) {
      this.#duplicateCount += 1;
      return true;
    }
    const { sequence, sourceTimeMs, items, refused } = message;
    this.#held.set(sequence, { sequence, sourceTimeMs, receivedAtMs, items, refused });
    // An empty message costs memory too.
    this.#heldItems += items.length + (refused?.length ?? 0) + 1;
    return this.#heldItems <= this.#limits.maxHeldItems;
  }

  #release(held: Held): void {
    this.#held.delete(held.sequence);
    this.#heldItems -= held.items.length + (held.refused?.length ?? 0) + 1;
    if (this.#held.size === 0) this.#heldDay = null;
  }

  #dropHeld(): void {
    this.#held.clear();
    this.#heldDay = null;
    this.#heldItems = 0;
  }
}
