/**
 * How the desk's own rows stand to the feed's. Three tiers, never mixed: a row given `insteadOf` takes the place of the feed's rows of its slot, the
 * ordinary rules (range, place, newest date) then choose; only where that answers nothing are the rows `onlyWhereMissing` asked, by the same rules
 * among themselves. So a feed's row never meets an own one of the same rank and date, and two rates for one date cannot arise between them.
 */
import type { BigSideExclusion, CombinationMargin, CommissionRate, Instrument, MarginAggregation, MarginRate } from '#shared/feed/items';
import type { Known } from '#shared/market/known';
import { reasonParts } from '#shared/market/reason';
import { isOwnInForce, type OwnItem, type OwnRow, slotOf } from './own-row';

export type RateRow = MarginRate | CommissionRate | MarginAggregation | BigSideExclusion | CombinationMargin;

/** Whether the feed says nothing that could be used: no row, or one that was refused for its values. Rows that contradict each other are not nothing. */
function isMissing(reason: string): boolean {
  const { code } = reasonParts(reason);
  return code === 'noRate' || code === 'rateRefused' || code === 'noAggregation' || code === 'noCombinationRule';
}

/** The own rows of one kind and precedence that are in force on the day. */
export function ownItemsOf<Kind extends OwnItem['kind']>(
  own: readonly OwnRow[],
  kind: Kind,
  precedence: OwnRow['precedence'],
  day: string,
): Extract<OwnItem, { kind: Kind }>[] {
  return own.flatMap((row) =>
    row.item.kind === kind && row.precedence === precedence && isOwnInForce(row.item, day) ? [row.item as Extract<OwnItem, { kind: Kind }>] : [],
  );
}

/** The feed's rows without those whose place an own row takes, and these own rows. `overriding` are in force on the day asked for. */
export function withOverrides<Row extends RateRow>(said: readonly Row[], overriding: readonly Row[]): readonly Row[] {
  if (overriding.length === 0) return said;
  const taken = new Set(overriding.map(slotOf));
  return [...said.filter((row) => !taken.has(slotOf(row))), ...overriding];
}

/** One question: the first tier that answers it. `first` are the feed's rows with the overrides; what they say stands where the last tier says nothing either. */
export function chooseRow<Row extends RateRow>(
  first: readonly Row[],
  standIns: readonly Row[],
  select: (rows: readonly Row[]) => Known<Row>,
): Known<Row> {
  const said = select(first);
  if (said.known || standIns.length === 0 || !isMissing(said.reason)) return said;
  const standIn = select(standIns);
  return standIn.known ? standIn : said;
}

export type OwnInstrument = Extract<OwnItem, { kind: 'instrument' }>;
export type InstrumentField = keyof Instrument;

/** What says which contract it is and from when an own row holds: no figure comes from it. */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  ...['kind', 'exchangeID', 'instrumentID', 'instrumentName'],
  ...['effectiveFrom', 'effectiveTo', 'citation', 'certainty'],
]);

export function statedFields(item: OwnInstrument): InstrumentField[] {
  return (Object.keys(item) as InstrumentField[]).filter((field) => !NOT_COMPARED.has(field) && item[field] !== undefined);
}

/** Of the own rows about one contract the one that began last. */
export function newestOf(rows: readonly OwnRow[]): OwnRow | null {
  let newest: OwnRow | null = null;
  for (const row of rows) if (newest === null || row.item.effectiveFrom > newest.item.effectiveFrom) newest = row;
  return newest;
}

export type MergedInstrument = { instrument: Instrument; row: OwnRow | null; fields: ReadonlySet<InstrumentField> };

/** A contract field by field: the feed's, filled up by the own row or, `insteadOf`, replaced in what that row states. `fields` are those that come from it. */
export function mergeInstrument(said: Instrument | null, row: OwnRow | null): MergedInstrument | null {
  if (row === null || row.item.kind !== 'instrument') return said === null ? null : { instrument: said, row: null, fields: new Set() };
  const { effectiveFrom: _from, effectiveTo: _to, citation: _citation, certainty: _certainty, ...own } = row.item;
  const stated = statedFields(row.item);
  if (said === null) return { instrument: own, row, fields: new Set(stated) };
  const fields = new Set(stated.filter((field) => said[field] === undefined || (row.precedence === 'insteadOf' && said[field] !== own[field])));
  const taken = Object.fromEntries([...fields].map((field) => [field, own[field]]));
  return { instrument: { ...said, ...taken }, row: fields.size === 0 ? null : row, fields };
}
