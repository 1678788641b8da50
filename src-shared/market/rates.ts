/** Which rate row is in force for one account, instrument and date: investor over group over broker, instrument over product, newest date first. */
import type { CommissionRate, HedgeFlag, MarginAggregation, MarginRate } from '#shared/feed/items';
import { type Known, known, unknown } from './known';
import type { AggregationMethod, MarginRatePair } from './margin';
import { type Reason, reasonFor } from './reason';

export type RateQuery = {
  layer: 'exchange' | 'company';
  exchangeID: string;
  productID: string;
  instrumentID: string;
  hedgeFlag: HedgeFlag;
  accountID: string;
  investorGroupID: string | undefined;
  /** YYYYMMDD. */
  tradingDay: string;
};

type Dated = { effectiveFrom: string; effectiveTo?: string | undefined };

export function isInForce(row: Dated, day: string): boolean {
  return row.effectiveFrom <= day && (row.effectiveTo === undefined || day <= row.effectiveTo);
}

type Placed = Dated & { exchangeID: string; productID?: string | undefined; instrumentID?: string | undefined };

/** 2 for a row about this very instrument, 1 for its product, 0 for the whole exchange, -1 when the row is about something else. */
function placeRank(row: Placed, query: { exchangeID: string; productID: string; instrumentID: string }): number {
  if (row.exchangeID !== query.exchangeID) return -1;
  if (row.instrumentID !== undefined) return row.instrumentID === query.instrumentID ? 2 : -1;
  if (row.productID !== undefined) return row.productID === query.productID ? 1 : -1;
  return 0;
}

/** Of rows of one rank in force, the one that began last; two that began on one date and differ are a conflict no program may decide. */
export function newest<Row extends Dated>(rows: readonly Row[], areEqual: (a: Row, b: Row) => boolean): Row | 'conflict' | undefined {
  let best: Row | undefined;
  let isConflict = false;
  for (const row of rows) {
    if (best === undefined || row.effectiveFrom > best.effectiveFrom) {
      best = row;
      isConflict = false;
    } else if (row.effectiveFrom === best.effectiveFrom && !areEqual(row, best)) {
      isConflict = true;
    }
  }
  return isConflict ? 'conflict' : best;
}

const RANGE_RANK = { broker: 0, group: 1, investor: 2 } as const;

function rangeRank(row: Pick<MarginRate, 'investorRange' | 'investorID'>, query: Pick<RateQuery, 'accountID' | 'investorGroupID'>): number {
  if (row.investorRange === 'investor') return row.investorID === query.accountID ? RANGE_RANK.investor : -1;
  if (row.investorRange === 'group') {
    return row.investorID !== undefined && row.investorID === query.investorGroupID ? RANGE_RANK.group : -1;
  }
  return RANGE_RANK.broker;
}

const RATIOS = ['longMarginRatioByMoney', 'longMarginRatioByVolume', 'shortMarginRatioByMoney', 'shortMarginRatioByVolume'] as const;

function areSameRate(a: MarginRate, b: MarginRate): boolean {
  return (
    a.isRelative === b.isRelative &&
    a.longMarginRatioByMoney === b.longMarginRatioByMoney &&
    a.longMarginRatioByVolume === b.longMarginRatioByVolume &&
    a.shortMarginRatioByMoney === b.shortMarginRatioByMoney &&
    a.shortMarginRatioByVolume === b.shortMarginRatioByVolume &&
    RATIOS.every((ratio) => a.aboveExchange?.[ratio] === b.aboveExchange?.[ratio] && a.ownTimes?.[ratio] === b.ownTimes?.[ratio])
  );
}

/** A row that came without its values keeps its place and has none; an absolute rate below zero is nobody's rate. */
function rateProblem(row: MarginRate, subject: string): Reason | null {
  const ratios = RATIOS.map((ratio) => row[ratio]);
  if (!ratios.every(Number.isFinite)) return reasonFor('rateRefused', subject);
  const isAddend = row.layer === 'company' && row.isRelative;
  return !isAddend && ratios.some((ratio) => ratio < 0) ? reasonFor('negativeRate', subject) : null;
}

/** The one row in force for `query`, before relative rows are added to the exchange's. The range decides first, then the place, then the date. */
export function selectMarginRateRow(rows: readonly MarginRate[], query: RateQuery): Known<MarginRate> {
  let bestRank = -1;
  let candidates: MarginRate[] = [];
  for (const row of rows) {
    if (row.layer !== query.layer || row.hedgeFlag !== query.hedgeFlag || !isInForce(row, query.tradingDay)) continue;
    const place = placeRank(row, query);
    const range = rangeRank(row, query);
    if (place < 0 || range < 0) continue;
    const rank = range * 3 + place;
    if (rank > bestRank) {
      bestRank = rank;
      candidates = [row];
    } else if (rank === bestRank) {
      candidates.push(row);
    }
  }
  const subject = `${query.exchangeID}.${query.instrumentID}`;
  const row = newest(candidates, areSameRate);
  if (row === undefined) return unknown(reasonFor('noRate', `${subject} ${query.layer} ${query.hedgeFlag}`));
  if (row === 'conflict') return unknown(reasonFor('twoRates', `${subject} ${query.layer} ${query.hedgeFlag}`));
  const problem = rateProblem(row, `${subject} ${query.layer} ${query.hedgeFlag}`);
  return problem === null ? known(row) : unknown(problem);
}

function pairOf(row: Pick<MarginRate, (typeof RATIOS)[number]>): MarginRatePair {
  return {
    longByMoney: row.longMarginRatioByMoney,
    longByVolume: row.longMarginRatioByVolume,
    shortByMoney: row.shortMarginRatioByMoney,
    shortByVolume: row.shortMarginRatioByVolume,
  };
}

/** Whether the row is reckoned from the exchange's as well: it is added to it, or never lies below it plus something. An exchange's own row never is. */
export function leansOnExchange(row: MarginRate): boolean {
  return row.layer === 'company' && (row.isRelative || row.aboveExchange !== undefined);
}

/**
 * The rate to compute with. A relative company row is an addend to the exchange's rate of the same account, instrument and date; an absolute one that
 * follows the exchange is the larger of its own ratios and the exchange's plus `aboveExchange`, each ratio for itself; one that does not is its own
 * ratios times `ownTimes` (CTP's ExchangeMarginRateAdjust).
 */
export function selectMarginRate(rows: readonly MarginRate[], query: RateQuery): Known<MarginRatePair> {
  return marginRateOf(query, (each) => selectMarginRateRow(rows, each));
}

/** The same where something else than one list of rows answers which row is in force. */
export function marginRateOf(query: RateQuery, rowOf: (query: RateQuery) => Known<MarginRate>): Known<MarginRatePair> {
  const own = rowOf(query);
  if (!own.known) return own;
  if (!leansOnExchange(own.value)) return known(times(pairOf(own.value), own.value.ownTimes));
  const exchange = rowOf({ ...query, layer: 'exchange' });
  if (!exchange.known) return exchange;
  const sum = added(pairOf(exchange.value), pairOf(own.value.isRelative ? own.value : (own.value.aboveExchange ?? own.value)));
  if (own.value.isRelative && Object.values(sum).some((ratio) => ratio < 0))
    return unknown(reasonFor('negativeRate', `${query.exchangeID}.${query.instrumentID} ${query.layer} ${query.hedgeFlag}`));
  return known(own.value.isRelative ? sum : larger(pairOf(own.value), sum));
}

function added(one: MarginRatePair, other: MarginRatePair): MarginRatePair {
  return each((ratio) => one[ratio] + other[ratio]);
}

function times(own: MarginRatePair, factors: MarginRate['ownTimes']): MarginRatePair {
  if (factors === undefined) return own;
  const by = pairOf(factors);
  return each((ratio) => own[ratio] * by[ratio]);
}

function larger(one: MarginRatePair, other: MarginRatePair): MarginRatePair {
  return each((ratio) => Math.max(one[ratio], other[ratio]));
}

function each(value: (ratio: keyof MarginRatePair) => number): MarginRatePair {
  return {
    longByMoney: value('longByMoney'),
    longByVolume: value('longByVolume'),
    shortByMoney: value('shortByMoney'),
    shortByVolume: value('shortByVolume'),
  };
}

/** The commission row in force, by the same order: the range decides first, then the place, then the date. */
export function selectCommissionRate(rows: readonly CommissionRate[], query: Omit<RateQuery, 'layer' | 'hedgeFlag'>): Known<CommissionRate> {
  let bestRank = -1;
  let candidates: CommissionRate[] = [];
  for (const row of rows) {
    if (!isInForce(row, query.tradingDay)) continue;
    const place = placeRank(row, query);
    const range = rangeRank(row, query);
    if (place < 0 || range < 0) continue;
    const rank = range * 3 + place;
    if (rank > bestRank) candidates = [];
    if (rank >= bestRank) candidates.push(row);
    bestRank = Math.max(bestRank, rank);
  }
  const subject = `${query.exchangeID}.${query.instrumentID} commission`;
  const row = newest(candidates, (a, b) => COMMISSION_FIELDS.every((field) => a[field] === b[field]));
  if (row === undefined) return unknown(reasonFor('noRate', subject));
  if (row === 'conflict') return unknown(reasonFor('twoRates', subject));
  return COMMISSION_FIELDS.every((field) => Number.isFinite(row[field])) ? known(row) : unknown(reasonFor('rateRefused', subject));
}

const COMMISSION_FIELDS = [
  'openRatioByMoney',
  'openRatioByVolume',
  'closeRatioByMoney',
  'closeRatioByVolume',
  'closeTodayRatioByMoney',
  'closeTodayRatioByVolume',
] as const;

/** How a product's sides add up on a day. */
export function selectAggregation(rows: readonly MarginAggregation[], query: AggregationQuery): Known<AggregationMethod> {
  const row = selectAggregationRow(rows, query);
  return row.known ? known(row.value.method) : row;
}

type AggregationQuery = { exchangeID: string; productID: string; tradingDay: string };

/** How a product's sides add up on a day: a product row over an exchange row, the newest date first. */
export function selectAggregationRow(rows: readonly MarginAggregation[], query: AggregationQuery): Known<MarginAggregation> {
  const inForce = rows.filter((row) => row.exchangeID === query.exchangeID && isInForce(row, query.tradingDay));
  const ofProduct = inForce.filter((row) => row.productID === query.productID);
  const candidates = ofProduct.length > 0 ? ofProduct : inForce.filter((row) => row.productID === undefined);
  const row = newest(candidates, (a, b) => a.method === b.method);
  const subject = `${query.exchangeID}.${query.productID}`;
  if (row === undefined) return unknown(reasonFor('noAggregation', subject));
  if (row === 'conflict') return unknown(reasonFor('twoAggregations', subject));
  return known(row);
}
