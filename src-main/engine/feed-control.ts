/** Owns the running feeds: starts and stops them as the settings say, pauses them for people, journals their coming and going, keeps what was refused. */
import type { Clock } from '#engine/clock';
import type { DeadLetter, Feed } from '#engine/feeds/feed';
import type { FeedConfig } from '#shared/contract/requests';
import type { FeedPicture, HealthPicture } from '#shared/contract/streams';
import type { FeedEventBody } from '#shared/desk/desk/events';
import type { IntakeEvent, LinkState } from '#shared/feed/intake';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

const KEPT_DEAD_LETTERS = 200;

export type FeedControlParts = {
  /** Refuses an address that may not be used: then the others go on without it. */
  createFeed: (config: FeedConfig) => Outcome<Feed>;
  clock: Clock;
  /** Everything one message led to, in order. */
  onEvents: (events: readonly IntakeEvent[]) => void;
  onExpected: (feedId: string) => void;
  onForgotten: (feedId: string) => void;
  onPaused: (feedId: string, isPaused: boolean) => void;
  onRefused: (feedId: string, refusal: Refusal) => void;
  /** Journals a fact about a feed; `person` when someone asked for it. */
  record: (event: FeedEventBody, actor: 'engine' | 'person') => Outcome<unknown>;
};

type RunningFeed = { config: FeedConfig; feed: Feed; isPaused: boolean; isUp: boolean; journalledState: 'up' | 'down' | null };

export class FeedControl {
  private readonly parts: FeedControlParts;
  private readonly running = new Map<string, RunningFeed>();
  private readonly deadLetters: DeadLetter[] = [];
  private isStopping = false;

  constructor(parts: FeedControlParts) {
    this.parts = parts;
  }

  /** Brings the running feeds in line with the settings: what is unchanged goes on undisturbed. */
  async configure(configs: readonly FeedConfig[]): Promise<void> {
    const wanted = new Map(configs.map((config) => [config.feedId, config]));
    const leaving = [...this.running.values()].filter(({ config }) => !isSameConfig(wanted.get(config.feedId), config));
    await Promise.all(leaving.map((entry) => this.remove(entry)));
    if (this.isStopping) return;
    for (const config of configs) if (!this.running.has(config.feedId)) this.add(config);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all([...this.running.values()].map(({ feed }) => feed.stop()));
  }

  pause(feedId: string, reason: string): Outcome<Record<string, never>> {
    const entry = this.running.get(feedId);
    if (entry === undefined) return unknownFeed(feedId);
    if (entry.isPaused) return refuse('CONFLICT', `feed ${feedId} is already paused`, 'feedId');
    const event = { type: 'feed.paused', payload: { feedId, reason, atMs: this.parts.clock.nowMs() } } as const;
    const recorded = this.parts.record(event, 'person');
    if (!recorded.ok) return recorded;
    entry.isPaused = true;
    this.parts.onPaused(feedId, true);
    entry.feed.pause();
    return accept({});
  }

  /**
   * The desk holds no more: the feed that has said most is cut off until a person resumes it. To the watch the link is down, so that an alert
   * says it; a full disk must not keep it running.
   */
  stopLoudest(reason: string): void {
    const itemsOf = ({ feed }: RunningFeed): number => feed.streamPictures().reduce((sum, { itemCount }) => sum + itemCount, 0);
    const loudest = [...this.running.values()].filter(({ isPaused }) => !isPaused).sort((a, b) => itemsOf(b) - itemsOf(a))[0];
    if (loudest === undefined) return;
    const { feedId } = loudest.config;
    loudest.isPaused = true;
    loudest.feed.pause();
    this.parts.record({ type: 'feed.paused', payload: { feedId, reason, atMs: this.parts.clock.nowMs() } }, 'engine');
  }

  resume(feedId: string): Outcome<Record<string, never>> {
    const entry = this.running.get(feedId);
    if (entry === undefined) return unknownFeed(feedId);
    if (!entry.isPaused) return refuse('CONFLICT', `feed ${feedId} is not paused`, 'feedId');
    const event = { type: 'feed.resumed', payload: { feedId, atMs: this.parts.clock.nowMs() } } as const;
    const recorded = this.parts.record(event, 'person');
    if (!recorded.ok) return recorded;
    entry.isPaused = false;
    this.parts.onPaused(feedId, false);
    entry.feed.resume();
    return accept({});
  }

  reconnect(feedId: string): Outcome<Record<string, never>> {
    const entry = this.running.get(feedId);
    if (entry === undefined) return unknownFeed(feedId);
    if (entry.isPaused) return refuse('CONFLICT', `feed ${feedId} is paused: resume it first`, 'feedId');
    entry.feed.reconnect();
    return accept({});
  }

  /** After the machine woke up: no link that was open before can be trusted. */
  reconnectAll(): void {
    for (const entry of this.running.values()) if (!entry.isPaused) entry.feed.reconnect();
  }

  /** Whole pictures, so that a recording can begin in the middle of a day. */
  requestPictures(): void {
    for (const { feed } of this.running.values()) feed.requestPictures?.();
  }

  isLive(feedId: string): boolean {
    const entry = this.running.get(feedId);
    return entry !== undefined && !entry.isPaused && entry.isUp;
  }

  pictures(nowMs: number): FeedPicture[] {
    return [...this.running.values()].map(({ feed }) => feed.picture(nowMs));
  }

  healthPictures(nowMs: number): HealthPicture['feeds'] {
    return [...this.running.values()].map(({ feed }) => ({ ...feed.picture(nowMs), streams: feed.streamPictures() }));
  }

  /** The newest refused messages and items, newest first. */
  refusedSamples(): readonly DeadLetter[] {
    return this.deadLetters.toReversed();
  }

  private add(config: FeedConfig): void {
    const created = this.parts.createFeed(config);
    if (!created.ok) {
      this.parts.onRefused(config.feedId, created);
      return;
    }
    const entry: RunningFeed = { config, feed: created.value, isPaused: false, isUp: false, journalledState: null };
    this.running.set(config.feedId, entry);
    this.parts.onExpected(config.feedId);
    entry.feed.start({
      onEvents: (events) => {
        for (const event of events) {
          if (event.type !== 'link') continue;
          entry.isUp = event.state === 'up';
          this.journalLink(entry, event.state, event.reason);
        }
        this.parts.onEvents(events);
      },
      onDeadLetter: (letter) => {
        this.deadLetters.push(letter);
        if (this.deadLetters.length > KEPT_DEAD_LETTERS) this.deadLetters.shift();
      },
    });
  }

  private async remove(entry: RunningFeed): Promise<void> {
    this.running.delete(entry.config.feedId);
    await entry.feed.stop();
    this.parts.onForgotten(entry.config.feedId);
  }

  /** Up and down are journalled once each: the attempts in between are the feed's own business. A full disk must not stop the market. */
  private journalLink(entry: RunningFeed, state: LinkState, reason: string): void {
    const { feedId } = entry.config;
    const atMs = this.parts.clock.nowMs();
    const { source } = entry.feed.picture(atMs);
    if (state === 'up' && entry.journalledState !== 'up') {
      entry.journalledState = 'up';
      this.parts.record({ type: 'feed.up', payload: { feedId, source, atMs } }, 'engine');
    } else if (state !== 'up' && entry.journalledState === 'up' && !this.isStopping) {
      entry.journalledState = 'down';
      this.parts.record({ type: 'feed.down', payload: { feedId, source, reason, atMs } }, 'engine');
    }
  }
}

function isSameConfig(wanted: FeedConfig | undefined, running: FeedConfig): boolean {
  return wanted !== undefined && wanted.url === running.url && wanted.encoding === running.encoding && wanted.token === running.token;
}

function unknownFeed(feedId: string): Outcome<never> {
  return refuse('UNKNOWN', `no feed is called ${feedId}`, 'feedId');
}
