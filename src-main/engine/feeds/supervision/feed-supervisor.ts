/** All streams of one feed under supervision: routes what the source says to its stream and turns the answers into intake events and requests. */
import type { StreamName } from '#shared/feed/items';
import type { FeedStreamPicture } from '../feed';
import type { SnapshotPartStatement, Statement, StreamPosition } from './statement';
import { type Effects, StreamSupervisor, type SupervisionLimits } from './stream-supervisor';

export const DEFAULT_SUPERVISION_LIMITS: SupervisionLimits = {
  resendTimeoutMs: 3_000,
  snapshotTimeoutMs: 10_000,
  maxHeldItems: 500_000,
  maxSnapshotItems: 5_000_000,
  maxSnapshotAttempts: 3,
};

/** Contracts, accounts and their states: no market has more, and each costs kilobytes where a lot costs bytes. */
const MAX_NAMED_THINGS = 200_000;
const STREAMS_OF_NAMED_THINGS: readonly StreamName[] = ['quotes', 'accounts', 'instrumentStatus'];

export class FeedSupervisor {
  readonly #feedId: string;
  readonly #streams: Map<StreamName, StreamSupervisor>;
  readonly #maxSnapshotItems: number;

  constructor(feedId: string, streams: readonly StreamName[], limits: Partial<SupervisionLimits> = {}) {
    this.#feedId = feedId;
    const all = { ...DEFAULT_SUPERVISION_LIMITS, ...limits };
    this.#maxSnapshotItems = all.maxSnapshotItems;
    this.#streams = new Map(streams.map((stream) => [stream, new StreamSupervisor(feedId, stream, limitsOf(stream, all))]));
  }

  /** What to subscribe to, with the position to resume from where there is one. */
  subscriptions(): { stream: StreamName; from?: { tradingDay: string; sequence: number } }[] {
    return [...this.#streams.values()].map((supervisor) => {
      const position = supervisor.position();
      return position === null
        ? { stream: supervisor.stream }
        : { stream: supervisor.stream, from: { tradingDay: position.tradingDay, sequence: position.sequence } };
    });
  }

  /** `streams`: those the source offers; others owe us nothing. `nowMs` is monotonic throughout. */
  linkOpened(streams: readonly StreamName[], nowMs: number): void {
    for (const stream of streams) this.#streams.get(stream)?.linkOpened(nowMs);
  }

  linkClosed(): void {
    for (const supervisor of this.#streams.values()) supervisor.linkClosed();
  }

  receive(statement: Statement, receivedAtMs: number, nowMs: number, out: Effects): void {
    switch (statement.type) {
      case 'welcome':
        out.events.push({
          type: 'welcome',
          feedId: this.#feedId,
          receivedAtMs,
          source: statement.source,
          simulated: statement.simulated,
          demonstration: statement.demonstration,
          sourceTimeMs: statement.sourceTimeMs,
          tradingDay: statement.tradingDay,
          streams: statement.streams,
        });
        return;
      case 'heartbeat':
        out.events.push({
          type: 'heartbeat',
          feedId: this.#feedId,
          receivedAtMs,
          sourceTimeMs: statement.sourceTimeMs,
          tradingDay: statement.tradingDay,
        });
        for (const position of statement.positions) this.#streams.get(position.stream)?.sourcePosition(position, receivedAtMs, nowMs, out);
        return;
      case 'refusal':
        for (const supervisor of this.#streams.values()) {
          if (statement.stream === undefined || statement.stream === supervisor.stream) supervisor.refused(nowMs, out);
        }
        return;
      default: {
        const supervisor = this.#streams.get(statement.stream);
        if (supervisor === undefined) {
          out.complaints.push({ stream: statement.stream, reason: 'this stream was not subscribed to' });
        } else if (statement.type === 'data') supervisor.data(statement, receivedAtMs, nowMs, out);
        else if (statement.type === 'snapshotBegin') supervisor.snapshotBegin(statement, nowMs);
        else if (statement.type === 'snapshot') this.#snapshotPart(supervisor, statement, nowMs, out);
        else supervisor.snapshotEnd(statement, receivedAtMs, nowMs, out);
      }
    }
  }

  /** Snapshots that are begun on every stream and never ended share one limit: together they would fill the memory as well. */
  #snapshotPart(supervisor: StreamSupervisor, part: SnapshotPartStatement, nowMs: number, out: Effects): void {
    supervisor.snapshotPart(part, nowMs, out);
    let assembled = 0;
    for (const stream of this.#streams.values()) assembled += stream.assembledItems;
    if (assembled <= this.#maxSnapshotItems) return;
    out.complaints.push({ stream: supervisor.stream, reason: `unfinished snapshots have more than ${this.#maxSnapshotItems} items together` });
    out.requests.push({ type: 'reconnect', reason: 'snapshots too large' });
  }

  requestPictures(nowMs: number, out: Effects): void {
    for (const supervisor of this.#streams.values()) supervisor.requestPicture(nowMs, out);
  }

  nextDeadlineMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const supervisor of this.#streams.values()) next = Math.min(next, supervisor.nextDeadlineMs());
    return next;
  }

  tick(nowMs: number, out: Effects): void {
    for (const supervisor of this.#streams.values()) supervisor.tick(nowMs, out);
  }

  positions(): StreamPosition[] {
    return [...this.#streams.values()].map((supervisor) => supervisor.position()).filter((position) => position !== null);
  }

  gapCount(): number {
    let count = 0;
    for (const supervisor of this.#streams.values()) count += supervisor.counts().gaps;
    return count;
  }

  /** Whether every stream has its picture and nothing is missing. */
  isWhole(): boolean {
    return [...this.#streams.values()].every((supervisor) => supervisor.counts().isWhole);
  }

  streamPictures(): FeedStreamPicture[] {
    return [...this.#streams.values()].map((supervisor) => {
      const position = supervisor.position();
      const counts = supervisor.counts();
      return {
        stream: supervisor.stream,
        tradingDay: position?.tradingDay ?? null,
        sequence: position?.sequence ?? null,
        itemCount: counts.items,
        lastReceivedAtMs: counts.lastReceivedAtMs,
      };
    });
  }
}

function limitsOf(stream: StreamName, limits: SupervisionLimits): SupervisionLimits {
  if (!STREAMS_OF_NAMED_THINGS.includes(stream)) return limits;
  return { ...limits, maxSnapshotItems: Math.min(limits.maxSnapshotItems, MAX_NAMED_THINGS) };
}
