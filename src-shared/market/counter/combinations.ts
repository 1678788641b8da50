/** Declared combinations of a counter snapshot: their lots leave the sides of their rows, at the row's margin per lot, and each makes one margin of its legs. */
import type { CombinationMargin } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import { combine, type Derived } from '#shared/market/counter/derived';
import type { CounterSnapshot } from '#shared/market/counter/snapshot';
import { known } from '#shared/market/known';
import { combineLegs } from '#shared/market/margin';
import { combinationKindOf, selectCombinationRow } from '#shared/market/side-rules';

type Leg = CounterSnapshot['combinations'][number];
export type CombinedMargins = {
  /** What each row keeps on its side, in the order of the snapshot's rows. */
  outside: Derived[];
  /** One figure for each combination. */
  combined: Derived[];
};

/** `margins` are the rows' own, before anything nets. */
export function combinedMargins(snapshot: CounterSnapshot, margins: readonly Derived[], rules: readonly CombinationMargin[]): CombinedMargins {
  const outside = [...margins];
  const left = snapshot.positions.map((row) => row.ydPosition + row.openVolume - row.closeVolume);
  const held = [...left];
  const taken = (leg: Leg): Derived => {
    let wanted = leg.totalAmt;
    const parts: Derived[] = [];
    for (const [at, row] of snapshot.positions.entries()) {
      const isRow = row.exchange === leg.exchange && row.instrument === leg.instrument && row.direction === leg.direction;
      const isDay = leg.positionDate === undefined || row.positionDate === leg.positionDate;
      if (!isRow || !isDay || row.hedgeFlag !== leg.hedgeFlag) continue;
      const volume = Math.min(wanted, left[at] ?? 0);
      if (volume === 0) continue;
      wanted -= volume;
      left[at] = (left[at] ?? 0) - volume;
      const part = combine([margins[at] ?? 0], ([margin = 0]) => (margin * volume) / (held[at] ?? 1));
      outside[at] = combine([outside[at] ?? 0, part], ([before = 0, gone = 0]) => (left[at] === 0 ? 0 : before - gone));
      parts.push(part);
    }
    if (wanted > 0) return { unknown: `${leg.combInstrumentID} ${leg.comTradeID} names more lots of ${leg.instrument} than there are` };
    return combine(parts, (values) => values.reduce((sum, value) => sum + value, 0));
  };
  const combined = [...groupBy(snapshot.combinations, (leg) => `${leg.exchange}|${leg.combInstrumentID}|${leg.comTradeID}`).values()].map((rows) =>
    oneCombination(rows, taken, rules, snapshot.tradingDay),
  );
  return { outside, combined };
}

function oneCombination(rows: readonly Leg[], taken: (leg: Leg) => Derived, rules: readonly CombinationMargin[], tradingDay: string): Derived {
  const { exchange = '', combInstrumentID = '', comTradeID = '' } = rows[0] ?? {};
  const legs = [...groupBy(rows, ({ legID }) => String(legID)).values()];
  const sets = legs.map((own) => own.reduce((sum, { totalAmt }) => sum + totalAmt, 0) / (own[0]?.legMultiple ?? 1));
  if (legs.length !== 2 || sets[0] !== sets[1] || !Number.isInteger(sets[0]))
    return { unknown: `${combInstrumentID} ${comTradeID} is not two legs that fit each other` };
  const margins = legs.map((own) => combine(own.map(taken), (values) => values.reduce((sum, value) => sum + value, 0)));
  const rule = selectCombinationRow(rules, { exchangeID: exchange, combinationKind: combinationKindOf(combInstrumentID), tradingDay });
  if (!rule.known) return { unknown: `${combInstrumentID}: no dated rule says how combinations of its kind are margined on ${exchange}` };
  return combine(margins, (values) => {
    const outcome = combineLegs(rule.value.legMargin, values.map(known));
    return outcome.known ? outcome.value : Number.NaN;
  });
}
