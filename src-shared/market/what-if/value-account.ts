/** Values an account model as it is or under a shock, with the pure formulas: the one place where "what if" and "what is" are the same code. */
import type { RiskLevel } from '#shared/contract/streams';
import { groupBy } from '#shared/group-by';
import { available, marginCall, type RiskDegree, riskDegree } from '#shared/market/equity';
import { type Known, known, knownOrNaN, sumKnown, unknown } from '#shared/market/known';
import { type AggregationMethod, aggregateMargin, combineLegs, lotsMargin, type MarginRatePair, type SideMargins } from '#shared/market/margin';
import { positionProfitByDate } from '#shared/market/position-profit';
import { type Reason, reasonFor } from '#shared/market/reason';
import { riskLevel } from '#shared/market/risk-level';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { type Combined, splitByCombination } from '#shared/market/what-if/combinations';
import { type ScenarioContract, sellerMarginUnder } from '#shared/market/what-if/sold-option';

/** What is different from now. Everything left out is as it is. */
export type Shock = {
  /** The price to value a contract at, in the quote unit. */
  priceOf?: (holding: HeldInstrument) => Known<number>;
  /** The same for the underlying of a sold option, which the account need not hold. */
  underlyingPriceOf?: (underlying: ScenarioContract) => Known<number>;
  /** The premium an option settles at; left out, no scenario tells it. */
  premiumOf?: (holding: HeldInstrument) => Known<number>;
  /** After a settlement every lot is yesterday's: margin is taken at the shocked price, whatever MarginPriceType says for today's lots. */
  isSettled?: boolean;
  /** The rate to use in place of the one in force. */
  rateOf?: (contract: ScenarioContract, layer: 'company' | 'exchange', rate: MarginRatePair) => MarginRatePair;
  /** Money in (positive) or out, in the account's currency. */
  cash?: number;
};

export type AccountFigures = {
  positionProfit: Known<number>;
  balance: Known<number>;
  currMargin: Known<number>;
  exchangeMargin: Known<number>;
  available: Known<number>;
  riskDegree: RiskDegree;
  exchangeRiskDegree: RiskDegree;
  marginCall: Known<number>;
  level: RiskLevel;
};

export function valueAccount(model: AccountModel, shock: Shock = {}): AccountFigures {
  const untold = model.holdingsReason === null ? null : unknown(model.holdingsReason);
  const positionProfit = untold ?? sumKnown(model.holdings.map((holding) => profitOf(holding, shock)));
  const balance = sumKnown([model.equityBeforePositions, known(shock.cash ?? 0), positionProfit]);
  const currMargin = untold ?? marginOf(model, shock, 'company');
  const exchangeMargin = untold ?? marginOf(model, shock, 'exchange');
  const company = riskDegree(currMargin, balance);
  const exchange = riskDegree(exchangeMargin, balance);
  return {
    positionProfit,
    balance,
    currMargin,
    exchangeMargin,
    available: available({ ...model, balance, currMargin, positionProfit }),
    riskDegree: company,
    exchangeRiskDegree: exchange,
    marginCall: marginCall(currMargin, balance),
    level: riskLevel(model.levels, {
      balance: knownOrNaN(balance),
      currMargin: knownOrNaN(currMargin),
      riskDegree: degreeOrNaN(company),
      exchangeRiskDegree: degreeOrNaN(exchange),
    }),
  };
}

function degreeOrNaN(degree: RiskDegree): number {
  return degree.kind === 'degree' ? degree.value : Number.NaN;
}

/** An option's position profit is 0 at a CTP counter: its premium has moved as cash. */
function profitOf(holding: HeldInstrument, shock: Shock): Known<number> {
  if (holding.lotsReason !== null) return unknown(holding.lotsReason as Reason);
  if (holding.lots.length === 0 || holding.isOption) return known(0);
  const mark = shock.priceOf?.(holding) ?? holding.marks.latest;
  // Equal volumes long and short lock the profit: any price gives the same answer, so none is needed.
  const net = holding.lots.reduce((sum, lot) => sum + (lot.direction === 'long' ? lot.volume : -lot.volume), 0);
  return positionProfitByDate(holding.lots, net === 0 && !mark.known ? known(0) : mark, holding.multiplier);
}

/** Sides add up per product by the exchange's method, a contract that is out of its product's larger side by itself; combinations stand apart from both. */
function marginOf(model: AccountModel, shock: Shock, layer: 'company' | 'exchange'): Known<number> {
  const { holdings, combined } = withoutCombined(model);
  const groups = groupBy(
    holdings.filter((holding) => holding.lots.length > 0 || holding.lotsReason !== null),
    marginGroupOf,
  );
  const ofSides = [...groups.values()].map((held) => {
    const sides = held.map(
      (holding): SideMargins => ({
        instrumentID: holding.instrumentID,
        long: sideMargin(model, holding, shock, layer, 'long'),
        short: sideMargin(model, holding, shock, layer, 'short'),
      }),
    );
    if (sides.every(({ long, short }) => long.known && short.known && long.value === 0 && short.value === 0)) return known(0);
    const method = marginMethodOf(held);
    return method.known ? aggregateMargin(method.value, sides) : method;
  });
  return sumKnown([...ofSides, ...combined.map((each) => combinationMargin(model, each, shock, layer))]);
}

/** The account's holdings with the lots that are in no combination, and what is in one. */
export function withoutCombined({ holdings, combinations }: AccountModel): { holdings: readonly HeldInstrument[]; combined: readonly Combined[] } {
  if (combinations === undefined) return { holdings, combined: [] };
  const { outside, combined } = splitByCombination(holdings, combinations);
  return { holdings: holdings.map((holding) => ({ ...holding, lots: outside.get(holding) ?? holding.lots })), combined };
}

/** Sides of one group net by its method: a product, or a contract that is out of it. */
export function marginGroupOf({ exchangeID, productID, instrumentID, exclusion }: HeldInstrument): string {
  return exclusion === undefined ? `${exchangeID}|${productID}` : `${exchangeID}|${productID}|${instrumentID}`;
}

export function marginMethodOf(held: readonly HeldInstrument[]): Known<AggregationMethod> {
  return held[0]?.exclusion ?? held[0]?.aggregation ?? unknown('noAggregation');
}

/** `reason` is why the combination cannot be believed; one that closes have dissolved has no legs and no margin. */
function combinationMargin(model: AccountModel, { combination, legs }: Combined, shock: Shock, layer: 'company' | 'exchange'): Known<number> {
  const { reason, legMargin } = combination;
  if (reason !== null) return unknown(reason);
  if (!legMargin.known) return legMargin;
  return combineLegs(
    legMargin.value,
    legs.map(({ holding, lots }) => sideMargin(model, { ...holding, lots }, shock, layer, lots[0]?.direction ?? 'long')),
  );
}

function sideMargin(
  model: AccountModel,
  holding: HeldInstrument,
  shock: Shock,
  layer: 'company' | 'exchange',
  direction: 'long' | 'short',
): Known<number> {
  const label = `${holding.exchangeID}.${holding.instrumentID}`;
  const lots = holding.lots.filter((lot) => lot.direction === direction);
  if (holding.lotsReason !== null) return unknown(holding.lotsReason as Reason);
  if (lots.length === 0) return known(0);
  if (holding.isOption) return direction === 'long' ? known(0) : sellerMargin(holding, lots, shock, layer, label);
  const mark = shock.priceOf?.(holding) ?? holding.marks.latest;
  const marks = { ...holding.marks, latest: mark };
  const rates = layer === 'company' ? holding.companyRate : holding.exchangeRate;
  return sumKnown(
    [...groupBy(lots, (lot) => lot.hedgeFlag)].map(([hedgeFlag, own]) => {
      const inForce = rates[hedgeFlag] ?? unknown(reasonFor('noRate', `${label} ${layer} ${hedgeFlag}`));
      const rate = inForce.known && shock.rateOf !== undefined ? known(shock.rateOf(holding, layer, inForce.value)) : inForce;
      const settled = shock.isSettled === true ? own.map((lot): HeldLot => ({ ...lot, isToday: false, preSettlementPrice: mark })) : own;
      return lotsMargin(settled, rate, model.marginPriceType, marks, holding.multiplier);
    }),
  );
}

/**
 * Sold options: lots x the margin per lot. Rates and settlements change it through the underlying's rate and price and through the option's new premium;
 * where no price of the scenario tells that premium (locked limits), it is unknown.
 */
function sellerMargin(holding: HeldInstrument, lots: readonly HeldLot[], shock: Shock, layer: 'company' | 'exchange', label: string): Known<number> {
  return sumKnown(
    lots.map((lot) => {
      const perLot = sellerMarginPerLot(holding, lot, shock, layer, label);
      return perLot.known ? known(perLot.value * lot.volume) : perLot;
    }),
  );
}

function sellerMarginPerLot(holding: HeldInstrument, lot: HeldLot, shock: Shock, layer: 'company' | 'exchange', label: string): Known<number> {
  const none = unknown(reasonFor('optionMargin', label));
  const { sellerTerms } = holding;
  const isSettled = shock.isSettled === true;
  if (!isSettled && shock.rateOf === undefined) return holding.sellerMargin?.[layer][lot.hedgeFlag] ?? none;
  if (sellerTerms === undefined) return none;
  if (!sellerTerms.known) return sellerTerms;
  const { underlying } = sellerTerms.value;
  const premium = isSettled ? (shock.premiumOf?.(holding) ?? unknown(reasonFor('optionPremium', label))) : holding.marks.preSettlement;
  const underlyingPrice = isSettled ? (shock.underlyingPriceOf?.(underlying) ?? none) : underlying.marks.preSettlement;
  const rateOf = (contract: ScenarioContract, rate: MarginRatePair): MarginRatePair => shock.rateOf?.(contract, layer, rate) ?? rate;
  return sellerMarginUnder(sellerTerms.value, layer, lot.hedgeFlag, { premium, underlyingPrice, rateOf }, label);
}

/** The model after closing lots at their mark: the profit so far becomes close profit, the margin goes. Equity changes by the fee alone. */
export function closeLots(model: AccountModel, closes: ReadonlyMap<HeldLot, number>, fee = 0): AccountModel {
  let realized: Known<number> = known(0);
  const holdings = model.holdings.map((holding) => {
    const closing = holding.lots.flatMap((lot) => {
      const volume = Math.min(closes.get(lot) ?? 0, lot.volume);
      return volume > 0 ? [{ ...lot, volume }] : [];
    });
    if (closing.length === 0) return holding;
    const profit = holding.isOption ? known(0) : positionProfitByDate(closing, holding.marks.latest, holding.multiplier);
    realized = sumKnown([realized, profit]);
    const lots = holding.lots.flatMap((lot) => {
      const left = lot.volume - Math.min(closes.get(lot) ?? 0, lot.volume);
      return left > 0 ? [left === lot.volume ? lot : { ...lot, volume: left }] : [];
    });
    return { ...holding, lots };
  });
  return {
    ...model,
    holdings,
    closeProfit: sumKnown([model.closeProfit, realized]),
    equityBeforePositions: sumKnown([model.equityBeforePositions, realized, known(-fee)]),
  };
}
