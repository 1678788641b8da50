/** Takes one account out of the book as the pure formulas want it, so that what-if, explanation and the full check all compute on the same inputs. */
import type { HedgeFlag } from '#shared/feed/items';
import { equityBeforePositions, heldBack } from '#shared/market/equity';
import { type Known, knownNumber, unknown } from '#shared/market/known';
import { averagePricePerUnit, type MarginRatePair } from '#shared/market/margin';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { holdsOptions } from '../accounts-money';
import type { Book } from '../book';
import type { AccountRecord, Holding } from '../things';
import { lotVolume, sliceVolume } from '../valuation';
import { heldLots } from './held-lots';
import { sellerMarginPerLot, sellerTermsOf } from './option-seller';

/** Why the lots of a holding cannot be believed, apart from any price; valuation.ts judges the same for the kernel, written down there again. */
function lotsProblem(holding: Holding, lots: readonly HeldLot[]): Reason | null {
  const { master, label } = holding.instrument;
  const { account } = holding;
  if (!holding.sides.some((side) => side.lots.size > 0 || sliceVolume(side) > 0)) return null;
  if (master === null) return reasonFor('noInstrument', label);
  if (master.volumeMultiple === undefined) return reasonFor('noMultiplier', label);
  const currency = account.counter?.item.currencyID ?? account.master?.currencyID;
  if (currency !== undefined && currency !== master.currencyID) return reasonFor('currencyDiffers', label);
  if (holding.conflicts.size > 0) return reasonFor('lotTwice', label);
  const doesNotAddUp = holding.sides.some((side) => account.isByLots && side.slices.size > 0 && lotVolume(side) !== sliceVolume(side));
  if (doesNotAddUp) return reasonFor('lotsDoNotAddUp', label);
  return lots.some((lot) => lot.isToday && Number.isNaN(lot.openPrice)) ? reasonFor('noPositionCost', label) : null;
}

function heldInstrument(book: Book, holding: Holding): HeldInstrument {
  const { instrument, account } = holding;
  const { label, master, quote, exchangeID, productID, instrumentID } = instrument;
  const tradingDay = book.tradingDay ?? '';
  const lots = holding.sides.flatMap((side) => heldLots(holding, side, book.positionsDay ?? ''));
  const multiplier = knownNumber(master?.volumeMultiple, reasonFor('noMultiplier', label));
  const isOption = master?.productClass === 'option';
  const rates = (layer: 'company' | 'exchange'): Partial<Record<HedgeFlag, Known<MarginRatePair>>> =>
    Object.fromEntries(
      holding.sides.map(({ hedgeFlag }) => [hedgeFlag, book.reference.marginRate(layer, account.accountID, instrument, hedgeFlag, tradingDay)]),
    );
  const sellerMargins = (layer: 'company' | 'exchange'): Partial<Record<HedgeFlag, Known<number>>> =>
    Object.fromEntries(
      holding.sides.map(({ hedgeFlag }) => [hedgeFlag, sellerMarginPerLot(book.optionSource(), account.accountID, instrument, layer, hedgeFlag)]),
    );
  return {
    exchangeID,
    instrumentID,
    productID,
    isOption,
    multiplier,
    priceTick: knownNumber(master?.priceTick, reasonFor('field', 'priceTick')),
    maxLimitOrderVolume: master?.maxLimitOrderVolume ?? null,
    marks: {
      latest: knownNumber(quote?.lastPrice, reasonFor('noPrice', label)),
      preSettlement: knownNumber(quote?.preSettlementPrice, reasonFor('noPreSettlement', label)),
      average: averagePricePerUnit(quote?.averagePrice, quote?.lowestPrice, quote?.highestPrice, multiplier, label),
      settlement: knownNumber(quote?.settlementPrice, reasonFor('noSettlement', label)),
      upperLimit: knownNumber(quote?.upperLimitPrice, reasonFor('noPriceLimit', label)),
      lowerLimit: knownNumber(quote?.lowerLimitPrice, reasonFor('noPriceLimit', label)),
    },
    lots,
    lotsReason: lotsProblem(holding, lots),
    companyRate: isOption ? {} : rates('company'),
    exchangeRate: isOption ? {} : rates('exchange'),
    ...(isOption
      ? {
          sellerMargin: { company: sellerMargins('company'), exchange: sellerMargins('exchange') },
          sellerTerms: sellerTermsOf(
            book.optionSource(),
            account.accountID,
            instrument,
            holding.sides.map(({ hedgeFlag }) => hedgeFlag),
          ),
        }
      : {}),
    aggregation: book.reference.aggregation(exchangeID, productID, tradingDay),
  };
}

/** Equity before positions, unless the account's figures and its positions are of different trading days. */
function equityOf(book: Book, account: AccountRecord): Known<number> {
  const { counter } = account;
  if (counter === null) return unknown('noAccount');
  const isDayMixed = account.holdings.size > 0 && book.positionsDay !== null && counter.tradingDay !== book.positionsDay;
  return isDayMixed
    ? unknown(reasonFor('dayMixed', `${counter.tradingDay} ${book.positionsDay}`))
    : equityBeforePositions(counter.item, holdsOptions(account));
}

export function buildAccountModel(book: Book, account: AccountRecord): AccountModel {
  const { master, counter } = account;
  const fields = counter?.item ?? {};
  return {
    accountID: account.accountID,
    accountName: master?.accountName ?? '',
    departmentID: master?.departmentID ?? '',
    controlGroupID: book.reference.controlGroupOf(account.accountID),
    currencyID: counter?.item.currencyID ?? master?.currencyID ?? '',
    equityBeforePositions: equityOf(book, account),
    heldBack: heldBack(fields),
    closeProfit: knownNumber(counter?.item.closeProfit, reasonFor('field', 'closeProfit')),
    algorithm: master?.algorithm,
    availIncludeCloseProfit: master?.availIncludeCloseProfit,
    marginPriceType: master?.marginPriceType,
    holdings: [...account.holdings.values()]
      .map((holding) => heldInstrument(book, holding))
      .filter((held) => held.lots.length > 0 || held.lotsReason !== null),
    levels: book.levels,
  };
}
