/** A recording as a feed: the core cannot tell it from a live one, except that its source says so and its clock is the recorded one. */
import type { FeedPicture } from '#shared/contract/streams';
import type { IntakeEvent } from '#shared/feed/intake';
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';
import type { Clock } from '../../clock';
import type { Feed, FeedSink, FeedStreamPicture } from '../feed';
import { RateMeter } from '../rate-meter';
import type { RecordingEnding, RecordingReader } from './recording-reader';

/** 1 is the recorded pace; `max` is as fast as the core takes it. */
export type ReplaySpeed = number | 'max';

export type ReplayFeedOptions = {
  feedId: string;
  reader: RecordingReader;
  speed: ReplaySpeed;
  clock: Clock;
  /** Longest stretch without letting anything else run. */
  turnBudgetMs?: number;
  /** Calls back after `ms`; answers with how to call it off. */
  after?: (ms: number, callback: () => void) => () => void;
};

export type ReplayPicture = {
  file: string;
  speed: ReplaySpeed;
  paused: boolean;
  /** Receipt time of the last event that was delivered. */
  atMs: number;
  progress: number;
  finished: boolean;
  eventCount: number;
  itemCount: number;
  refusedLines: number;
  ending: RecordingEnding | null;
};

const realTimer = (ms: number, callback: () => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

export class ReplayFeed implements Feed {
  readonly feedId: string;
  readonly #options: ReplayFeedOptions;
  readonly #reader: RecordingReader;
  readonly #messages = new RateMeter();
  readonly #itemRate = new RateMeter();
  readonly #streams = new Map<StreamName, FeedStreamPicture>();
  #sink: FeedSink | null = null;
  #speed: ReplaySpeed;
  #isPaused = false;
  #isStopped = false;
  #isFinished = false;
  #wake: (() => void) | null = null;
  /** Recorded time and monotonic time that belong together; set anew when the pace changes. */
  #anchor: { recordedMs: number; monotonicMs: number } | null = null;
  #atMs: number;
  #eventCount = 0;
  #itemCount = 0;
  #gapCount = 0;
  #source = '';
  #isDemonstration = false;
  #sinceMs: number;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ReplayFeedOptions) {
    this.#options = options;
    this.feedId = options.feedId;
    this.#reader = options.reader;
    this.#speed = options.speed;
    this.#atMs = options.reader.header.createdAtMs;
    this.#sinceMs = options.clock.nowMs();
    this.#source = options.reader.header.source;
  }

  start(sink: FeedSink): void {
    if (this.#sink !== null) return;
    this.#sink = sink;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wakeUp();
    await this.#running;
    this.#sink = null;
  }

  pause(): void {
    this.#isPaused = true;
    this.#sinceMs = this.#options.clock.nowMs();
  }

  resume(): void {
    this.#isPaused = false;
    this.#sinceMs = this.#options.clock.nowMs();
    this.#anchorHere();
    this.#wakeUp();
  }

  /** A recording is always there; nothing to connect to. */
  reconnect(): void {}

  setSpeed(speed: ReplaySpeed): void {
    this.#speed = speed;
    this.#anchorHere();
    this.#wakeUp();
  }

  /** Resolves when the last event was delivered, or the replay was stopped. */
  whenFinished(): Promise<void> {
    return this.#running;
  }

  progress(): ReplayPicture {
    return {
      file: this.#reader.file,
      speed: this.#speed,
      paused: this.#isPaused,
      atMs: this.#atMs,
      progress: this.#isFinished ? 1 : this.#reader.progress,
      finished: this.#isFinished,
      eventCount: this.#eventCount,
      itemCount: this.#itemCount,
      refusedLines: this.#reader.refusedLines,
      ending: this.#reader.ending,
    };
  }

  picture(): FeedPicture {
    const nowMs = this.#options.clock.monotonicMs();
    return {
      feedId: this.feedId,
      source: this.#source,
      address: this.#reader.file,
      demonstration: this.#isDemonstration,
      simulated: true,
      state: this.#isFinished || this.#isStopped ? 'down' : this.#isPaused ? 'paused' : 'live',
      sinceMs: this.#sinceMs,
      lastReceivedAtMs: this.#eventCount === 0 ? null : this.#atMs,
      reason: this.#isFinished ? 'the recording has ended' : '',
      messagesPerSecond: this.#messages.perSecond(nowMs),
      itemsPerSecond: this.#itemRate.perSecond(nowMs),
      refusedCount: this.#reader.refusedLines,
      gapCount: this.#gapCount,
      reconnectCount: 0,
      nextAttemptAtMs: null,
    };
  }

  streamPictures(): FeedStreamPicture[] {
    return STREAM_NAMES.map((stream) => this.#streams.get(stream)).filter((picture) => picture !== undefined);
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const budgetMs = this.#options.turnBudgetMs ?? 8;
    let turnStartMs = clock.monotonicMs();
    for await (const batch of this.#reader.batches()) {
      for (const event of batch) {
        if (this.#isPaused || this.#speed !== 'max') {
          const hasWaited = await this.#untilDue(event.receivedAtMs);
          if (hasWaited) turnStartMs = clock.monotonicMs();
        }
        if (this.#isStopped) return;
        this.#deliver(event);
        if (clock.monotonicMs() - turnStartMs > budgetMs) {
          await new Promise((resolve) => setImmediate(resolve));
          turnStartMs = clock.monotonicMs();
        }
      }
    }
    this.#isFinished = !this.#isStopped;
    this.#sinceMs = clock.nowMs();
  }

  async #untilDue(recordedMs: number): Promise<boolean> {
    let hasWaited = false;
    while (!this.#isStopped) {
      if (this.#isPaused) {
        await this.#sleep(null);
        hasWaited = true;
        continue;
      }
      if (this.#speed === 'max') return hasWaited;
      const monotonicMs = this.#options.clock.monotonicMs();
      this.#anchor ??= { recordedMs, monotonicMs };
      const waitMs = (recordedMs - this.#anchor.recordedMs) / this.#speed - (monotonicMs - this.#anchor.monotonicMs);
      // Timers are no finer than this; what is due within it goes out together.
      if (waitMs < 1) return hasWaited;
      await this.#sleep(waitMs);
      hasWaited = true;
    }
    return hasWaited;
  }

  #anchorHere(): void {
    this.#anchor = this.#eventCount === 0 ? null : { recordedMs: this.#atMs, monotonicMs: this.#options.clock.monotonicMs() };
  }

  #sleep(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const callOff = ms === null ? null : (this.#options.after ?? realTimer)(ms, () => this.#wakeUp());
      this.#wake = () => {
        callOff?.();
        resolve();
      };
    });
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  #deliver(recorded: IntakeEvent): void {
    const monotonicMs = this.#options.clock.monotonicMs();
    const event = { ...recorded, feedId: this.feedId };
    if (event.type === 'welcome') {
      event.simulated = true;
      this.#source = event.source;
      this.#isDemonstration = event.demonstration;
    } else if (event.type === 'gap' && event.healedBy === null) this.#gapCount += 1;
    else if (event.type === 'items' || event.type === 'picture') {
      const before = this.#streams.get(event.stream);
      this.#streams.set(event.stream, {
        stream: event.stream,
        tradingDay: event.tradingDay,
        sequence: event.sequence,
        itemCount: (before?.itemCount ?? 0) + event.items.length,
        lastReceivedAtMs: event.receivedAtMs,
      });
      this.#itemCount += event.items.length;
      this.#itemRate.add(event.items.length, monotonicMs);
    }
    this.#eventCount += 1;
    this.#atMs = event.receivedAtMs;
    this.#messages.add(1, monotonicMs);
    this.#sink?.onEvents([event]);
  }
}
