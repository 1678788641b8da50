/** The staleness clocks of each feed, read from the events themselves, so that a replay of a recording sees exactly what live saw. */
import type { IntakeEvent } from '#shared/feed/intake';
import type { StreamName } from '#shared/feed/items';

export type LinkReading = {
  feedId: string;
  isPaused: boolean;
  /** When the link was last lost, or when the feed was first expected; null while it is up. */
  notUpSinceMs: number | null;
  /** Receipt of the newest message of any kind; null before the first. */
  lastReceivedAtMs: number | null;
  expectedSinceMs: number;
  reason: string;
  carriesQuotes: boolean;
  carriesAccounts: boolean;
  /** Source times of the newest quotes and accounts messages: how far the accounts are behind the market. */
  quotesSourceMs: number | null;
  accountsSourceMs: number | null;
  /** Since the link came up: streams that were there before and have not spoken yet. What the book holds of them is of an earlier time. */
  awaited: Set<StreamName>;
  upSinceMs: number | null;
};

/** Streams that an account's figures are made of: mixing new ones with old ones would raise alerts about accounts that never were. */
const FIGURE_STREAMS: readonly StreamName[] = ['quotes', 'accounts', 'positions'];
/** A stream that has nothing new to say after a reconnection says nothing: after this long the picture counts as whole. */
const SETTLE_MS = 5_000;

export class LinkClocks {
  private readonly byFeed = new Map<string, LinkReading>();
  private list: readonly LinkReading[] = [];
  private readonly seenStreams = new Map<string, Set<StreamName>>();

  readings(): readonly LinkReading[] {
    return this.list;
  }

  /** A configured feed is watched from its first moment, not from its first message: one that never connects must be seen too. */
  expect(feedId: string, nowMs: number): LinkReading {
    const known = this.byFeed.get(feedId);
    if (known !== undefined) return known;
    const fresh: LinkReading = {
      feedId,
      isPaused: false,
      notUpSinceMs: nowMs,
      lastReceivedAtMs: null,
      expectedSinceMs: nowMs,
      reason: '',
      carriesQuotes: false,
      carriesAccounts: false,
      quotesSourceMs: null,
      accountsSourceMs: null,
      awaited: new Set(),
      upSinceMs: null,
    };
    this.byFeed.set(feedId, fresh);
    this.list = [...this.byFeed.values()];
    return fresh;
  }

  setPaused(feedId: string, isPaused: boolean, nowMs: number): void {
    const reading = this.expect(feedId, nowMs);
    if (reading.isPaused && !isPaused) reading.notUpSinceMs = nowMs;
    reading.isPaused = isPaused;
  }

  /** The book holds something of this stream, of now or from before a restart. */
  noteSeen(feedId: string, stream: StreamName): void {
    if (!FIGURE_STREAMS.includes(stream)) return;
    const seen = this.seenStreams.get(feedId);
    if (seen === undefined) this.seenStreams.set(feedId, new Set([stream]));
    else seen.add(stream);
  }

  apply(event: IntakeEvent): void {
    // The desk's own word: no link that could fall silent.
    if (event.type === 'ownRows') return;
    const reading = this.expect(event.feedId, event.receivedAtMs);
    if (event.type === 'link') {
      reading.reason = event.reason;
      if (event.state === 'up') {
        reading.notUpSinceMs = null;
        reading.upSinceMs = event.receivedAtMs;
        reading.awaited = new Set(this.seenStreams.get(event.feedId));
      } else reading.notUpSinceMs ??= event.receivedAtMs;
      return;
    }
    if (event.type === 'gap') return;
    reading.lastReceivedAtMs = Math.max(reading.lastReceivedAtMs ?? 0, event.receivedAtMs);
    /* Imported files and short recordings begin in the middle of a link: what speaks is up. */
    reading.notUpSinceMs = null;
    if (event.type !== 'items' && event.type !== 'picture') return;
    reading.awaited.delete(event.stream);
    this.noteSeen(event.feedId, event.stream);
    if (event.stream === 'quotes') {
      reading.carriesQuotes = true;
      reading.quotesSourceMs = Math.max(reading.quotesSourceMs ?? 0, event.sourceTimeMs);
    } else if (event.stream === 'accounts') {
      reading.carriesAccounts = true;
      reading.accountsSourceMs = Math.max(reading.accountsSourceMs ?? 0, event.sourceTimeMs);
    }
  }
}

/** Milliseconds without any message; for a feed that never spoke, since it was expected. */
export function silenceMs(reading: LinkReading, nowMs: number): number {
  return Math.max(0, nowMs - (reading.lastReceivedAtMs ?? reading.expectedSinceMs));
}

export function downMs(reading: LinkReading, nowMs: number): number {
  return reading.notUpSinceMs === null ? 0 : Math.max(0, nowMs - reading.notUpSinceMs);
}

/** Whether everything the book knows of this feed has been confirmed since the link came up. */
export function isSettled(reading: LinkReading, nowMs: number): boolean {
  return reading.awaited.size === 0 || reading.upSinceMs === null || nowMs - reading.upSinceMs >= SETTLE_MS;
}
