/** Decides whether a setting may become what a person asked for, and what of it may be written down. */
import { type FeedConfig, type Settings, settingsSchema } from '#shared/contract/requests';
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { RecordedFeed, SettingEvent } from '#shared/desk/settings/events';
import { type Refusal, refuse, refuseSchemaIssue } from '#shared/refusal';

export type RecordedSettings = Omit<Settings, 'feeds'> & { feeds: RecordedFeed[] };

export type SettingCommand = { key: keyof Settings; value: unknown; reason: string | null };

/**
 * `tokenSetAtMs` says, by feed, since when the token that will be kept beside the journal is known; the event says no more of it.
 * A value that equals the present one yields no event.
 */
export function decideSetting(
  settings: RecordedSettings,
  command: SettingCommand,
  tokenSetAtMs: ReadonlyMap<string, number>,
  context: DecisionContext,
): Decision<SettingEvent> {
  const parsed = settingsSchema.shape[command.key].safeParse(command.value);
  if (!parsed.success) {
    const refusal = refuseSchemaIssue(parsed.error);
    return { ...refusal, field: refusal.field === undefined || refusal.field === '' ? 'value' : `value.${refusal.field}` };
  }
  let after: unknown = parsed.data;
  if (command.key === 'feeds') {
    const feeds = parsed.data as FeedConfig[];
    const refusal = refuseFeeds(feeds);
    if (refusal !== null) return refusal;
    after = feeds.map((feed) => recordedFeed(feed, tokenSetAtMs.get(feed.feedId) ?? null));
  }
  const before = settings[command.key];
  // Never set and set back to the policy's own are the same.
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  // The key decides the types of before and after; both were parsed with that key's schema.
  const payload = { key: command.key, before, after, reason: command.reason, atMs: context.nowMs } as SettingEvent['payload'];
  return [{ type: 'setting.changed', subject: `setting:${command.key}`, payload }];
}

export function recordedFeed(feed: FeedConfig, tokenSetAtMs: number | null): RecordedFeed {
  return { feedId: feed.feedId, url: feed.url, encoding: feed.encoding, tokenSetAtMs };
}

/** Two feeds of one name cannot be told apart; an unencrypted link may not leave this machine; an address must not carry a password into the journal. */
export function refuseFeeds(feeds: readonly FeedConfig[]): Refusal | null {
  const seen = new Set<string>();
  for (const [index, feed] of feeds.entries()) {
    if (seen.has(feed.feedId)) return refuse('INVALID', `two feeds are named ${feed.feedId}`, `value.${index}.feedId`);
    seen.add(feed.feedId);
    const reason = feedAddressFault(feed.url);
    if (reason !== null) return refuse('INVALID', reason, `value.${index}.url`);
  }
  return null;
}

// Written out, because this file runs where there is no URL class: scheme, optional user part, host (or [IPv6]), port, rest.
const FEED_ADDRESS = /^(wss?):\/\/([^/?#@]*@)?(\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)(:\d{1,5})?([/?#]\S*)?$/i;

/** Why this address cannot be a feed's, or null. `wss://` anywhere; `ws://` only to this machine. */
export function feedAddressFault(url: string): string | null {
  const match = FEED_ADDRESS.exec(url);
  if (match === null) return 'is not a ws:// or wss:// address';
  const [, scheme = '', user, host = ''] = match;
  if (user !== undefined) return 'must not carry a name or password: use the token';
  if (scheme.toLowerCase() === 'ws' && !isLoopback(host)) return 'ws:// only to this machine; use wss:// elsewhere';
  return null;
}

function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
