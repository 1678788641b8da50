/** Takes one account out of the book as the pure formulas want it, so that what-if, explanation and the full check all compute on the same inputs. */
import type { HedgeFlag } from '#shared/feed/items';
import { equityBeforePositions, heldBack } from '#shared/market/equity';
import { type Known, knownNumber, unknown } from '#shared/market/known';
import type { MarginRatePair } from '#shared/market/margin';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { holdsOptions, moneyRefusal } from '../accounts-money';
import type { Book } from '../book';
import { holdingProblem, isHeld } from '../holding-problem';
import type { AccountRecord, Holding } from '../things';
import { heldLots } from './held-lots';
import { sellerMarginPerLot, sellerTermsOf } from './option-seller';
import { pricedContract } from './priced-contract';

/** Why the lots of a holding cannot be believed, apart from any price. */
function lotsProblem(holding: Holding, lots: readonly HeldLot[]): Reason | null {
  if (!isHeld(holding)) return null;
  const isCostless = lots.some((lot) => lot.isToday && Number.isNaN(lot.openPrice));
  return holdingProblem(holding) ?? (isCostless ? reasonFor('noPositionCost', holding.instrument.label) : null);
}

function heldInstrument(book: Book, holding: Holding): HeldInstrument {
  const { instrument, account } = holding;
  const { label, master, exchangeID, productID, instrumentID } = instrument;
  const tradingDay = book.tradingDay ?? '';
  const contract = pricedContract(instrument, tradingDay);
  const lots = holding.sides.flatMap((side) => heldLots(holding, side, book.positionsDay ?? ''));
  const multiplier = knownNumber(master?.volumeMultiple, reasonFor('noMultiplier', label));
  const isOption = master?.productClass === 'option';
  const exclusion = book.reference.sides.exclusion(exchangeID, instrumentID, tradingDay);
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
    marks: contract.marks,
    lockedDays: contract.lockedDays,
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
    aggregation: book.reference.sides.aggregation(exchangeID, productID, tradingDay),
    ...(exclusion === undefined ? {} : { exclusion }),
  };
}

/** Equity before positions, unless the account's figures and its positions are of different trading days. */
function equityOf(book: Book, account: AccountRecord): Known<number> {
  const { counter } = account;
  const refusal = moneyRefusal(account);
  if (refusal !== null) return unknown(refusal);
  if (counter === null) return unknown('noAccount');
  if (!book.toldPositions.isToldOf(account)) return unknown('noPositions');
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
    ...(account.combinations === null || account.combinations.held.length === 0 ? {} : { combinations: account.combinations.held }),
    holdingsReason: book.toldPositions.isToldOf(account) ? null : 'noPositions',
    levels: book.levels,
  };
}
