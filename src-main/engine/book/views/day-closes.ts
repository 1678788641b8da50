/** What an account's closes of the day realised by our own reckoning: from its trades, the morning's lots and yesterday's settlement, never from the counter's figure. */
import type { HedgeFlag, PosiDirection, Trade } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import { type CarriedLot, type ClosedPart, closedOnTheDay } from '#shared/market/close-profit';
import { type Known, known, knownNumber, sumKnown, unknown } from '#shared/market/known';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { Book } from '../book';
import { priceReason } from '../prices';
import type { AccountRecord, InstrumentRecord } from '../things';
import { keepsDaysApart, multiplierOf } from '../what-if/contract-terms';

/** The closes of one contract, direction and hedge flag; `value` by date, as a counter's closeProfit is. */
export type PositionCloses = {
  exchangeID: string;
  instrumentID: string;
  direction: PosiDirection;
  hedgeFlag: HedgeFlag;
  value: Known<number>;
  parts: ClosedPart<Trade>[];
  /** All of the position's trades, its opens too. */
  trades: readonly Trade[];
};

/** `trades` are the account's of the day, in order of time. Positions without a close are left out. */
export function closesOf(book: Book, account: AccountRecord, trades: readonly Trade[]): PositionCloses[] {
  const positions = groupBy(trades, (trade) => `${trade.exchangeID}|${trade.instrumentID}|${closedSide(trade)}|${trade.hedgeFlag}`);
  return [...positions.values()].flatMap((own) => ofOnePosition(book, account, own) ?? []);
}

export function closeProfitOf(closes: readonly PositionCloses[]): Known<number> {
  return sumKnown(closes.map(({ value }) => value));
}

/** Which position a trade opens or closes: a sell closes a long one. */
function closedSide({ offsetFlag, direction }: Trade): PosiDirection {
  return (offsetFlag === 'open') === (direction === 'buy') ? 'long' : 'short';
}

function ofOnePosition(book: Book, account: AccountRecord, trades: readonly Trade[]): PositionCloses | null {
  const [first] = trades;
  if (first === undefined || trades.every(({ offsetFlag }) => offsetFlag === 'open')) return null;
  const { exchangeID, instrumentID, hedgeFlag } = first;
  const label = `${exchangeID}.${instrumentID}`;
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  const direction = closedSide(first);
  const base = { exchangeID, instrumentID, direction, hedgeFlag, trades };
  const unknownFor = (reason: Reason): PositionCloses => ({ ...base, value: unknown(reason), parts: [] });
  if (instrument === null || instrument.master === null) return unknownFor(instrument?.masterRefusal?.reason ?? reasonFor('noInstrument', label));
  if (instrument.master.productClass === 'option') return unknownFor(reasonFor('optionClose', label));
  const { byDate, parts } = closedOnTheDay({
    direction,
    carried: [carriedLot(account, instrument, direction, hedgeFlag)],
    trades,
    keepsDaysApart: keepsDaysApart(instrument),
    multiplier: multiplierOf(book, exchangeID, instrumentID),
    overClosed: reasonFor('lotClosedTwice', label),
  });
  return { ...base, value: byDate, parts };
}

/** The morning's position: the counter's number of it stands all day. Without the counter's slices nobody says how much there was. */
function carriedLot(account: AccountRecord, instrument: InstrumentRecord, direction: PosiDirection, hedgeFlag: HedgeFlag): CarriedLot {
  const sides = account.holdings.get(instrument.index)?.sides ?? [];
  const slices = sides
    .filter((side) => side.direction === direction && side.hedgeFlag === hedgeFlag)
    .flatMap((side) => side.slices.values().map(({ item }) => item));
  const morning = slices.flatMap(({ ydPosition }) => ydPosition ?? []);
  const preSettlement = slices.find((slice) => (slice.preSettlementPrice ?? 0) > 0)?.preSettlementPrice ?? instrument.preSettlementPrice;
  return {
    volume: morning.length === 0 ? unknown(reasonFor('field', 'ydPosition')) : known(morning.reduce((sum, volume) => sum + volume, 0)),
    preSettlementPrice: knownNumber(preSettlement, priceReason(instrument, 'preSettlementPrice')),
    // The lots that are gone took their open prices with them.
    openPrice: unknown(reasonFor('noOpenPrice', instrument.label)),
  };
}
