/** Declared combinations and contracts out of their product's larger side for random books, so that every comparison of kernel and formulas has them too. */
import type { BigSideExclusion, CombinationMargin, Instrument, PositionCombineDetail, PositionDetail, ReferenceItem } from '#shared/feed/items';

const SOURCED = { effectiveFrom: '20260101', citation: 'test', certainty: 'demonstration' } as const;
const EXCHANGES = ['SHFE', 'DCE', 'CZCE', 'INE', 'CFFEX', 'GFEX'];

type Random = () => number;

/** A row for the kinds `SP` and `SPC` of every exchange; of `NONE` no row says anything. */
export function combinationRules(random: Random): CombinationMargin[] {
  return EXCHANGES.flatMap((exchangeID) =>
    ['SP', 'SPC'].map((combinationKind): CombinationMargin => {
      const legMargin = random() < 0.7 ? 'largerLeg' : 'sumOfLegs';
      return { kind: 'combinationMargin', exchangeID, combinationKind, legMargin, ...SOURCED };
    }),
  );
}

export function exclusions(random: Random, reference: readonly ReferenceItem[], share: number): BigSideExclusion[] {
  return reference
    .filter((item): item is Instrument => item.kind === 'instrument')
    .filter(() => random() < share)
    .map(({ exchangeID, instrumentID }) => {
      const countedAs = random() < 0.5 ? 'plainSum' : 'instrumentBigSide';
      return { kind: 'bigSideExclusion', exchangeID, instrumentID, countedAs, ...SOURCED };
    });
}

type Leg = { lot: PositionDetail; legMultiple: number; volume: number };

export function combineRows(exchangeID: string, comTradeID: string, combInstrumentID: string, legs: readonly Leg[]): PositionCombineDetail[] {
  return legs.map(({ lot, legMultiple, volume }, at) => {
    const { accountID, instrumentID, direction, hedgeFlag, openDate, tradeID, asOfMs } = lot;
    const named = { accountID, exchangeID, instrumentID, direction, hedgeFlag, openDate, tradeID, asOfMs };
    return { kind: 'positionCombineDetail', ...named, comTradeID, combInstrumentID, legID: at + 1, legMultiple, totalAmt: volume };
  });
}

/** Pairs of lots of one account on one exchange, of which most can be believed: others name too many lots, or a kind without a rule. */
export function randomCombinations(random: Random, details: readonly PositionDetail[], count: number, faults = 0.1): PositionCombineDetail[] {
  const free = new Map(details.map((lot) => [lot, lot.volume]));
  const rows: PositionCombineDetail[] = [];
  for (let n = 0; n < count; n++) {
    const one = details[Math.floor(random() * details.length)] as PositionDetail;
    const partners = details.filter((lot) => lot !== one && lot.accountID === one.accountID && lot.exchangeID === one.exchangeID);
    const other = partners[Math.floor(random() * partners.length)];
    if (other === undefined) continue;
    const [a, b] = [1 + Math.floor(random() * 2), 1 + Math.floor(random() * 2)];
    const most = Math.min(Math.floor((free.get(one) ?? 0) / a), Math.floor((free.get(other) ?? 0) / b));
    const isTooLarge = random() < faults / 2;
    const sets = isTooLarge ? one.volume + other.volume + 1 : 1 + Math.floor(random() * most);
    if (most < 1) continue;
    if (!isTooLarge) {
      free.set(one, (free.get(one) ?? 0) - sets * a);
      free.set(other, (free.get(other) ?? 0) - sets * b);
    }
    const kind = random() < faults / 2 ? 'NONE' : random() < 0.5 ? 'SP' : 'SPC';
    rows.push(
      ...combineRows(one.exchangeID, `C${n}`, `${kind} ${one.instrumentID}&${other.instrumentID}`, [
        { lot: one, legMultiple: a, volume: sets * a },
        { lot: other, legMultiple: b, volume: sets * b },
      ]),
    );
  }
  return rows;
}
