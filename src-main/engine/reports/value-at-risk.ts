/** Value at risk of the firm, a department or an account from the daily prices this desk has kept or imported; without enough of them it says so and gives no number. */
import type { Book } from '#engine/book/book';
import { isHeld } from '#engine/book/holding-problem';
import type { InstrumentRecord } from '#engine/book/things';
import { accountFilter, currenciesOf } from '#engine/book/views/scope';
import type { DailyPrice, PriceHistory } from '#engine/store/price-history';
import type { VarAnswer, VarEstimate, VarParams } from '#shared/contract/numbers-stress';
import type { Scope } from '#shared/contract/streams';
import { isInForce } from '#shared/market/rates';
import {
  backTest,
  dailyOutcomes,
  type Exposure,
  historicalVar,
  parametricVar,
  trafficLight,
  type VarTable,
  varTableSchema,
} from '#shared/market/value-at-risk';
import table from '../../../resources/value-at-risk.json' with { type: 'json' };

const TABLE: VarTable = varTableSchema.parse(table);

type Parameter = VarTable['parameters'][number];

/** The newest row in force; NaN when none is. */
function parametersOn(day: string | null): (name: Parameter['name']) => number {
  const inForce = TABLE.parameters.filter((row) => day === null || isInForce(row, day));
  return (name) =>
    inForce
      .filter((row) => row.name === name)
      .reduce<Parameter | null>((best, row) => (best === null || row.effectiveFrom > best.effectiveFrom ? row : best), null)?.value ?? Number.NaN;
}

export function computeVar(book: Book, history: PriceHistory, params: VarParams): VarAnswer {
  const { values, options, unknownAccounts } = netValues(book, params);
  const parameter = parametersOn(book.tradingDay);
  const historyDays = parameter('historyDays');
  const leastDays = parameter('leastDays');
  const exposures: Exposure[] = [];
  // What an option loses with its future, no price of a future tells.
  const leftOut = options.map(({ label }) => label);
  let leftOutExposure = 0;
  let exposure = 0;
  const returnsOfProduct = productReturns(book, history);
  for (const [index, value] of values) {
    const instrument = book.records.instruments[index];
    if (instrument === undefined || value === 0) continue;
    exposure += Math.abs(value);
    const own = returnsOf(history.of(instrument.exchangeID, instrument.instrumentID));
    const product = returnsOfProduct.get(`${instrument.exchangeID}|${instrument.productID}`) ?? new Map<string, number>();
    // A contract is younger than its product: on the days before it traded, the product's mean return stands in.
    const returns = new Map([...product, ...own]);
    if (returns.size < leastDays) {
      leftOut.push(instrument.label);
      leftOutExposure += Math.abs(value);
    } else exposures.push({ label: instrument.label, value, returns });
  }
  const outcomes = dailyOutcomes(exposures, history.dates()).slice(-2 * historyDays);
  const recent = outcomes.slice(-historyDays).map(({ amount }) => amount);
  const estimate = (compute: () => number): VarEstimate => {
    if (exposure === 0 && leftOut.length === 0) return { kind: 'value', amount: 0, observations: 0 };
    if (exposures.length === 0 || recent.length < leastDays)
      return { kind: 'notEnoughHistory', have: exposures.length === 0 ? history.dates().length : recent.length, need: historyDays };
    return { kind: 'value', amount: compute(), observations: recent.length };
  };
  return {
    historical: estimate(() => historicalVar(recent, params.confidence, params.horizonDays)),
    parametric: estimate(() => parametricVar(recent, params.confidence, params.horizonDays)),
    backTest: backTestOf(outcomes, recent.length, parameter),
    exposure,
    leftOutExposure,
    leftOut,
    currencies: currenciesOf(book, accountFilter(book, scopeOf(params))),
    unknownAccounts,
    historyFrom: outcomes.at(0)?.date ?? null,
    historyTo: outcomes.at(-1)?.date ?? null,
    sources: history.sources(),
    basis: TABLE.parameters.map(({ name, value, effectiveFrom, citation, certainty }) => ({ name, value, effectiveFrom, citation, certainty })),
  };
}

/** Over windows as long as the figure that is shown. The zones are defined for 99 %, so the test runs at 99 % whatever confidence was asked for. */
function backTestOf(
  outcomes: readonly { date: string; amount: number }[],
  window: number,
  parameter: ReturnType<typeof parametersOn>,
): VarAnswer['backTest'] {
  const result = backTest(outcomes, 0.99, window);
  const least = parameter('leastTestDays');
  if (result === null || result.days < least) return { kind: 'notEnoughHistory', have: outcomes.length, need: parameter('historyDays') + least };
  const bounds = { confidence: 0.99, yellowFrom: parameter('yellowFrom'), redFrom: parameter('redFrom') };
  return { kind: 'zone', zone: trafficLight(result.exceptions, result.days, bounds), window, ...result };
}

function scopeOf({ of }: VarParams): Scope {
  return of.type === 'department' ? { departmentID: of.departmentID } : of.type === 'account' ? { accountID: of.accountID } : {};
}

/** Signed money that a move of 1 makes, netted over the accounts asked for, by instrument; and the options that they hold. */
function netValues(book: Book, params: VarParams): { values: Map<number, number>; options: InstrumentRecord[]; unknownAccounts: number } {
  const isWanted = accountFilter(book, scopeOf(params));
  const values = new Map<number, number>();
  const options = new Set<InstrumentRecord>();
  let unknownAccounts = 0;
  for (const account of book.records.accounts) {
    if (!isWanted(account)) continue;
    const holdings = [...account.holdings.values()];
    const isUnknown = holdings.some(
      ({ profitReason, netQuantity, instrument }) => profitReason !== null || (netQuantity !== 0 && instrument.quote?.lastPrice === undefined),
    );
    if (isUnknown) {
      unknownAccounts += 1;
      continue;
    }
    for (const holding of holdings) {
      const { instrument, netQuantity } = holding;
      if (instrument.master?.productClass === 'option' && isHeld(holding)) options.add(instrument);
      const value = netQuantity * (instrument.quote?.lastPrice ?? 0);
      values.set(instrument.index, (values.get(instrument.index) ?? 0) + value);
    }
  }
  return { values, options: [...options], unknownAccounts };
}

/** Settlement over the settlement of the day before that the contract has; days without a price are passed over. */
function returnsOf(days: ReadonlyMap<string, DailyPrice>): Map<string, number> {
  const returns = new Map<string, number>();
  let before: number | null = null;
  for (const date of [...days.keys()].sort()) {
    const price = days.get(date)?.settlementPrice ?? null;
    if (price === null) continue;
    if (before !== null) returns.set(date, price / before - 1);
    before = price;
  }
  return returns;
}

function productReturns(book: Book, history: PriceHistory): Map<string, Map<string, number>> {
  const sums = new Map<string, Map<string, { sum: number; count: number }>>();
  for (const [contract, days] of history.contracts()) {
    const [exchangeID = '', instrumentID = ''] = contract.split('|');
    const productID = book.records.findInstrument(exchangeID, instrumentID)?.productID || /^[A-Za-z_]+/.exec(instrumentID)?.[0];
    if (productID === undefined) continue;
    const key = `${exchangeID}|${productID}`;
    const ofProduct = sums.get(key) ?? new Map<string, { sum: number; count: number }>();
    sums.set(key, ofProduct);
    for (const [date, change] of returnsOf(days)) {
      const { sum, count } = ofProduct.get(date) ?? { sum: 0, count: 0 };
      ofProduct.set(date, { sum: sum + change, count: count + 1 });
    }
  }
  return new Map([...sums].map(([key, days]) => [key, new Map([...days].map(([date, { sum, count }]) => [date, sum / count]))]));
}
