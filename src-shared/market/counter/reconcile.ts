/**
 * Recomputes every derived figure of a counter snapshot from its lots, marks, multipliers and rates, and puts it beside the counter's own.
 * Rules: those that hold to the cent on real CTP SimNow snapshots of September 2026 (docs/counter-snapshot.md lists each with its inputs).
 * A counter's result is never used to compute ours, with two documented exceptions: the skew, and a margin rate the counter left out.
 */
import { type AggregationRule, aggregateAccountMargin, type MarginSide } from '#shared/market/counter/aggregation';
import { commissionsOf, type DeclaredCharges, frozenCommissionsOf } from '#shared/market/counter/charges';
import { type MarginValues, type RateSource, type ResolvedRate, resolveMarginRates, type SeenRate } from '#shared/market/counter/margin-rates';
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';
import { averagePricePerUnit } from '#shared/market/margin';
import { roundHalfUp } from '#shared/market/money';
import { mortgageableFund, type WithdrawRule, withdrawQuota, withdrawRuleInForce } from '#shared/market/withdraw-quota';

/** Money in the account's currency. `residual` is counter minus ours, to the cent; null where ours is not known, and `reason` says why. */
export type Comparison = { counter: number; ours: number | null; residual: number | null; reason?: string };

type Derived = number | { unknown: string };

export const POSITION_FIELDS = [
  'position',
  'todayPosition',
  'positionCost',
  'openCost',
  'useMargin',
  'exchangeMargin',
  'frozenMargin',
  'positionProfit',
  'closeProfit',
] as const;
export type PositionField = (typeof POSITION_FIELDS)[number];
export const ACCOUNT_FIELDS = [
  'closeProfit',
  'positionProfit',
  'commission',
  'balance',
  'currMargin',
  'exchangeMargin',
  'frozenMargin',
  'frozenCommission',
  'available',
  'mortgageableFund',
  'withdrawQuota',
] as const;
export type AccountField = (typeof ACCOUNT_FIELDS)[number];

export type ReconciledPosition = {
  exchange: string;
  instrument: string;
  direction: 'long' | 'short';
  hedgeFlag: string;
  positionDate: string;
  marginRateSource: RateSource | null;
  /** Left out where the original open prices of yesterday's lots stand in it alone: an input, which nothing can be compared with. */
  openCost?: Comparison;
} & Record<Exclude<PositionField, 'openCost'>, Comparison>;

export type Reconciliation = {
  tradingDay: string;
  capturedAt: string;
  account: Partial<Record<AccountField, Comparison>>;
  positions: ReconciledPosition[];
  /** The account's positionProfit minus the sum of its rows from marks: the two were asked at different moments. Null when the sum is unknown. */
  skew: number | null;
};

/** Dated rows that are not in a snapshot: how exchanges add margins up, rates seen on counters that leave them out, commissions they declared, the withdrawal rule. */
export type ReconcileTables = {
  aggregation: readonly AggregationRule[];
  seenRates: readonly SeenRate[];
  charges: DeclaredCharges;
  withdraw: readonly WithdrawRule[];
};

export function reconcile(snapshot: CounterSnapshot, tables: ReconcileTables): Reconciliation {
  const rates = resolveMarginRates(
    snapshot,
    snapshot.positions.map((row) => marginValuesOf(row, snapshot)),
    tables.aggregation,
    tables.seenRates,
  );
  const rows = snapshot.positions.map((row, index) => deriveRow(row, snapshot, rates[index] ?? null));

  const positions = snapshot.positions.map((row, index) => {
    const derived = rows[index] as DerivedRow;
    const compared = Object.fromEntries(
      POSITION_FIELDS.flatMap((field) => {
        const ours = derived[field];
        return ours === null ? [] : [[field, compare(row[field], ours)]];
      }),
    ) as Pick<ReconciledPosition, PositionField>;
    return {
      exchange: row.exchange,
      instrument: row.instrument,
      direction: row.direction,
      hedgeFlag: row.hedgeFlag,
      positionDate: row.positionDate,
      marginRateSource: rates[index]?.source ?? null,
      ...compared,
    };
  });

  const { figures, skew } = deriveAccount(snapshot, rows, tables);
  const account: Reconciliation['account'] = {};
  for (const field of ACCOUNT_FIELDS) {
    const counter = snapshot.account[field];
    if (counter !== undefined) account[field] = compare(counter, figures[field]);
  }
  return { tradingDay: snapshot.tradingDay, capturedAt: snapshot.capturedAt, account, positions, skew };
}

type DerivedRow = Record<Exclude<PositionField, 'openCost'>, Derived> & { openCost: Derived | null };

function deriveRow(row: CounterPosition, snapshot: CounterSnapshot, rate: ResolvedRate | null): DerivedRow {
  const multiplier = snapshot.instruments[row.instrument]?.multiplier;
  const position = row.ydPosition + row.openVolume - row.closeVolume;
  const cost = positionCostOf(row, multiplier);
  const sign = row.direction === 'long' ? 1 : -1;

  const closedToday = Math.max(0, row.closeVolume - row.ydPosition);
  const todayPosition = row.positionDate === 'history' ? 0 : row.openVolume - closedToday;
  const isAnOption = isOption(row.instrument);

  const positionProfit: Derived =
    // An option's premium moved as cash: it is not marked to market by date.
    position === 0 || isAnOption
      ? 0
      : row.settlementPrice === undefined
        ? { unknown: `${row.instrument} has no mark (settlementPrice)` }
        : multiplier === undefined
          ? noMultiplier(row)
          : map(cost, (known) => sign * ((row.settlementPrice ?? 0) * multiplier * position - known));

  const preSettlementValue: Derived =
    row.ydPosition === 0
      ? 0
      : multiplier === undefined
        ? noMultiplier(row)
        : row.preSettlementPrice === undefined
          ? { unknown: `${row.instrument} has no preSettlementPrice` }
          : row.preSettlementPrice * multiplier * row.ydPosition;
  const closeProfit: Derived =
    row.closeVolume === 0
      ? 0
      : isAnOption
        ? { unknown: `${row.instrument} is an option: how its closes are booked was not seen on a counter` }
        : map(cost, (remaining) => map(preSettlementValue, (carried) => sign * (row.closeAmount + remaining - row.openAmount - carried)));

  const isSold = row.direction === 'short';
  const sellersMargin = { unknown: `${row.instrument} is a sold option: a snapshot does not hold what its margin is computed from` };
  const margin: Derived =
    position === 0 || (isAnOption && !isSold)
      ? 0
      : isAnOption
        ? sellersMargin
        : rate === null
          ? noRate(row)
          : map(marginValueOf(row, snapshot), (value) => value * rate.byMoney + position * rate.byVolume);
  // A resting order to open freezes margin at its own price; a resting order to close freezes only commission.
  const openingAmount = isSold ? row.shortFrozenAmount : row.longFrozenAmount;
  const openingLots = isSold ? row.shortFrozen : row.longFrozen;
  const frozenMargin: Derived =
    openingAmount === 0 || (isAnOption && !isSold)
      ? 0
      : isAnOption
        ? sellersMargin
        : rate === null
          ? noRate(row)
          : rate.byVolume > 0 && openingLots === 0
            ? { unknown: `${row.instrument} has resting orders to open without their lots` }
            : openingAmount * rate.byMoney + openingLots * rate.byVolume;

  return {
    position: position < 0 ? tooManyClosed(row) : position,
    todayPosition: todayPosition < 0 ? tooManyClosed(row) : todayPosition,
    positionCost: cost,
    openCost: openCostOf(row),
    useMargin: margin,
    exchangeMargin: margin,
    frozenMargin,
    positionProfit: position < 0 ? tooManyClosed(row) : positionProfit,
    closeProfit,
  };
}

/** Options are named by their future, C or P, and the strike: `ag2702C6000`, `m2701-C-3000`, `MA701C2800`. */
function isOption(instrumentID: string): boolean {
  return /\d-?[CP]-?\d+$/i.test(instrumentID);
}

/** What margin is charged on: yesterday's lots at pre-settlement, today's by marginPriceType (1 pre-settlement, 2 latest, 3 average, 4 open price). */
function marginValueOf(row: CounterPosition, snapshot: CounterSnapshot): Derived {
  const { marginPriceType } = snapshot.params;
  const multiplier = snapshot.instruments[row.instrument]?.multiplier;
  const yesterday = Math.max(0, row.ydPosition - row.closeVolume);
  const today = row.openVolume - Math.max(0, row.closeVolume - row.ydPosition);
  const cost = positionCostOf(row, multiplier);
  if (marginPriceType === '4' || today <= 0) return cost;
  if (multiplier === undefined) return noMultiplier(row);
  const price = todaysMarginPrice(row, snapshot, multiplier);
  if (typeof price !== 'number') return price;
  if (yesterday === 0) return price * multiplier * today;
  if (row.preSettlementPrice === undefined) return { unknown: `${row.instrument} has no preSettlementPrice` };
  return row.preSettlementPrice * multiplier * yesterday + price * multiplier * today;
}

function todaysMarginPrice(row: CounterPosition, snapshot: CounterSnapshot, multiplier: number): Derived {
  switch (snapshot.params.marginPriceType) {
    case '1':
      return row.preSettlementPrice ?? { unknown: `${row.instrument} has no preSettlementPrice` };
    case '2':
      return row.settlementPrice ?? { unknown: `${row.instrument} has no mark (settlementPrice)` };
    default: {
      const quote = snapshot.quotes.find((one) => one.instrument === row.instrument && one.exchange === row.exchange);
      const average = averagePricePerUnit(quote?.averagePrice, quote?.low, quote?.high, { known: true, value: multiplier }, row.instrument);
      return average.known ? average.value : { unknown: `${row.instrument} has no average price within the day's low and high` };
    }
  }
}

function marginValuesOf(row: CounterPosition, snapshot: CounterSnapshot): MarginValues {
  const multiplier = snapshot.instruments[row.instrument]?.multiplier;
  const current = marginValueOf(row, snapshot);
  const morning =
    row.ydPosition === 0
      ? 0
      : multiplier === undefined || row.preSettlementPrice === undefined
        ? null
        : row.preSettlementPrice * multiplier * row.ydPosition;
  return { current: typeof current === 'number' ? current : null, morning };
}

/**
 * What the remaining lots cost by date: yesterday's at pre-settlement, today's at their open price. Lots close first in first out, so today's
 * are untouched until yesterday's are gone, and their cost is the day's openAmount; once some of today's are closed, only openCost
 * tells which remained (yesterday's are gone then, so it is today's alone).
 */
function positionCostOf(row: CounterPosition, multiplier: number | undefined): Derived {
  const yesterday = Math.max(0, row.ydPosition - row.closeVolume);
  const closedToday = Math.max(0, row.closeVolume - row.ydPosition);
  const today = row.openVolume - closedToday;
  if (today < 0) return tooManyClosed(row);
  if (closedToday > 0 && today > 0 && row.openCost <= 0)
    return { unknown: `${row.instrument} has no openCost, which alone says what the lots left cost` };
  const todayCost = today === 0 ? 0 : closedToday === 0 ? row.openAmount : row.openCost;
  if (yesterday === 0) return todayCost;
  if (multiplier === undefined) return noMultiplier(row);
  if (row.preSettlementPrice === undefined) return { unknown: `${row.instrument} has no preSettlementPrice` };
  return row.preSettlementPrice * multiplier * yesterday + todayCost;
}

/** Null where openCost is an input: the original open prices of yesterday's lots, or which of today's remain, are known from it alone. */
function openCostOf(row: CounterPosition): Derived | null {
  const closedToday = Math.max(0, row.closeVolume - row.ydPosition);
  const today = row.openVolume - closedToday;
  const hasYesterday = row.ydPosition > row.closeVolume;
  if (today < 0) return tooManyClosed(row);
  if (!hasYesterday && today === 0) return 0;
  return !hasYesterday && closedToday === 0 ? row.openAmount : null;
}

function deriveAccount(
  snapshot: CounterSnapshot,
  rows: readonly DerivedRow[],
  tables: ReconcileTables,
): { figures: Record<AccountField, Derived>; skew: number | null } {
  const { account, params } = snapshot;
  const positionProfit = total(rows.map((row) => row.positionProfit));
  const closeProfit = total(rows.map((row) => row.closeProfit));
  const commission = commissionsOf(snapshot, tables.charges).reduce((sum, charge) => sum + charge, 0);
  const frozenCommission = frozenCommissionsOf(snapshot, tables.charges).reduce((sum, charge) => sum + charge, 0);
  const frozenMargin = total(rows.map((row) => row.frozenMargin));
  const margin = accountMargin(snapshot, rows, tables.aggregation);
  const skew = typeof positionProfit === 'number' ? roundHalfUp(account.positionProfit - positionProfit) : null;

  // From here on everything is at the account's own as-of: the floating P&L is the rows' plus the skew.
  const floating = map(positionProfit, (sum) => sum + (skew ?? 0));
  const balance = map(floating, (profit) =>
    map(closeProfit, (closed) => {
      const carried = account.preBalance - account.preCredit - account.preMortgage + account.mortgage;
      return carried + account.deposit - account.withdraw + account.cashIn + closed + profit - commission;
    }),
  );
  const excluded = map(floating, (profit) => map(closeProfit, (closed) => excludedProfit(params, profit, closed)));
  const available = combine([balance, margin, frozenMargin, excluded], ([held = 0, used = 0, frozen = 0, left = 0]) => {
    return held - used - frozen - frozenCommission - account.frozenCash - account.deliveryMargin + account.credit - left;
  });
  const includeClose = params.availIncludeCloseProfit === '0' ? 'include' : 'notInclude';
  const fund = map(available, (free) => map(closeProfit, (closed) => mortgageableFund(free, closed, includeClose)));
  const isUntouched = snapshot.positions.every((row) => row.openVolume === 0 && row.closeVolume === 0 && row.ydPosition === 0);
  const rule = withdrawRuleInForce(tables.withdraw, snapshot.tradingDay);
  const quota = map(fund, (amount) => (rule === null ? { unknown: 'no withdrawal rule is in force' } : withdrawQuota(amount, isUntouched, rule)));

  return {
    skew,
    figures: {
      positionProfit,
      closeProfit,
      commission,
      frozenCommission,
      frozenMargin,
      balance,
      currMargin: margin,
      exchangeMargin: margin,
      available,
      mortgageableFund: fund,
      withdrawQuota: quota,
    },
  };
}

function accountMargin(snapshot: CounterSnapshot, rows: readonly DerivedRow[], rules: readonly AggregationRule[]): Derived {
  const sides: MarginSide[] = [];
  for (const [index, row] of snapshot.positions.entries()) {
    const margin = rows[index]?.useMargin ?? 0;
    if (typeof margin !== 'number') return margin;
    if (margin !== 0) sides.push({ exchangeID: row.exchange, instrumentID: row.instrument, direction: row.direction, margin });
  }
  const outcome = aggregateAccountMargin(sides, rules, snapshot.tradingDay);
  return outcome.known ? outcome.value : { unknown: outcome.reason };
}

/**
 * The part of the profits that may not be used as available (CTP BrokerTradingParams). Floating P&L is netted over the whole account.
 * With gains counted only when lost (algorithm 3), a loss does not reduce available, so it is added back.
 */
function excludedProfit(params: CounterSnapshot['params'], positionProfit: number, closeProfit: number): number {
  const floating = { '1': 0, '2': Math.max(positionProfit, 0), '3': Math.min(positionProfit, 0), '4': positionProfit }[params.algorithm];
  const closed = params.availIncludeCloseProfit === '2' ? Math.max(closeProfit, 0) : 0;
  return floating + closed;
}

function compare(counter: number, derived: Derived): Comparison {
  if (typeof derived !== 'number') return { counter, ours: null, residual: null, reason: derived.unknown };
  const ours = roundHalfUp(derived, 6);
  return { counter, ours, residual: roundHalfUp(counter - ours) };
}

function map(derived: Derived, next: (value: number) => Derived): Derived {
  return typeof derived === 'number' ? next(derived) : derived;
}

function combine(parts: readonly Derived[], next: (values: readonly number[]) => number): Derived {
  const values: number[] = [];
  for (const part of parts) {
    if (typeof part !== 'number') return part;
    values.push(part);
  }
  return next(values);
}

function total(parts: readonly Derived[]): Derived {
  return combine(parts, (values) => values.reduce((sum, value) => sum + value, 0));
}

function tooManyClosed(row: CounterPosition): Derived {
  return { unknown: `${row.instrument}: more lots closed (${row.closeVolume}) than held (${row.ydPosition}) and opened (${row.openVolume})` };
}

function noMultiplier(row: CounterPosition): Derived {
  return { unknown: `${row.instrument} has no multiplier` };
}

function noRate(row: CounterPosition): Derived {
  return { unknown: `${row.instrument} has no margin rate` };
}
