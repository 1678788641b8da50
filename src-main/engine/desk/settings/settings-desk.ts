/** Reads and changes settings: every change is an entry with before and after, and a feed's token is kept beside the journal, not in it. */
import type { Recorder } from '#engine/desk/record';
import type { KeyedTable } from '#engine/store/projection-tables';
import type { FeedTokens, StoredToken } from '#engine/store/secrets';
import { storeErrorFrom } from '#engine/store/store-error';
import { type FeedConfig, feedConfigSchema, type RequestPayload, type Settings } from '#shared/contract/requests';
import { decideSetting, type RecordedSettings } from '#shared/desk/settings/decide';
import { type RecordedFeed, recordedFeedSchema } from '#shared/desk/settings/events';
import { accept, type Outcome, refuse } from '#shared/refusal';

export class SettingsDesk {
  readonly #recorder: Recorder;
  readonly #table: KeyedTable;
  readonly #tokens: FeedTokens;
  readonly #defaults: Settings;

  constructor(recorder: Recorder, tokens: FeedTokens, defaults: Settings) {
    this.#recorder = recorder;
    this.#table = recorder.journal.tables.settings;
    this.#tokens = tokens;
    this.#defaults = defaults;
  }

  /** As the page sees them: feeds without their tokens. */
  get(): Settings {
    const { feeds, ...rest } = recordedSettings(this.#table, this.#defaults);
    return { ...rest, feeds: feeds.map(({ feedId, url, encoding }) => ({ feedId, url, encoding })) };
  }

  /** As the engine needs them to connect: feeds with their tokens. */
  feedConfigs(): FeedConfig[] {
    return this.get().feeds.map((feed) => {
      const stored = this.#tokens.get(feed.feedId);
      return stored === null || originOf(stored.url) !== originOf(feed.url) ? feed : { ...feed, token: stored.token };
    });
  }

  /**
   * A feed sent without a token keeps the one it has, as long as it stays with the same host: a token is never offered to another one.
   * An empty token removes it.
   */
  change(payload: RequestPayload<'settings.change'>): Outcome<Settings> {
    const context = this.#recorder.context();
    const tokens = payload.key === 'feeds' ? this.#tokensFor(payload.value, context.nowMs) : this.#tokens.all();
    const setAtMs = new Map([...tokens].map(([feedId, stored]) => [feedId, stored.setAtMs]));
    const command = { key: payload.key, value: payload.value, reason: payload.reason?.trim() || null };
    const decision = decideSetting(recordedSettings(this.#table, this.#defaults), command, setAtMs, context);
    if (Array.isArray(decision) && decision.length > 0 && payload.key === 'feeds') {
      try {
        // Before the entry: a token without its feed harms nobody, a feed that says it has a token and has none cannot connect.
        this.#tokens.replaceAll(tokens);
      } catch (error) {
        return this.#recorder.refused('settings.change', refuse('FAILED', storeErrorFrom(error, 'tokens not saved').message));
      }
    }
    const recorded = this.#recorder.record('settings.change', decision);
    return recorded.ok ? accept(this.get()) : recorded;
  }

  #tokensFor(value: unknown, nowMs: number): ReadonlyMap<string, StoredToken> {
    const parsed = feedConfigSchema.array().safeParse(value);
    if (!parsed.success) return this.#tokens.all();
    const next = new Map<string, StoredToken>();
    for (const { feedId, url, token } of parsed.data) {
      const kept = this.#tokens.get(feedId);
      if (token === '') continue;
      if (token !== undefined && token !== kept?.token) next.set(feedId, { token, url, setAtMs: nowMs });
      else if (kept !== null && originOf(kept.url) === originOf(url)) next.set(feedId, { ...kept, url });
      else if (token !== undefined) next.set(feedId, { token, url, setAtMs: nowMs });
    }
    return next;
  }
}

/** Settings as the journal knows them; what was never changed has its default. */
export function recordedSettings(table: KeyedTable, defaults: Settings): RecordedSettings {
  const recorded = Object.fromEntries(table.all().map((row) => [row.key, row.body]));
  const feeds = recordedFeedSchema.array().safeParse(recorded.feeds);
  const defaultFeeds: RecordedFeed[] = defaults.feeds.map(({ feedId, url, encoding }) => ({ feedId, url, encoding, tokenSetAtMs: null }));
  // The table holds only what the setting's own schema let in when it was folded.
  return { ...defaults, ...(recorded as Partial<Settings>), feeds: feeds.success ? feeds.data : defaultFeeds };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
