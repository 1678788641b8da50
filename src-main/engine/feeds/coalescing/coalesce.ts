/** What may be left out when the engine is behind: older quotes of the same instrument, and nothing else. */
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import type { Quote } from '#shared/feed/items';

type QuotesEvent = Extract<ItemsEvent, { stream: 'quotes' }>;

function isQuoteDelta(event: IntakeEvent): event is QuotesEvent {
  return event.type === 'items' && event.stream === 'quotes';
}

/** A quote must not move across these: before and after them it means something else. */
function isBarrier(event: IntakeEvent): boolean {
  return (
    event.type === 'link' || event.type === 'welcome' || (event.type === 'picture' && (event.stream === 'quotes' || event.stream === 'reference'))
  );
}

/**
 * The same events with each run of quote deltas (between barriers, of one feed and trading day) merged into its last: the newest quote per
 * instrument, in the order of its last change. Trades, orders, accounts, positions and everything else stay as they are and in order.
 */
export function coalesceQuotes(events: readonly IntakeEvent[]): { events: IntakeEvent[]; dropped: number } {
  const kept: (IntakeEvent | null)[] = [];
  let dropped = 0;
  let run: { place: number; last: QuotesEvent; quotes: Map<string, Quote>; count: number } | null = null;
  const close = () => {
    if (run === null) return;
    dropped += run.count - run.quotes.size;
    kept[run.place] = { ...run.last, items: [...run.quotes.values()] };
    run = null;
  };
  for (const event of events) {
    if (!isQuoteDelta(event)) {
      if (isBarrier(event)) close();
      kept.push(event);
      continue;
    }
    if (run !== null && (run.last.feedId !== event.feedId || run.last.tradingDay !== event.tradingDay)) close();
    if (run === null) run = { place: kept.length, last: event, quotes: new Map(), count: 0 };
    else kept[run.place] = null;
    run.place = kept.length;
    run.last = event;
    run.count += event.items.length;
    for (const quote of event.items) {
      const key = `${quote.exchangeID}\u001f${quote.instrumentID}`;
      run.quotes.delete(key);
      run.quotes.set(key, quote);
    }
    kept.push(event);
  }
  close();
  return { events: kept.filter((event) => event !== null), dropped };
}
