/** What may be left out when the engine is behind: older quotes of the same instrument, and nothing else. */
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import type { Quote } from '#shared/feed/items';

type QuotesEvent = Extract<ItemsEvent, { stream: 'quotes' }>;

/** One with a refused quote stays as it is and in its place: before it the price was known, after it it is not. */
function isQuoteDelta(event: IntakeEvent): event is QuotesEvent {
  return event.type === 'items' && event.stream === 'quotes' && event.refused === undefined;
}

/**
 * A quote must not move across these: before and after them it means something else. A counter's figures are compared with ours at the prices
 * of their own moment, so those prices must be there first.
 */
function isBarrier(event: IntakeEvent): boolean {
  if (event.type === 'link' || event.type === 'welcome') return true;
  if (event.type !== 'picture') return event.type === 'items' && (event.stream === 'accounts' || event.stream === 'quotes');
  return event.stream === 'quotes' || event.stream === 'reference' || event.stream === 'accounts';
}

/**
 * The same events with each run of quote deltas (between barriers, of one feed and trading day) merged into its last: the newest quote per
 * instrument, in the order of its last change, with the time of the oldest quote that was left out. Trades, orders, accounts, positions and everything else stay as they are and in order.
 */
export function coalesceQuotes(events: readonly IntakeEvent[]): { events: IntakeEvent[]; dropped: number } {
  const kept: (IntakeEvent | null)[] = [];
  let dropped = 0;
  let run: { place: number; last: QuotesEvent; quotes: Map<string, Quote>; count: number; mergedFromMs: number } | null = null;
  const close = () => {
    if (run === null) return;
    dropped += run.count - run.quotes.size;
    const { type, feedId, receivedAtMs, stream, sourceTimeMs, tradingDay, sequence } = run.last;
    const merged: QuotesEvent = { type, feedId, receivedAtMs, stream, sourceTimeMs, tradingDay, sequence, items: [...run.quotes.values()] };
    if (run.mergedFromMs < Number.POSITIVE_INFINITY) merged.mergedFromMs = run.mergedFromMs;
    kept[run.place] = merged;
    run = null;
  };
  for (const event of events) {
    if (!isQuoteDelta(event)) {
      if (isBarrier(event)) close();
      kept.push(event);
      continue;
    }
    if (run !== null && (run.last.feedId !== event.feedId || run.last.tradingDay !== event.tradingDay)) close();
    if (run === null) run = { place: kept.length, last: event, quotes: new Map(), count: 0, mergedFromMs: Number.POSITIVE_INFINITY };
    else kept[run.place] = null;
    run.place = kept.length;
    run.last = event;
    run.count += event.items.length;
    // Merged before, and not taken since.
    run.mergedFromMs = Math.min(run.mergedFromMs, event.mergedFromMs ?? Number.POSITIVE_INFINITY);
    for (const quote of event.items) {
      const key = `${quote.exchangeID}\u001f${quote.instrumentID}`;
      run.mergedFromMs = Math.min(run.mergedFromMs, run.quotes.get(key)?.updateTimeMs ?? Number.POSITIVE_INFINITY);
      run.quotes.delete(key);
      run.quotes.set(key, quote);
    }
    kept.push(event);
  }
  close();
  return { events: kept.filter((event) => event !== null), dropped };
}
