/** Profit and margin of positions line by line: product, contract, side, lot, and what each lot's line was computed from. */

import type { HedgeFlag } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import type { Derivation, DerivationRule, DerivationSource } from '#shared/market/explain/derivation';
import { input, line, sum } from '#shared/market/explain/node';
import { type Known, known, sumKnown, unknown } from '#shared/market/known';
import { aggregateMargin, combineLegs, lotsMargin, marginPrice, rateOfSide } from '#shared/market/margin';
import { positionProfitByDate, positionProfitByTrade, referencePrice } from '#shared/market/position-profit';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import type { Combined, HeldCombination } from '#shared/market/what-if/combinations';
import { marginGroupOf, marginMethodOf, withoutCombined } from '#shared/market/what-if/value-account';

type Layer = 'company' | 'exchange';
type Contract = Pick<HeldInstrument, 'exchangeID' | 'productID' | 'instrumentID'>;

/** Where the inputs of positions came from, and by which rows. Null where nothing is known of the source. */
export type PositionSources = {
  price: (contract: Contract) => DerivationSource | null;
  reference: (holding: HeldInstrument) => DerivationSource | null;
  lot: (holding: HeldInstrument, lot: HeldLot) => DerivationSource | null;
  rates: (contract: Contract, layer: Layer, hedgeFlag: HedgeFlag) => DerivationRule[];
  /** How the holding's sides add up: the rule of its product, or the row that takes it out of its product's larger side. */
  aggregation: (holding: HeldInstrument) => DerivationRule[];
  combination: (combination: HeldCombination) => DerivationRule[];
  option: (holding: HeldInstrument) => DerivationRule[];
  /** The desk's own rows behind a contract's multiplier, its pre-settlement price and a lot's reference; none where a source says them. */
  ownMultiplier: (contract: Contract) => DerivationRule[];
  ownPreSettlement: (contract: Contract) => DerivationRule[];
  ownReference: (holding: HeldInstrument, lot: HeldLot) => DerivationRule[];
};

const nameOf = (holding: Pick<HeldInstrument, 'exchangeID' | 'instrumentID'>): string => `${holding.exchangeID}.${holding.instrumentID}`;
const nameOfLot = (holding: HeldInstrument, lot: HeldLot): string =>
  [nameOf(holding), lot.direction, lot.hedgeFlag, lot.openDate, lot.tradeID].filter((part) => part !== '').join(' ');

function volumeLine(holding: HeldInstrument, lot: HeldLot, sources: PositionSources): Derivation {
  return input('lot.volume', known(lot.volume), 'lots', sources.lot(holding, lot));
}

function multiplierLine(holding: HeldInstrument, sources: PositionSources): Derivation {
  const rules = sources.ownMultiplier(holding);
  return input('multiplier', holding.multiplier, 'count', unlessOwn(rules, sources.reference(holding)), { subject: nameOf(holding), rules });
}

/** No source says what the desk supplied. */
function unlessOwn(rules: readonly DerivationRule[], source: DerivationSource | null): DerivationSource | null {
  return rules.length === 0 ? source : null;
}

function preSettlementLine(id: string, contract: Contract, price: Known<number>, sources: PositionSources, subject = ''): Derivation {
  const rules = sources.ownPreSettlement(contract);
  return input(id, price, 'price', unlessOwn(rules, sources.price(contract)), { subject, rules });
}

function markLine(holding: HeldInstrument, mark: Known<number>, sources: PositionSources): Derivation {
  return input('mark.latest', mark, 'price', sources.price(holding), { subject: nameOf(holding) });
}

/** By date: against the open price of today's lots and the pre-settlement of older ones. By trade: always against the open price. */
export function profitTree(model: AccountModel, total: Known<number>, convention: 'date' | 'trade', sources: PositionSources): Derivation {
  const children = model.holdings
    .filter((holding) => !holding.isOption || holding.lotsReason !== null)
    .map((holding) => contractProfit(holding, convention, sources));
  const id = convention === 'date' ? 'positionProfit' : 'positionProfitByTrade';
  return sum(id, total, children, { formula: 'Σ contract: Σ lot ±(mark - reference) x multiplier x volume' });
}

function contractProfit(holding: HeldInstrument, convention: 'date' | 'trade', sources: PositionSources): Derivation {
  const id = convention === 'date' ? 'contractProfit' : 'contractProfitByTrade';
  const subject = nameOf(holding);
  if (holding.lotsReason !== null) return line(id, unknown(holding.lotsReason as Reason), { subject });
  const net = holding.lots.reduce((total, lot) => total + (lot.direction === 'long' ? lot.volume : -lot.volume), 0);
  const { latest } = holding.marks;
  const mark = net === 0 && !latest.known ? known(0) : latest;
  const profit = convention === 'date' ? positionProfitByDate : positionProfitByTrade;
  const value = profit(holding.lots, mark, holding.multiplier);
  const lots = holding.lots.map((lot) => {
    const ownReference = sources.ownReference(holding, lot);
    const reference =
      convention === 'trade' || lot.isToday
        ? input('lot.openPrice', known(lot.openPrice), 'price', sources.lot(holding, lot))
        : input(
            'lot.preSettlementPrice',
            referencePrice(lot),
            'price',
            unlessOwn(ownReference, sources.lot(holding, lot) ?? sources.price(holding)),
            {
              rules: ownReference,
            },
          );
    return line(`lotProfit.${lot.direction}`, profit([lot], mark, holding.multiplier), {
      subject: nameOfLot(holding, lot),
      formula: lot.direction === 'long' ? '(mark - reference) x multiplier x volume' : '(reference - mark) x multiplier x volume',
      children: [markLine(holding, mark, sources), reference, multiplierLine(holding, sources), volumeLine(holding, lot, sources)],
    });
  });
  return sum(id, value, lots, { subject });
}

/** Margin of one layer: products, the sides by the exchange's rule, lots. */
export function marginTree(model: AccountModel, total: Known<number>, layer: Layer, sources: PositionSources): Derivation {
  const { holdings, combined } = withoutCombined(model);
  const products = [...groupBy(holdings, marginGroupOf).values()].map((held) => productMargin(model, subjectOf(held), held, layer, sources));
  const combinations = combined.map((each) => combinationTree(model, each, layer, sources));
  return sum(layer === 'company' ? 'currMargin' : 'exchangeMargin', total, [...products, ...combinations], {
    formula:
      combinations.length === 0
        ? 'Σ product: its sides by the rule of the exchange'
        : 'Σ product: its sides by the rule of the exchange + Σ combination: its legs by the rule of its kind',
  });
}

/** A product, or the one contract that stands apart from it. */
function subjectOf([first]: readonly HeldInstrument[]): string {
  if (first === undefined) return '';
  return first.exclusion === undefined ? `${first.exchangeID}.${first.productID}` : nameOf(first);
}

/** A declared combination: its legs' lots, which are in no side of their products, and how they make one margin. */
function combinationTree(model: AccountModel, { combination, legs }: Combined, layer: Layer, sources: PositionSources): Derivation {
  const { exchangeID, combInstrumentID, comTradeID, legMargin, reason } = combination;
  const subject = `${exchangeID}.${combInstrumentID} ${comTradeID}`;
  const rules = sources.combination(combination);
  if (reason !== null) return line('combinationMargin.largerLeg', unknown(reason), { subject, rules });
  const children = legs.map(({ holding, lots }) => {
    const own = lots.map((lot) => lotMargin(model, holding, lot, layer, sources));
    return sum('combinationLeg', sumKnown(own.map(knownOf)), own, { subject: `${nameOf(holding)} ${lots[0]?.direction ?? ''}` });
  });
  if (!legMargin.known) return line('combinationMargin.largerLeg', legMargin, { subject, children });
  const isLarger = legMargin.value === 'largerLeg';
  return line(`combinationMargin.${legMargin.value}`, combineLegs(legMargin.value, children.map(knownOf)), {
    ...{ subject, rules, children, combination: isLarger ? 'largest' : 'sum', text: legMargin.value },
    formula: isLarger ? 'max(leg, leg)' : 'leg + leg',
  });
}

function productMargin(model: AccountModel, subject: string, held: readonly HeldInstrument[], layer: Layer, sources: PositionSources): Derivation {
  const sides = held.map((holding) => ({
    instrumentID: holding.instrumentID,
    long: sideTree(model, holding, 'long', layer, sources),
    short: sideTree(model, holding, 'short', layer, sources),
  }));
  const first = held[0];
  const method = marginMethodOf(held);
  const rules = first === undefined ? [] : sources.aggregation(first);
  const amounts = sides.map(({ instrumentID, long, short }) => ({ instrumentID, long: knownOf(long), short: knownOf(short) }));
  const isNothing = amounts.every(({ long, short }) => long.known && short.known && long.value === 0 && short.value === 0);
  const value = isNothing ? known(0) : method.known ? aggregateMargin(method.value, amounts) : method;
  const both = sides.flatMap(({ long, short }) => [long, short]).filter((side) => side.children.length > 0 || side.value === null);
  if (!method.known || method.value === 'plainSum')
    return sum('productMargin.plainSum', value, both, { subject, rules, formula: 'long + short', text: method.known ? method.value : null });
  if (method.value === 'instrumentBigSide') {
    const contracts = sides.map(({ instrumentID, long, short }) =>
      line('contractMargin', aggregateMargin('instrumentBigSide', [{ instrumentID, long: knownOf(long), short: knownOf(short) }]), {
        subject: instrumentID,
        combination: 'largest',
        formula: 'max(long, short)',
        children: [long, short],
      }),
    );
    return sum('productMargin.instrumentBigSide', value, contracts, { subject, rules, text: method.value });
  }
  const side = (direction: 'long' | 'short'): Derivation =>
    sum(
      `productSide.${direction}`,
      sumKnown(amounts.map((amount) => amount[direction])),
      sides.map((one) => one[direction]).filter((one) => one.children.length > 0 || one.value === null),
      { subject },
    );
  return line('productMargin.productBigSide', value, {
    subject,
    rules,
    text: method.value,
    combination: 'largest',
    formula: 'max(Σ long, Σ short) over all months',
    children: [side('long'), side('short')],
  });
}

function knownOf(node: Derivation): Known<number> {
  return node.value === null ? unknown((node.reason ?? 'field') as Reason) : known(node.value);
}

function sideTree(model: AccountModel, holding: HeldInstrument, direction: 'long' | 'short', layer: Layer, sources: PositionSources): Derivation {
  const id = `sideMargin.${direction}`;
  const subject = nameOf(holding);
  if (holding.lotsReason !== null) return line(id, unknown(holding.lotsReason as Reason), { subject });
  const lots = holding.lots.filter((lot) => lot.direction === direction).map((lot) => lotMargin(model, holding, lot, layer, sources));
  return sum(id, sumKnown(lots.map(knownOf)), lots, { subject });
}

function lotMargin(model: AccountModel, holding: HeldInstrument, lot: HeldLot, layer: Layer, sources: PositionSources): Derivation {
  const subject = nameOfLot(holding, lot);
  const volume = volumeLine(holding, lot, sources);
  if (holding.isOption) {
    const none = unknown(reasonFor('optionMargin', nameOf(holding)));
    const perLot = lot.direction === 'long' ? known(0) : (holding.sellerMargin?.[layer][lot.hedgeFlag] ?? none);
    return line('lotMargin.option', perLot.known ? known(perLot.value * lot.volume) : perLot, {
      subject,
      combination: 'product',
      rules: lot.direction === 'long' ? [] : sources.option(holding),
      formula: 'volume x (premium x multiplier + max(futuresMargin - share x outOfTheMoney, floor x futuresMargin))',
      children: [volume, lot.direction === 'long' ? line('option.marginPerLot', perLot) : sellerLine(holding, lot, perLot, layer, sources)],
    });
  }
  const rates = layer === 'company' ? holding.companyRate : holding.exchangeRate;
  const rate = rates[lot.hedgeFlag] ?? unknown(reasonFor('noRate', `${nameOf(holding)} ${layer} ${lot.hedgeFlag}`));
  const value = lotsMargin([lot], rate, model.marginPriceType, holding.marks, holding.multiplier);
  const part = (at: 0 | 1): Known<number> => (rate.known ? known(rateOfSide(rate.value, lot.direction)[at]) : rate);
  const byVolume = part(1);
  const price = marginPrice(lot, model.marginPriceType, holding.marks);
  const source = lot.isToday && model.marginPriceType !== 'open' ? sources.price(holding) : (sources.lot(holding, lot) ?? sources.price(holding));
  const ownPrice = !lot.isToday
    ? sources.ownReference(holding, lot)
    : model.marginPriceType === 'preSettlement'
      ? sources.ownPreSettlement(holding)
      : [];
  return line('lotMargin', value, {
    subject,
    formula: 'volume x (rateByMoney x price x multiplier + rateByVolume)',
    rules: sources.rates(holding, layer, lot.hedgeFlag),
    children: [
      volume,
      input('rate.byMoney', part(0), 'rate', null),
      ...(byVolume.known && byVolume.value === 0 ? [] : [input('rate.byVolume', byVolume, 'money', null)]),
      input(lot.isToday ? `price.${model.marginPriceType ?? 'unknown'}` : 'price.preSettlement', price, 'price', unlessOwn(ownPrice, source), {
        rules: ownPrice,
      }),
      multiplierLine(holding, sources),
    ],
  });
}

/** What one sold lot puts up: its premium, the underlying's margin, and how far the option is out of the money. */
function sellerLine(holding: HeldInstrument, lot: HeldLot, perLot: Known<number>, layer: Layer, sources: PositionSources): Derivation {
  const { sellerTerms, marks } = holding;
  const formula = 'premium x multiplier + max(futuresMargin - share x outOfTheMoney, floor x futuresMargin)';
  if (sellerTerms === undefined || !sellerTerms.known) return line('option.marginPerLot', perLot, { formula });
  const { underlying, underlyingMultiplier, rates, optionsType, strikePrice, multiplier, row } = sellerTerms.value;
  const price = underlying.marks.preSettlement;
  const rate = rates[layer][lot.hedgeFlag] ?? unknown(reasonFor('noRate', `${nameOf(holding)} ${layer} ${lot.hedgeFlag}`));
  const futuresMargin = !price.known
    ? price
    : rate.known
      ? known(price.value * underlyingMultiplier * rate.value.shortByMoney + rate.value.shortByVolume)
      : rate;
  const distance = (at: number): number => Math.max(optionsType === 'call' ? strikePrice - at : at - strikePrice, 0) * multiplier;
  const priceLine = preSettlementLine('price.preSettlement', underlying, price, sources, nameOf(underlying));
  return line('option.marginPerLot', perLot, {
    formula,
    children: [
      preSettlementLine('option.premium', holding, marks.preSettlement, sources),
      multiplierLine(holding, sources),
      line('option.futuresMargin', futuresMargin, {
        subject: nameOf(underlying),
        formula: 'price x multiplier x rateByMoney + rateByVolume',
        rules: sources.rates(underlying, layer, lot.hedgeFlag),
        children: [
          priceLine,
          input('multiplier', known(underlyingMultiplier), 'count', null, { rules: sources.ownMultiplier(underlying) }),
          input('rate.byMoney', rate.known ? known(rate.value.shortByMoney) : rate, 'rate', null),
        ],
      }),
      line('option.outOfTheMoney', price.known ? known(distance(price.value)) : price, {
        formula: optionsType === 'call' ? 'max(strike - price, 0) x multiplier' : 'max(price - strike, 0) x multiplier',
        children: [input('option.strike', known(strikePrice), 'price', sources.reference(holding)), priceLine],
      }),
      input('option.outOfTheMoneyShare', known(row.outOfTheMoneyShare), 'rate', null),
      input('option.floorShare', known(row.floorShare), 'rate', null),
    ],
  });
}
