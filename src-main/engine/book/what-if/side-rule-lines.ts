/** The dated rows by which sides and combinations make a margin, as lines of a derivation. */
import type { DerivationRule } from '#shared/market/explain/derivation';
import { combinationKindOf } from '#shared/market/side-rules';
import type { HeldInstrument } from '#shared/market/what-if/account-model';
import type { HeldCombination } from '#shared/market/what-if/combinations';
import type { Book } from '../book';
import { suppliedRate } from './supplied-rows';

/** How a holding's sides add up: by the rule of its product, or by the row that takes it out of its product's larger side. */
export function sideRules(book: Book, held: HeldInstrument): DerivationRule[] {
  if (held.exclusion !== undefined) return exclusionRules(book, held);
  const { sides } = book.reference;
  const row = sides.aggregationRow(held.exchangeID, held.productID, book.tradingDay ?? '');
  if (!row.known) return [];
  const { exchangeID, productID, method, effectiveFrom, citation, certainty } = row.value;
  const said = sides.saidAggregationRow(held.exchangeID, held.productID, book.tradingDay ?? '');
  const supplied = suppliedRate(book, row.value, said.known ? said.value.method : null);
  return [{ subject: [exchangeID, productID].filter(Boolean).join('.'), text: method, effectiveFrom, citation, certainty, ...supplied }];
}

function exclusionRules(book: Book, { exchangeID, instrumentID }: HeldInstrument): DerivationRule[] {
  const { sides } = book.reference;
  const row = sides.exclusionRow(exchangeID, instrumentID, book.tradingDay ?? '');
  if (!row.known) return [];
  const said = sides.saidExclusionRow(exchangeID, instrumentID, book.tradingDay ?? '');
  const { countedAs, effectiveFrom, citation, certainty } = row.value;
  const supplied = suppliedRate(book, row.value, said.known ? said.value.countedAs : null);
  return [{ subject: `${exchangeID}.${instrumentID}`, text: `outOfBigSide ${countedAs}`, effectiveFrom, citation, certainty, ...supplied }];
}

/** How the legs of a combination of its kind make its margin. */
export function combinationRules(book: Book, { exchangeID, combInstrumentID }: HeldCombination): DerivationRule[] {
  const { sides } = book.reference;
  const row = sides.combinationRow(exchangeID, combInstrumentID, book.tradingDay ?? '');
  if (!row.known) return [];
  const said = sides.saidCombinationRow(exchangeID, combinationKindOf(combInstrumentID), book.tradingDay ?? '');
  const { combinationKind, legMargin, effectiveFrom, citation, certainty } = row.value;
  const supplied = suppliedRate(book, row.value, said.known ? said.value.legMargin : null);
  return [{ subject: [exchangeID, combinationKind].filter(Boolean).join('.'), text: legMargin, effectiveFrom, citation, certainty, ...supplied }];
}
