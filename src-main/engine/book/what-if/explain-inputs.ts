/** Gathers for one account what an explanation needs beside the model: where every input came from, and by which dated rows it was computed. */
import type { HedgeFlag, MarginRate, Order } from '#shared/feed/items';
import type { CommissionTier } from '#shared/market/commission';
import type { ExplainedCloses, ToldMultiplier } from '#shared/market/explain/day-trades';
import type { DerivationRule, DerivationSource } from '#shared/market/explain/derivation';
import type { ExplainInputs } from '#shared/market/explain/explain-account';
import type { PositionSources } from '#shared/market/explain/positions';
import { known, unknown } from '#shared/market/known';
import { leansOnExchange } from '#shared/market/rates';
import type { Reason } from '#shared/market/reason';
import type { HeldInstrument } from '#shared/market/what-if/account-model';
import { valueAccount } from '#shared/market/what-if/value-account';
import type { Book } from '../book';
import type { AccountRecord, Holding } from '../things';
import { isPreSettlementSupplied } from '../valuation';
import { withdrawableOf, withdrawTerms } from '../views/counter-moment';
import { dayCharges } from '../views/day-charges';
import type { PositionCloses } from '../views/day-closes';
import { buildAccountModel } from './account-model';
import { chargedTrades, commissionRate, sourceOf } from './charged-trades';
import { multiplierOf } from './contract-terms';
import { optionRowOf } from './option-seller';
import { restingOrders } from './resting-orders';
import { combinationRules, sideRules } from './side-rule-lines';
import { suppliedContract, suppliedPreSettlement, suppliedRate } from './supplied-rows';

export function explainInputs(book: Book, account: AccountRecord): ExplainInputs {
  const model = buildAccountModel(book, account);
  const { counter } = account;
  const withdraw = withdrawTerms(book, account);
  const { closeProfit, closes } = dayCharges(book, account);
  return {
    model,
    counter: { fields: counter?.item ?? {}, source: counter === null ? null : sourceOf(book, counter, 'accounts', counter.item.asOfMs) },
    masterSource: referenceSource(book, `account|${account.accountID}`),
    positions: positionSources(book, account),
    frozen: restingOrders(book, account).map(({ kept, frozen }) => ({
      frozen,
      source: sourceOf(book, kept, 'orders', kept.item.updateTimeMs),
      multiplier: toldMultiplier(book, kept.item),
      rules: kept.item.offsetFlag === 'open' ? rateRules(book, account, contractOf(book, kept.item), 'company', kept.item.hedgeFlag) : [],
      commissionRules: commissionRules(book, account, kept.item, tierOf(kept.item)),
    })),
    charged: chargedTrades(book, account).map(({ charged, source }) => ({
      charged,
      source,
      multiplier: toldMultiplier(book, charged.trade),
      rules: commissionRules(book, account, charged.trade, charged.tier),
    })),
    isWhole: { orders: book.orders.droppedCount === 0, trades: book.trades.droppedCount === 0 },
    closeProfit,
    closes: closes.map((each) => explainedCloses(book, each)),
    residual: account.residual === null ? unknown((account.residualReason ?? 'noAccount') as Reason) : known(account.residual),
    withdraw: { ...withdraw, quota: withdrawableOf(valueAccount(model).available, account, withdraw) },
  };
}

function referenceSource(book: Book, key: string): DerivationSource | null {
  const kept = book.reference.items.byKey.get(key);
  return kept === undefined ? null : sourceOf(book, kept, 'reference', kept.sourceTimeMs);
}

type Place = { exchangeID: string; instrumentID: string };

function contractOf(book: Book, { exchangeID, instrumentID }: Place): Place & { productID: string } {
  return { exchangeID, instrumentID, productID: book.records.findInstrument(exchangeID, instrumentID)?.productID ?? '' };
}

function toldMultiplier(book: Book, { exchangeID, instrumentID }: Place): ToldMultiplier {
  const rules = suppliedContract(book, { exchangeID, instrumentID }, 'volumeMultiple');
  const source = rules.length > 0 ? null : referenceSource(book, `instrument|${exchangeID}|${instrumentID}`);
  return { value: multiplierOf(book, exchangeID, instrumentID), source, rules };
}

/** As the frozen commission is reckoned. */
function tierOf({ offsetFlag }: Order): CommissionTier {
  return offsetFlag === 'open' ? 'open' : offsetFlag === 'closeToday' ? 'closeToday' : 'close';
}

/** The commission row in force, with the two ratios of the tier. */
function commissionRules(book: Book, account: AccountRecord, { exchangeID, instrumentID }: Place, tier: CommissionTier): DerivationRule[] {
  const row = commissionRate(book, account, exchangeID, instrumentID);
  if (!row.known) return [];
  const { value } = row;
  const place = [value.exchangeID, value.instrumentID ?? value.productID].filter(Boolean).join('.');
  const ratios = ([`${tier}RatioByMoney`, `${tier}RatioByVolume`] as const)
    .filter((name) => value[name] !== 0)
    .map((name) => `${name} ${value[name]}`);
  return [
    {
      subject: [place, value.investorRange, value.investorID].filter(Boolean).join(' '),
      text: ratios.join(', '),
      effectiveFrom: value.effectiveFrom,
      citation: value.citation,
      certainty: value.certainty,
      ...suppliedRate(book, value, null),
    },
  ];
}

function explainedCloses(book: Book, closes: PositionCloses): ExplainedCloses {
  const { exchangeID, instrumentID, direction, hedgeFlag, value, parts } = closes;
  return {
    subject: `${exchangeID}.${instrumentID} ${direction} ${hedgeFlag}`,
    direction,
    value,
    multiplier: toldMultiplier(book, closes),
    referenceSource: priceSource(book, closes),
    lines: parts.map(({ trade, isToday, volume, reference, profit }) => {
      const kept = [...book.trades.items.byKey.values()].find(({ item }) => item === trade);
      return {
        tradeID: trade.tradeID,
        price: trade.price,
        volume,
        isToday,
        reference,
        profit,
        source: kept === undefined ? null : sourceOf(book, kept, 'trades', trade.tradeTimeMs),
      };
    }),
  };
}

function priceSource(book: Book, { exchangeID, instrumentID }: Place): DerivationSource | null {
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  if (instrument?.quote == null || instrument.quoteReceivedAtMs === null) return null;
  const { quote, quoteFeedId, quoteTradingDay, quoteReceivedAtMs } = instrument;
  const mark = book.streamMarks.get(`${quoteFeedId}|quotes`);
  return {
    feedId: quoteFeedId,
    stream: 'quotes',
    tradingDay: quoteTradingDay,
    sequence: mark?.sequence ?? null,
    asOfMs: quote.updateTimeMs,
    receivedAtMs: quoteReceivedAtMs,
  };
}

function holdingOf(account: AccountRecord, held: HeldInstrument): Holding | null {
  for (const holding of account.holdings.values())
    if (holding.instrument.exchangeID === held.exchangeID && holding.instrument.instrumentID === held.instrumentID) return holding;
  return null;
}

function positionSources(book: Book, account: AccountRecord): PositionSources {
  return {
    price: (held) => priceSource(book, held),
    reference: (held) => referenceSource(book, `instrument|${held.exchangeID}|${held.instrumentID}`),
    lot(held, lot) {
      const side = holdingOf(account, held)?.sides.find(({ direction, hedgeFlag }) => direction === lot.direction && hedgeFlag === lot.hedgeFlag);
      const detail = side?.lots.get(`${lot.openDate}|${lot.tradeID}`);
      const kept = detail ?? side?.slices.get(lot.isToday ? 'today' : 'history') ?? side?.slices.values()[0];
      return kept === undefined ? null : sourceOf(book, kept, 'positions', kept.item.asOfMs);
    },
    rates: (held, layer, hedgeFlag) => rateRules(book, account, held, layer, hedgeFlag),
    aggregation: (held) => sideRules(book, held),
    combination: (combination) => combinationRules(book, combination),
    ownMultiplier: (held) => suppliedContract(book, held, 'volumeMultiple'),
    ownPreSettlement: (held) => suppliedPreSettlement(book, held),
    ownReference(held, lot) {
      const side = holdingOf(account, held)?.sides.find(({ direction, hedgeFlag }) => direction === lot.direction && hedgeFlag === lot.hedgeFlag);
      const kept = side?.lots.get(`${lot.openDate}|${lot.tradeID}`);
      const instrument = book.records.findInstrument(held.exchangeID, held.instrumentID);
      if (side === undefined || kept === undefined || instrument === null) return [];
      return isPreSettlementSupplied(kept, side, instrument, book.positionsDay ?? '') ? suppliedPreSettlement(book, held) : [];
    },
    option(held) {
      const instrument = book.records.findInstrument(held.exchangeID, held.instrumentID);
      const row = instrument === null ? null : optionRowOf(instrument, book.tradingDay ?? '');
      if (row === null || !row.known) return [];
      const { outOfTheMoneyShare, floorShare, effectiveFrom, citation, certainty } = row.value;
      return [
        { subject: 'optionSeller', text: `outOfTheMoneyShare ${outOfTheMoneyShare}, floorShare ${floorShare}`, effectiveFrom, citation, certainty },
      ];
    },
  };
}

/** The row in force, and under a company row that leans on the exchange's that one too. */
function rateRules(
  book: Book,
  account: AccountRecord,
  held: Place & { productID: string },
  layer: 'company' | 'exchange',
  hedgeFlag: HedgeFlag,
): DerivationRule[] {
  const tradingDay = book.tradingDay ?? '';
  const { accountID } = account;
  const rowOf = (of: 'company' | 'exchange') => book.reference.marginRateRow(of, accountID, held, hedgeFlag, tradingDay);
  const investorGroupID = account.master?.investorGroupID;
  const saidOf = (row: MarginRate): string | null => {
    const { exchangeID, productID, instrumentID } = held;
    const said = book.reference.saidMarginRow({
      ...{ layer: row.layer, exchangeID, productID, instrumentID, hedgeFlag },
      ...{ accountID, investorGroupID, tradingDay },
    });
    return said.known ? ratesText(said.value) : null;
  };
  const own = rowOf(layer);
  if (!own.known) return [];
  const base = leansOnExchange(own.value) ? rowOf('exchange') : null;
  const rows = [own.value, ...(base?.known === true ? [base.value] : [])];
  return rows.map((row) => ({ ...ruleOf(row), ...suppliedRate(book, row, saidOf(row)) }));
}

const RATIOS = ['longMarginRatioByMoney', 'longMarginRatioByVolume', 'shortMarginRatioByMoney', 'shortMarginRatioByVolume'] as const;

function ruleOf(row: MarginRate): DerivationRule {
  const place = [row.exchangeID, row.instrumentID ?? row.productID].filter(Boolean).join('.');
  return {
    subject: [row.layer, row.hedgeFlag, place, row.investorRange, row.investorID].filter(Boolean).join(' '),
    text: ratesText(row),
    effectiveFrom: row.effectiveFrom,
    citation: row.citation,
    certainty: row.certainty,
  };
}

function ratesText(row: MarginRate): string {
  const amountsOf = (of: Pick<MarginRate, (typeof RATIOS)[number]>): string =>
    RATIOS.filter((name) => of[name] !== 0)
      .map((name) => `${name} ${of[name]}`)
      .join(', ');
  const above = row.aboveExchange === undefined ? '' : `, aboveExchange ${amountsOf(row.aboveExchange)}`;
  const times = row.ownTimes === undefined ? '' : `, ownTimes ${RATIOS.map((name) => `${name} ${row.ownTimes?.[name]}`).join(', ')}`;
  return `${row.isRelative ? 'isRelative ' : ''}${amountsOf(row)}${above}${times}`;
}
