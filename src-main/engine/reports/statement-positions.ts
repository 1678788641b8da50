/** A statement's positions against the book's: what was carried over the night against the morning's lots, or the day's close against the lots of now. */
import type { Book } from '#engine/book/book';
import { lotVolume, sliceVolume, volumeProblem } from '#engine/book/holding-problem';
import { priceReason } from '#engine/book/prices';
import type { AccountRecord, Holding, Side } from '#engine/book/things';
import { isByLots } from '#engine/book/valuation';
import type { StatementComparison } from '#shared/contract/numbers-desk';
import type { StatedPosition } from '#shared/desk/statements/events';
import { groupBy } from '#shared/group-by';
import { type Known, known, knownNumber, knownOrNaN, sumKnown, unknown } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';
import type { StatementLot } from '#shared/market/statement/statement';

type ComparedPosition = StatementComparison['positions'][number];

const keyOf = (position: { exchangeID: string; instrumentID: string; direction: string }): string =>
  `${position.exchangeID}|${position.instrumentID}|${position.direction}`;

/** The lots of a statement, added up per contract and direction. */
export function statedPositions(lots: readonly StatementLot[]): StatedPosition[] {
  const directed = lots.map(({ exchangeID, instrumentID, direction, volume, settlementPrice }) => ({
    exchangeID,
    instrumentID,
    direction: direction === 'buy' ? ('long' as const) : ('short' as const),
    volume,
    settlementPrice,
  }));
  return [...groupBy(directed, keyOf).values()].flatMap((own) => {
    const [first] = own;
    return first === undefined ? [] : [{ ...first, volume: own.reduce((sum, { volume }) => sum + volume, 0) }];
  });
}

/** Every contract and direction that either side has, in order of their names. `dayBefore`: the statement is of the day before the book's. */
export function comparePositions(
  book: Book,
  account: AccountRecord,
  stated: readonly StatedPosition[],
  relation: 'sameDay' | 'dayBefore',
): ComparedPosition[] {
  const byKey = new Map(stated.map((position) => [keyOf(position), position]));
  const sides = new Map<string, { holding: Holding; sides: Side[] }>();
  for (const holding of account.holdings.values()) {
    for (const side of holding.sides) {
      const { exchangeID, instrumentID } = holding.instrument;
      const key = keyOf({ exchangeID, instrumentID, direction: side.direction });
      const own = sides.get(key) ?? { holding, sides: [] };
      own.sides.push(side);
      sides.set(key, own);
    }
  }
  const keys = [...new Set([...byKey.keys(), ...sides.keys()])].sort();
  return keys
    .map((key): ComparedPosition => {
      const [exchangeID = '', instrumentID = '', direction = ''] = key.split('|');
      const position = byKey.get(key);
      const held = sides.get(key);
      const volume = held === undefined ? known(0) : relation === 'dayBefore' ? morningVolume(held) : volumeNow(held.holding, held.sides, account);
      const instrument = book.records.findInstrument(exchangeID, instrumentID);
      const field = relation === 'dayBefore' ? 'preSettlementPrice' : 'settlementPrice';
      const price = instrument === null ? unknown('noInstrument') : knownNumber(instrument.quote?.[field], priceReason(instrument, field));
      return {
        exchangeID,
        instrumentID,
        direction: direction === 'long' ? 'long' : 'short',
        statedVolume: position?.volume ?? 0,
        volume: orNull(volume),
        statedPrice: position?.settlementPrice ?? null,
        price: orNull(price),
        reason: !volume.known ? volume.reason : !price.known ? price.reason : null,
      };
    })
    .filter(({ statedVolume, volume }) => statedVolume !== 0 || volume !== 0);
}

/** The counter's morning number, which stands all day; lots alone cannot tell it, since a closed one is gone. */
function morningVolume({ holding, sides }: { holding: Holding; sides: Side[] }): Known<number> {
  const slices = sides.flatMap((side) => side.slices.values().map(({ item }) => item));
  const carried = slices.filter(({ ydPosition }) => ydPosition !== undefined);
  const problem = [...holding.refusals.values()][0];
  if (problem !== undefined) return unknown(problem.reason);
  if (carried.length === 0) return unknown(reasonFor('field', 'ydPosition'));
  return sumKnown(carried.map(({ ydPosition }) => known(ydPosition ?? 0)));
}

function volumeNow(holding: Holding, sides: readonly Side[], account: AccountRecord): Known<number> {
  const problem = volumeProblem(holding);
  return problem !== null
    ? unknown(problem)
    : known(sides.reduce((sum, side) => sum + (isByLots(side, account) ? lotVolume(side) : sliceVolume(side)), 0));
}

function orNull(value: Known<number>): number | null {
  const number = knownOrNaN(value);
  return Number.isNaN(number) ? null : number;
}
