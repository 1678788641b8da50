/** Gathers for one account what an explanation needs beside the model: where every input came from, and by which dated rows it was computed. */
import type { HedgeFlag, MarginRate } from '#shared/feed/items';
import type { DerivationRule, DerivationSource } from '#shared/market/explain/derivation';
import type { ExplainInputs } from '#shared/market/explain/explain-account';
import type { PositionSources } from '#shared/market/explain/positions';
import { frozenBy, isResting } from '#shared/market/frozen';
import { known, unknown } from '#shared/market/known';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { HeldInstrument } from '#shared/market/what-if/account-model';
import { valueAccount } from '#shared/market/what-if/value-account';
import type { Book } from '../book';
import type { AccountRecord, Holding } from '../things';
import { withdrawableOf, withdrawTerms } from '../views/counter-moment';
import { buildAccountModel } from './account-model';
import { chargedTrades, commissionRate, multiplierOf, sourceOf } from './charged-trades';
import { optionRowOf } from './option-seller';

export function explainInputs(book: Book, account: AccountRecord): ExplainInputs {
  const model = buildAccountModel(book, account);
  const { counter } = account;
  const withdraw = withdrawTerms(book, account);
  return {
    model,
    counter: { fields: counter?.item ?? {}, source: counter === null ? null : sourceOf(book, counter, 'accounts', counter.item.asOfMs) },
    masterSource: referenceSource(book, `account|${account.accountID}`),
    positions: positionSources(book, account),
    frozen: [...book.orders.items.byKey.values()]
      .filter(({ item }) => item.accountID === account.accountID && isResting(item))
      .map((kept) => ({ frozen: frozenOf(book, account, kept.item), source: sourceOf(book, kept, 'orders', kept.item.updateTimeMs) })),
    charged: chargedTrades(book, account),
    residual: account.residual === null ? unknown((account.residualReason ?? 'noAccount') as Reason) : known(account.residual),
    withdraw: { ...withdraw, quota: withdrawableOf(valueAccount(model).available, account, withdraw) },
  };
}

function referenceSource(book: Book, key: string): DerivationSource | null {
  const kept = book.reference.items.byKey.get(key);
  return kept === undefined ? null : sourceOf(book, kept, 'reference', kept.sourceTimeMs);
}

function holdingOf(account: AccountRecord, held: HeldInstrument): Holding | null {
  for (const holding of account.holdings.values())
    if (holding.instrument.exchangeID === held.exchangeID && holding.instrument.instrumentID === held.instrumentID) return holding;
  return null;
}

function positionSources(book: Book, account: AccountRecord): PositionSources {
  return {
    price(held) {
      const instrument = book.records.findInstrument(held.exchangeID, held.instrumentID);
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
    },
    reference: (held) => referenceSource(book, `instrument|${held.exchangeID}|${held.instrumentID}`),
    lot(held, lot) {
      const side = holdingOf(account, held)?.sides.find(({ direction, hedgeFlag }) => direction === lot.direction && hedgeFlag === lot.hedgeFlag);
      const detail = side?.lots.get(`${lot.openDate}|${lot.tradeID}`);
      const kept = detail ?? side?.slices.get(lot.isToday ? 'today' : 'history') ?? side?.slices.values()[0];
      return kept === undefined ? null : sourceOf(book, kept, 'positions', kept.item.asOfMs);
    },
    rates: (held, layer, hedgeFlag) => rateRules(book, account, held, layer, hedgeFlag),
    aggregation(held) {
      const row = book.reference.aggregationRow(held.exchangeID, held.productID, book.tradingDay ?? '');
      if (!row.known) return [];
      const { exchangeID, productID, method, effectiveFrom, citation, certainty } = row.value;
      return [{ subject: [exchangeID, productID].filter(Boolean).join('.'), text: method, effectiveFrom, citation, certainty }];
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

/** The row in force, and under a relative company row the exchange's that it is added to. */
function rateRules(book: Book, account: AccountRecord, held: HeldInstrument, layer: 'company' | 'exchange', hedgeFlag: HedgeFlag): DerivationRule[] {
  const rowOf = (of: 'company' | 'exchange') => book.reference.marginRateRow(of, account.accountID, held, hedgeFlag, book.tradingDay ?? '');
  const own = rowOf(layer);
  if (!own.known) return [];
  const base = own.value.isRelative && layer === 'company' ? rowOf('exchange') : null;
  return [own.value, ...(base?.known === true ? [base.value] : [])].map(ruleOf);
}

function ruleOf(row: MarginRate): DerivationRule {
  const place = [row.exchangeID, row.instrumentID ?? row.productID].filter(Boolean).join('.');
  const amounts = (['longMarginRatioByMoney', 'longMarginRatioByVolume', 'shortMarginRatioByMoney', 'shortMarginRatioByVolume'] as const)
    .filter((name) => row[name] !== 0)
    .map((name) => `${name} ${row[name]}`);
  return {
    subject: [row.layer, row.hedgeFlag, place, row.investorRange, row.investorID].filter(Boolean).join(' '),
    text: `${row.isRelative ? 'isRelative ' : ''}${amounts.join(', ')}`,
    effectiveFrom: row.effectiveFrom,
    citation: row.citation,
    certainty: row.certainty,
  };
}

function frozenOf(book: Book, account: AccountRecord, order: Parameters<typeof frozenBy>[0]): ReturnType<typeof frozenBy> {
  const { exchangeID, instrumentID, hedgeFlag } = order;
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  const noRate = unknown(reasonFor('noInstrument', `${exchangeID}.${instrumentID}`));
  return frozenBy(order, {
    marginRate: instrument === null ? noRate : book.reference.marginRate('company', account.accountID, instrument, hedgeFlag, book.tradingDay ?? ''),
    commissionRate: commissionRate(book, account, exchangeID, instrumentID),
    multiplier: multiplierOf(book, exchangeID, instrumentID),
  });
}
