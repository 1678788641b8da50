/** Recomputes every account with the pure formulas, apart from the kernel, and says how far the two are from each other. Where they differ, the formulas are right. */
import { available, dynamicEquity, heldBack } from '#shared/market/equity';
import { type Known, known, knownNumber, knownOrNaN, sumKnown, unknown } from '#shared/market/known';
import { aggregateMargin, averagePricePerUnit, lotsMargin, type SideMargins } from '#shared/market/margin';
import { type LotTerms, positionProfitByDate } from '#shared/market/position-profit';
import { reasonFor } from '#shared/market/reason';
import type { Book } from './book';
import type { AccountRecord, Holding, Side } from './things';
import { lotVolume, preSettlementOf, sliceVolume } from './valuation';

export type FormulaFigures = {
  positionProfit: Known<number>;
  currMargin: Known<number>;
  exchangeMargin: Known<number>;
  balance: Known<number>;
  available: Known<number>;
};

/** Lots of a side as the formulas take them; a slice without lots becomes one lot at its average cost. */
export function lotTerms(book: Book, holding: Holding, side: Side): LotTerms[] {
  const { label } = holding.instrument;
  const day = book.positionsDay ?? '';
  if (holding.account.isByLots || side.lots.size > 0) {
    return [...side.lots.values()].map((lot) => ({
      direction: side.direction,
      volume: lot.item.volume,
      openPrice: lot.item.openPrice,
      isToday: lot.item.openDate === day,
      preSettlementPrice: knownNumber(preSettlementOf(lot, side, holding.instrument, day), reasonFor('noPreSettlement', label)),
    }));
  }
  const multiplier = holding.instrument.master?.volumeMultiple ?? Number.NaN;
  const terms: LotTerms[] = [];
  for (const { item: slice } of side.slices.values()) {
    if (slice.position === 0) continue;
    const today = slice.positionDate === 'history' ? 0 : Math.min(slice.todayPosition ?? slice.position, slice.position);
    const history = slice.position - today;
    const cost = slice.positionCost ?? Number.NaN;
    const preSettlement = slice.preSettlementPrice ?? holding.instrument.quote?.preSettlementPrice ?? Number.NaN;
    const historyPrice = today === 0 ? cost / (history * multiplier) : preSettlement;
    const todayPrice = (cost - (history === 0 ? 0 : history * multiplier * preSettlement)) / (today * multiplier);
    const part = (volume: number, price: number, isToday: boolean): LotTerms => ({
      direction: side.direction,
      volume,
      openPrice: isToday ? price : (slice.openCost ?? Number.NaN) / (slice.position * multiplier),
      isToday,
      preSettlementPrice: knownNumber(price, reasonFor('noPositionCost', label)),
    });
    if (history > 0) terms.push(part(history, historyPrice, false));
    if (today > 0) terms.push(part(today, todayPrice, true));
  }
  return terms;
}

/** What a holding lacks before any price is asked, as valuation.ts judges it but written down again here. */
function holdingIssue(holding: Holding): Known<number> {
  const { master, label } = holding.instrument;
  if (master === null) return unknown(reasonFor('noInstrument', label));
  const { account } = holding;
  const currency = account.counter?.item.currencyID ?? account.master?.currencyID;
  if (currency !== undefined && currency !== master.currencyID) return unknown(reasonFor('currencyDiffers', label));
  if (holding.conflicts.size > 0) return unknown(reasonFor('lotTwice', label));
  const doesNotAddUp = holding.sides.some((side) => account.isByLots && side.slices.size > 0 && lotVolume(side) !== sliceVolume(side));
  if (doesNotAddUp) return unknown(reasonFor('lotsDoNotAddUp', label));
  return knownNumber(master.volumeMultiple, reasonFor('noMultiplier', label));
}

function knownLots(terms: readonly LotTerms[], label: string): Known<readonly LotTerms[]> {
  return terms.some((lot) => Number.isNaN(lot.openPrice) && lot.isToday) ? unknown(reasonFor('noPositionCost', label)) : known(terms);
}

/** One account from its items alone. */
export function figuresByFormula(book: Book, account: AccountRecord): FormulaFigures {
  const profits: Known<number>[] = [];
  const groups = new Map<string, { exchangeID: string; productID: string; company: SideMargins[]; exchange: SideMargins[] }>();
  for (const holding of account.holdings.values()) {
    const { instrument } = holding;
    const { label, quote } = instrument;
    const sides = holding.sides.filter((side) => side.lots.size > 0 || sliceVolume(side) > 0);
    if (sides.length === 0) continue;
    const multiplier = holdingIssue(holding);
    const isOption = instrument.master?.productClass === 'option';
    const latest = knownNumber(quote?.lastPrice, reasonFor('noPrice', label));
    const marks = {
      latest,
      preSettlement: knownNumber(quote?.preSettlementPrice, reasonFor('noPreSettlement', label)),
      average: averagePricePerUnit(quote?.averagePrice, quote?.lowestPrice, quote?.highestPrice, multiplier, label),
    };
    const allTerms: LotTerms[] = [];
    const key = `${instrument.exchangeID}|${instrument.productID}`;
    const group = groups.get(key) ?? { exchangeID: instrument.exchangeID, productID: instrument.productID, company: [], exchange: [] };
    groups.set(key, group);
    for (const layer of ['company', 'exchange'] as const) {
      const total: SideMargins = { instrumentID: instrument.instrumentID, long: known(0), short: known(0) };
      for (const side of sides) {
        const terms = knownLots(lotTerms(book, holding, side), label);
        if (layer === 'company') {
          if (terms.known) allTerms.push(...terms.value);
          else profits.push(terms);
        }
        let margin: Known<number>;
        if (!multiplier.known) margin = multiplier;
        else if (!terms.known) margin = terms;
        else if (isOption) margin = side.direction === 'long' ? known(0) : unknown(reasonFor('optionMargin', label));
        else {
          const rate = book.reference.marginRate(layer, account.accountID, instrument, side.hedgeFlag, book.tradingDay ?? '');
          margin = lotsMargin(terms.value, rate, account.master?.marginPriceType, marks, multiplier);
        }
        total[side.direction] = sumKnown([total[side.direction], margin]);
      }
      group[layer].push(total);
    }
    if (!multiplier.known) profits.push(multiplier);
    if (isOption || !multiplier.known) continue;
    const net = allTerms.reduce((sum, lot) => sum + (lot.direction === 'long' ? lot.volume : -lot.volume), 0);
    // Equal volumes long and short lock the profit: any price gives the same answer, so none is needed.
    const mark = net === 0 && !latest.known ? known(0) : latest;
    const profit = positionProfitByDate(allTerms, mark, multiplier);
    profits.push(profit);
  }
  const layerMargin = (layer: 'company' | 'exchange'): Known<number> =>
    sumKnown(
      [...groups.values()].map((group) => {
        if (group[layer].every(({ long, short }) => long.known && short.known && long.value === 0 && short.value === 0)) return known(0);
        const method = book.reference.aggregation(group.exchangeID, group.productID, book.tradingDay ?? '');
        return method.known ? aggregateMargin(method.value, group[layer]) : method;
      }),
    );
  const positionProfit = sumKnown(profits);
  const counter = account.counter;
  const isDayMixed = counter !== null && account.holdings.size > 0 && book.positionsDay !== null && counter.tradingDay !== book.positionsDay;
  const fields = counter?.item ?? {};
  const balance = isDayMixed ? unknown('dayMixed') : dynamicEquity(fields, positionProfit);
  const currMargin = layerMargin('company');
  return {
    positionProfit,
    currMargin,
    exchangeMargin: layerMargin('exchange'),
    balance,
    available: available({
      balance,
      currMargin,
      heldBack: heldBack(fields),
      positionProfit,
      closeProfit: knownNumber(counter?.item.closeProfit, reasonFor('field', 'closeProfit')),
      algorithm: account.master?.algorithm,
      availIncludeCloseProfit: account.master?.availIncludeCloseProfit,
    }),
  };
}

/** The largest difference in account money between kernel and formulas; Infinity when one calls unknown what the other knows. */
export function checkInFull(book: Book): number {
  const { columns } = book.kernel;
  let drift = 0;
  const compare = (kernelValue: number | undefined, formula: Known<number>): void => {
    const expected = knownOrNaN(formula);
    const actual = kernelValue ?? Number.NaN;
    if (Number.isNaN(expected) && Number.isNaN(actual)) return;
    const difference = Math.abs(actual - expected);
    drift = Math.max(drift, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  };
  for (const account of book.records.accounts) {
    const figures = figuresByFormula(book, account);
    const { index } = account;
    compare(columns.positionProfit[index], figures.positionProfit);
    compare(columns.margin[index], figures.currMargin);
    compare(columns.exchangeMargin[index], figures.exchangeMargin);
    compare(columns.balance[index], figures.balance);
    compare(columns.available[index], figures.available);
  }
  return drift;
}
