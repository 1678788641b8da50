/** Which dated row says that a contract stands apart from its product's larger side, and which how the margin of a declared combination is reckoned. */
import { z } from 'zod';
import { type BigSideExclusion, type CombinationMargin, combinationMarginSchema } from '#shared/feed/items';
import { type Known, known, unknown } from './known';
import { isInForce, newest } from './rates';
import { reasonFor } from './reason';

/** The file of bundled rows, asked where neither a feed nor the desk says. */
export const combinationMarginTableSchema = z.object({ about: z.string(), rows: z.array(combinationMarginSchema) });

/** How the legs of a declared combination make its margin. */
export type LegMargin = CombinationMargin['legMargin'];

type ContractQuery = { exchangeID: string; instrumentID: string; tradingDay: string };

/** The row that takes the contract out of its product's larger side on the day; `noRate` when it is counted with its product. */
export function selectExclusionRow(rows: readonly BigSideExclusion[], query: ContractQuery): Known<BigSideExclusion> {
  const { exchangeID, instrumentID, tradingDay } = query;
  const candidates = rows.filter((row) => row.exchangeID === exchangeID && row.instrumentID === instrumentID && isInForce(row, tradingDay));
  const row = newest(candidates, (one, other) => one.countedAs === other.countedAs);
  const subject = `${exchangeID}.${instrumentID}`;
  if (row === undefined) return unknown(reasonFor('noRate', subject));
  return row === 'conflict' ? unknown(reasonFor('twoAggregations', subject)) : known(row);
}

/** The kind of a combination is the word before the first space of its CombInstrumentID: `SP` of `SP m2405&m2409`; empty where there is none. */
export function combinationKindOf(combInstrumentID: string): string {
  const at = combInstrumentID.indexOf(' ');
  return at < 0 ? '' : combInstrumentID.slice(0, at);
}

type CombinationQuery = { exchangeID: string; combinationKind: string; tradingDay: string };

/** A row of the kind over one of the whole exchange, the newest date first. */
export function selectCombinationRow(rows: readonly CombinationMargin[], query: CombinationQuery): Known<CombinationMargin> {
  const { exchangeID, combinationKind, tradingDay } = query;
  const inForce = rows.filter((row) => row.exchangeID === exchangeID && isInForce(row, tradingDay));
  const ofKind = inForce.filter((row) => row.combinationKind !== undefined && row.combinationKind === combinationKind);
  const candidates = ofKind.length > 0 ? ofKind : inForce.filter((row) => row.combinationKind === undefined);
  const row = newest(candidates, (one, other) => one.legMargin === other.legMargin);
  const subject = `${exchangeID}.${combinationKind}`;
  if (row === undefined) return unknown(reasonFor('noCombinationRule', subject));
  return row === 'conflict' ? unknown(reasonFor('twoAggregations', subject)) : known(row);
}
