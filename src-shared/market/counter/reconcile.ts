/**
 * Recomputes every derived figure of a counter snapshot from its lots, marks, multipliers and rates, and puts it beside the counter's own.
 * Rules: those that hold to the cent on real CTP SimNow snapshots of September 2026 (docs/counter-snapshot.md lists each with its inputs).
 * No one result of the counter is enough to move ours, but for the account's positionProfit, which the skew is made of.
 */
import type { CombinationMargin } from '#shared/feed/items';
import { type AggregationRule, aggregateAccountMargin, type MarginSide } from '#shared/market/counter/aggregation';
import { type ChargeWitnesses, commissionsOf, type DeclaredCharges, frozenCommissionsOf, type RowCharge } from '#shared/market/counter/charges';
import { combinedMargins } from '#shared/market/counter/combinations';
import { combine, type Derived, map, total } from '#shared/market/counter/derived';
import { lotsLeft } from '#shared/market/counter/lots-left';
import { futuresRates, type RateSource, resolveMarginRates, type SeenRate } from '#shared/market/counter/margin-rates';
import { marginValues, POSITION_FIELDS, type PositionField, type RowBasis, type RowFigures, rowFigures } from '#shared/market/counter/row-figures';
import type { CounterSnapshot } from '#shared/market/counter/snapshot';
import { soldOptionMargin, underlyingOf } from '#shared/market/counter/sold-options';
import { type TradedDay, tradedDays } from '#shared/market/counter/traded-day';
import { roundHalfUp } from '#shared/market/money';
import type { OptionMarginRow } from '#shared/market/option-margin';
import { reasonParts } from '#shared/market/reason';
import { mortgageableFund, type WithdrawRule, withdrawQuota, withdrawRuleInForce } from '#shared/market/withdraw-quota';

const WITHDRAW_PROBLEM: Readonly<Record<string, string>> = {
  noWithdrawRule: 'no withdrawal rule is in force',
  'twoRates:withdrawQuota': 'two withdrawal rules begin on one date and differ',
};

/** Money in the account's currency. `residual` is counter minus ours, to the cent; null where ours is not known, and `reason` says why. */
export type Comparison = { counter: number; ours: number | null; residual: number | null; reason?: string };

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

/** A figure is left out where the counter gives none, and where nothing but the counter's own word would tell it. */
export type ReconciledPosition = { exchange: string; instrument: string; direction: 'long' | 'short' } & Partial<Record<PositionField, Comparison>>;

export type Reconciliation = {
  tradingDay: string;
  capturedAt: string;
  account: Partial<Record<AccountField, Comparison>>;
  /** In the order of the snapshot's rows. */
  positions: ReconciledPosition[];
  /** What tells rows of one contract and side apart, and where each row's margin rate came from; in the order of `positions`. */
  rows: { hedgeFlag: string; positionDate: 'today' | 'history'; marginRateSource: RateSource | null }[];
  /** The account's positionProfit minus the sum of its rows from marks: the two were asked at different moments. Null when one of them is unknown. */
  skew: number | null;
};

/** Dated rows that are not in a snapshot: how sides add up, rates that counters leave out, commissions they declared, the withdrawal rule, sold options. */
export type ReconcileTables = {
  aggregation: readonly AggregationRule[];
  seenRates: readonly SeenRate[];
  charges: DeclaredCharges;
  withdraw: readonly WithdrawRule[];
  optionMargin: readonly OptionMarginRow[];
  combinations: readonly CombinationMargin[];
};

export function reconcile(snapshot: CounterSnapshot, tables: ReconcileTables): Reconciliation {
  const days = tradedDays(snapshot);
  const { rows, sources } = deriveRows(snapshot, days, tables);
  const { figures, skew, commissions, frozenCommissions } = deriveAccount(snapshot, rows, days, tables);

  const positions = snapshot.positions.map((row, index): ReconciledPosition => {
    const derived = rows[index];
    const compared: ReconciledPosition = { exchange: row.exchange, instrument: row.instrument, direction: row.direction };
    for (const field of POSITION_FIELDS) {
      const ours =
        field === 'commission' ? byRates(commissions[index]) : field === 'frozenCommission' ? byRates(frozenCommissions[index]) : derived?.[field];
      const counter = row[field];
      if (counter !== undefined && ours !== undefined && ours !== null) compared[field] = compare(counter, ours);
    }
    return compared;
  });
  const account: Reconciliation['account'] = {};
  for (const field of ACCOUNT_FIELDS) {
    const counter = snapshot.account[field];
    if (counter !== undefined) account[field] = compare(counter, figures[field]);
  }
  const told = snapshot.positions.map(({ hedgeFlag, positionDate }, index) => ({
    hedgeFlag,
    positionDate,
    marginRateSource: sources[index] ?? null,
  }));
  return { tradingDay: snapshot.tradingDay, capturedAt: snapshot.capturedAt, account, positions, rows: told, skew };
}

/** A row's charge is compared where rates tell it, and is not where it is only its own word. */
function byRates(charge: RowCharge | undefined): Derived | null {
  return charge?.isByRates === true ? charge.charge : null;
}

function deriveRows(
  snapshot: CounterSnapshot,
  days: readonly (TradedDay | null)[],
  tables: ReconcileTables,
): { rows: RowFigures[]; sources: (RateSource | null)[] } {
  const quotes = new Map(snapshot.quotes.map((quote) => [quote.instrument, quote]));
  const preSettlements = preSettlementsOf(snapshot);
  const isAtOpenPrice = snapshot.params.marginPriceType === '4';
  const bases = snapshot.positions.map((row, index) => {
    const multiplier = snapshot.instruments[row.instrument]?.multiplier;
    const left = lotsLeft(row, multiplier, days[index] ?? null, isAtOpenPrice);
    return { params: snapshot.params, multiplier, left, quote: quotes.get(row.instrument) };
  });
  const values = snapshot.positions.map((row, index) => marginValues(row, bases[index] as (typeof bases)[number]));
  const rates = resolveMarginRates(snapshot, values, tables.aggregation, tables.seenRates);
  const rateOfFuture = futuresRates(snapshot, rates, tables.seenRates);
  const rows = snapshot.positions.map((row, index) => {
    const underlying = underlyingOf(row.instrument);
    const basis: RowBasis = {
      ...(bases[index] as (typeof bases)[number]),
      rate: rates[index] ?? null,
      soldOptionMargin:
        underlying === null
          ? null
          : soldOptionMargin(row, snapshot, preSettlements.get(underlying), rateOfFuture(row, underlying), tables.optionMargin),
    };
    return rowFigures(row, basis);
  });
  return { rows, sources: rates.map((rate) => rate?.source ?? null) };
}

/** Yesterday's settlement by contract, from the rows, and from the quotes of contracts that are not held. */
function preSettlementsOf({ positions, quotes }: CounterSnapshot): ReadonlyMap<string, number> {
  const prices = new Map<string, number>();
  for (const { instrument, preSettlement } of quotes) if (preSettlement !== undefined) prices.set(instrument, preSettlement);
  for (const { instrument, preSettlementPrice } of positions) if (preSettlementPrice !== undefined) prices.set(instrument, preSettlementPrice);
  return prices;
}

type AccountFigures = {
  figures: Record<AccountField, Derived>;
  skew: number | null;
  commissions: RowCharge[];
  frozenCommissions: RowCharge[];
};

function deriveAccount(
  snapshot: CounterSnapshot,
  rows: readonly RowFigures[],
  days: readonly (TradedDay | null)[],
  tables: ReconcileTables,
): AccountFigures {
  const { account, params } = snapshot;
  const positionProfit = total(rows.map((row) => row.positionProfit));
  const closeProfit = total(rows.map((row) => row.closeProfit));
  const frozenMargin = total(rows.map((row) => row.frozenMargin));
  const margin = accountMargin(snapshot, rows, tables);
  const skew =
    typeof positionProfit === 'number' && account.positionProfit !== undefined ? roundHalfUp(account.positionProfit - positionProfit) : null;

  // From here on everything is at the account's own as-of: the floating P&L is the rows' plus the skew.
  const floating = map(positionProfit, (sum) => sum + (skew ?? 0));
  const carried =
    account.preBalance - account.preCredit - account.preMortgage + account.mortgage + account.deposit - account.withdraw + account.cashIn;
  const beforeCommission = map(floating, (profit) => map(closeProfit, (closed) => carried + closed + profit));
  const commissions = commissionsOf(snapshot, tables.charges, days, witnesses(account.commission, beforeCommission, account.balance));
  const commission = total(commissions.map(({ charge }) => charge));
  const balance = combine([beforeCommission, commission], ([held = 0, charged = 0]) => held - charged);

  const excluded = map(floating, (profit) => map(closeProfit, (closed) => excludedProfit(params, profit, closed)));
  const beforeFrozenCommission = combine([balance, margin, frozenMargin, excluded], ([held = 0, used = 0, frozen = 0, left = 0]) => {
    return held - used - frozen - account.frozenCash - account.deliveryMargin + account.credit - left;
  });
  const frozenCommissions = frozenCommissionsOf(
    snapshot,
    tables.charges,
    witnesses(account.frozenCommission, beforeFrozenCommission, account.available),
  );
  const frozenCommission = total(frozenCommissions.map(({ charge }) => charge));
  const available = combine([beforeFrozenCommission, frozenCommission], ([free = 0, frozen = 0]) => free - frozen);
  const includeClose = params.availIncludeCloseProfit === '0' ? 'include' : 'notInclude';
  const fund = map(available, (free) => map(closeProfit, (closed) => mortgageableFund(free, closed, includeClose)));
  const isUntouched = snapshot.positions.every((row) => row.openVolume === 0 && row.closeVolume === 0 && row.ydPosition === 0);
  const rule = withdrawRuleInForce(tables.withdraw, snapshot.tradingDay);
  const quota = map(fund, (amount) =>
    rule.known ? withdrawQuota(amount, isUntouched, rule.value) : { unknown: WITHDRAW_PROBLEM[rule.reason] ?? rule.reason },
  );
  const figures = {
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
  };
  return { figures, skew, commissions, frozenCommissions };
}

/** What the account says of a charge that is taken from `before`: its own total, and what is missing from the figure after it. */
function witnesses(stated: number | undefined, before: Derived, after: number | undefined): ChargeWitnesses {
  return { total: stated, implied: typeof before === 'number' && after !== undefined ? before - after : null };
}

function accountMargin(snapshot: CounterSnapshot, rows: readonly RowFigures[], tables: ReconcileTables): Derived {
  const { outside, combined } = combinedMargins(
    snapshot,
    rows.map(({ useMargin }) => useMargin),
    tables.combinations,
  );
  const sides: MarginSide[] = [];
  for (const [index, row] of snapshot.positions.entries()) {
    const margin = outside[index] ?? 0;
    if (typeof margin !== 'number') return margin;
    if (margin !== 0) sides.push({ exchangeID: row.exchange, instrumentID: row.instrument, direction: row.direction, margin });
  }
  const outcome = aggregateAccountMargin(sides, tables.aggregation, snapshot.tradingDay);
  if (outcome.known) return total([outcome.value, ...combined]);
  return { unknown: `${reasonParts(outcome.reason).subject}: no dated rule says how the margins of both sides add up there` };
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
