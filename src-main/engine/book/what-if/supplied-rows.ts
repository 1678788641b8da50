/** Which of a figure's inputs the desk supplied itself, as the lines of a derivation that say so: by whom, agreed by whom, from which notice, and what the feed says instead. */
import type { OwnRow } from '#shared/desk/reference-rows/own-row';
import type { InstrumentField } from '#shared/desk/reference-rows/precedence';
import type { DerivationRule, SuppliedRow } from '#shared/market/explain/derivation';
import type { Book } from '../book';

type Place = { exchangeID: string; instrumentID: string };

/** `feedSays` are its figures as a person reads them; null where it says nothing. */
export function suppliedRow({ rowId, suppliedBy, approvedBy, suppliedAtMs, precedence }: OwnRow, feedSays: string | null): SuppliedRow {
  return { rowId, suppliedBy, approvedBy: [...approvedBy], suppliedAtMs, precedence, feedSays };
}

function ruleOf(row: OwnRow, subject: string, text: string, feedSays: string | null): DerivationRule {
  const { effectiveFrom, citation, certainty } = row.item;
  return { subject, text, effectiveFrom, citation, certainty, supplied: suppliedRow(row, feedSays) };
}

/** The desk's own row behind a field of a contract; none where the feed says it. */
export function suppliedContract(book: Book, { exchangeID, instrumentID }: Place, field: InstrumentField): DerivationRule[] {
  const merged = book.reference.contract(exchangeID, instrumentID, book.tradingDay ?? '');
  if (merged === null || merged.row === null || !merged.fields.has(field)) return [];
  const said = book.reference.items.byKey.get(`instrument|${exchangeID}|${instrumentID}`)?.item;
  const saidValue = said?.kind === 'instrument' ? said[field] : undefined;
  const feedSays = saidValue === undefined ? null : `${field} ${saidValue}`;
  return [ruleOf(merged.row, `${exchangeID}.${instrumentID}`, `${field} ${merged.instrument[field]}`, feedSays)];
}

/** The desk's own pre-settlement price of the day, where it is the one that is computed with. */
export function suppliedPreSettlement(book: Book, { exchangeID, instrumentID }: Place): DerivationRule[] {
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  const own = instrument?.preSettlement.own ?? null;
  if (instrument === null || own === null || own.item.kind !== 'preSettlement') return [];
  const said = instrument.quote?.preSettlementPrice;
  const feedSays = said === undefined ? null : `preSettlementPrice ${said}`;
  return [ruleOf(own, instrument.label, `preSettlementPrice ${own.item.preSettlementPrice}`, feedSays)];
}

/** Nothing where the row is the feed's. */
export function suppliedRate(book: Book, row: unknown, feedSays: string | null): Pick<DerivationRule, 'supplied'> {
  const own = book.reference.own.originOf(row);
  return own === null ? {} : { supplied: suppliedRow(own, feedSays) };
}
