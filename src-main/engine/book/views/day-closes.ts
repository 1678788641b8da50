/** What an account's closes of the day realised by our own reckoning: from its trades, the morning's lots and yesterday's settlement, never from the counter's figure. */
import type { HedgeFlag, PosiDirection, Trade } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import { type CarriedLot, closedOnTheDay } from '#shared/market/close-profit';
import { type Known, known, knownNumber, sumKnown, unknown } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';
import type { Book } from '../book';
import { priceReason } from '../prices';
import type { AccountRecord, InstrumentRecord } from '../things';
import { multiplierOf } from '../what-if/charged-trades';

/** `trades` are the account's of the day, in order of time. By date, as a counter's closeProfit is. */
export function closeProfitOf(book: Book, account: AccountRecord, trades: readonly Trade[]): Known<number> {
  const parts = groupBy(trades, (trade) => `${trade.exchangeID}|${trade.instrumentID}|${closedSide(trade)}|${trade.hedgeFlag}`);
  return sumKnown([...parts.values()].map((own) => ofOnePosition(book, account, own)));
}

/** Which position a trade opens or closes: a sell closes a long one. */
function closedSide({ offsetFlag, direction }: Trade): PosiDirection {
  return (offsetFlag === 'open') === (direction === 'buy') ? 'long' : 'short';
}

function ofOnePosition(book: Book, account: AccountRecord, trades: readonly Trade[]): Known<number> {
  const [first] = trades;
  if (first === undefined || trades.every(({ offsetFlag }) => offsetFlag === 'open')) return known(0);
  const { exchangeID, instrumentID, hedgeFlag } = first;
  const label = `${exchangeID}.${instrumentID}`;
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  if (instrument === null || instrument.master === null) return unknown(instrument?.masterRefusal?.reason ?? reasonFor('noInstrument', label));
  if (instrument.master.productClass === 'option') return unknown(reasonFor('optionClose', label));
  const direction = closedSide(first);
  return closedOnTheDay({
    direction,
    carried: [carriedLot(account, instrument, direction, hedgeFlag)],
    trades,
    keepsDaysApart: instrument.master.positionDateType === 'useHistory',
    multiplier: multiplierOf(book, exchangeID, instrumentID),
    overClosed: reasonFor('lotClosedTwice', label),
  }).byDate;
}

/** The morning's position: the counter's number of it stands all day. Without the counter's slices nobody says how much there was. */
function carriedLot(account: AccountRecord, instrument: InstrumentRecord, direction: PosiDirection, hedgeFlag: HedgeFlag): CarriedLot {
  const sides = account.holdings.get(instrument.index)?.sides ?? [];
  const slices = sides
    .filter((side) => side.direction === direction && side.hedgeFlag === hedgeFlag)
    .flatMap((side) => side.slices.values().map(({ item }) => item));
  const morning = slices.flatMap(({ ydPosition }) => ydPosition ?? []);
  const preSettlement = slices.find((slice) => (slice.preSettlementPrice ?? 0) > 0)?.preSettlementPrice ?? instrument.quote?.preSettlementPrice;
  return {
    volume: morning.length === 0 ? unknown(reasonFor('field', 'ydPosition')) : known(morning.reduce((sum, volume) => sum + volume, 0)),
    preSettlementPrice: knownNumber(preSettlement, priceReason(instrument, 'preSettlementPrice')),
    // The lots that are gone took their open prices with them.
    openPrice: unknown(reasonFor('noOpenPrice', instrument.label)),
  };
}
