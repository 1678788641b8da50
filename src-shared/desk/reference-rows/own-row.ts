/** A reference row that the desk itself supplies where its source leaves one out: in the form of the feed protocol, with who vouches for it. */

import { z } from 'zod';
import { isCalendarDay } from '#shared/calendar-day';
import {
  bigSideExclusionSchema,
  combinationMarginSchema,
  commissionRateSchema,
  exchangeIDSchema,
  instrumentSchema,
  marginAggregationSchema,
  marginRateSchema,
  type ReferenceItem,
  SENTINEL_LIMIT,
  sourcedFields,
} from '#shared/feed/items';

/** A contract as the feed's instrument row has it; what it leaves out is not said. It is dated, which a feed's row is not. */
const ownInstrumentSchema = instrumentSchema.extend(sourcedFields);

/** The pre-settlement price of one trading day, which is its `effectiveFrom`. */
const ownPreSettlementSchema = z.object({
  kind: z.literal('preSettlement'),
  exchangeID: exchangeIDSchema,
  instrumentID: z.string().min(1).max(64),
  preSettlementPrice: z.number().gt(0, 'must be above zero').lt(SENTINEL_LIMIT),
  ...sourcedFields,
});

const anyItemSchema = z.discriminatedUnion('kind', [
  ownInstrumentSchema,
  marginRateSchema,
  commissionRateSchema,
  marginAggregationSchema,
  bigSideExclusionSchema,
  combinationMarginSchema,
  ownPreSettlementSchema,
]);
export type OwnItem = z.infer<typeof anyItemSchema>;
export type OwnKind = OwnItem['kind'];
export const OWN_KINDS = [
  ...(['instrument', 'marginRate', 'commissionRate', 'marginAggregation', 'bigSideExclusion', 'combinationMargin', 'preSettlement'] as const),
] as const satisfies readonly OwnKind[];

type Fault = { field: string; message: string };

/** What is not of the form is refused for that already. */
function isNoDay(day: string): boolean {
  return /^\d{8}$/.test(day) && !isCalendarDay(day);
}

/** What no schema of one field says: a row of the desk's own is held to more than a source's, since a person can be asked again at once. */
function faultsOf(item: OwnItem): Fault[] {
  const faults: Fault[] = [];
  const fault = (field: string, message: string): void => void faults.push({ field, message });
  for (const field of ['effectiveFrom', 'effectiveTo'] as const)
    if (item[field] !== undefined && isNoDay(item[field])) fault(field, 'is no day of the calendar');
  if (item.kind === 'instrument' && item.expireDate !== undefined && isNoDay(item.expireDate)) fault('expireDate', 'is no day of the calendar');
  if (item.citation.trim() === '') fault('citation', 'the notice it is taken from is needed');
  if (item.effectiveTo !== undefined && item.effectiveTo < item.effectiveFrom) fault('effectiveTo', 'is before effectiveFrom');
  if (item.kind === 'preSettlement' && item.effectiveTo !== undefined && item.effectiveTo !== item.effectiveFrom)
    fault('effectiveTo', 'a pre-settlement price is of one day');
  if (item.kind !== 'marginRate' && item.kind !== 'commissionRate') return faults;
  if (item.investorRange === 'broker' && item.investorID !== undefined) fault('investorID', 'a row for the whole broker names no investor');
  if (item.investorRange !== 'broker' && item.investorID === undefined) fault('investorID', 'is needed for this range');
  if (item.kind === 'marginRate' && item.layer === 'exchange' && item.isRelative) fault('isRelative', "an exchange's rate is not an addend");
  const isAddend = item.kind === 'marginRate' && item.isRelative;
  for (const [field, value] of Object.entries(item)) {
    if (typeof value !== 'number') continue;
    if (value < 0 && !isAddend) fault(field, 'must not be negative');
    if (field.endsWith('ByMoney') && Math.abs(value) > 1) fault(field, 'is a share of the value: 0.12 for 12 %');
  }
  return faults;
}

export const ownItemSchema = anyItemSchema.superRefine((item, context) => {
  for (const { field, message } of faultsOf(item)) context.addIssue({ code: 'custom', path: [field], message });
});

/** `onlyWhereMissing` never stands before anything the feed says; `insteadOf` stands before the feed's row about the same thing, and shows as an override. */
export const precedenceSchema = z.enum(['onlyWhereMissing', 'insteadOf']);
export type Precedence = z.infer<typeof precedenceSchema>;

export const ownRowDraftSchema = z.object({ item: ownItemSchema, precedence: precedenceSchema });
export type OwnRowDraft = z.infer<typeof ownRowDraftSchema>;

/** The row as the book takes it: with who stands for it, so that a figure can say so. */
export const ownRowSchema = ownRowDraftSchema.extend({
  rowId: z.string().min(1).max(64),
  version: z.number().int().min(1),
  suppliedBy: z.string().max(64),
  approvedBy: z.array(z.string().max(64)),
  suppliedAtMs: z.number(),
});
export type OwnRow = z.infer<typeof ownRowSchema>;

function placeOf({ productID, instrumentID }: { productID?: string | undefined; instrumentID?: string | undefined }): string {
  return instrumentID !== undefined ? `=${instrumentID}` : productID !== undefined ? `~${productID}` : '';
}

/**
 * What a row is about, whatever its date: two rows of one slot answer the same questions with the same rank, so that of them only one may be in
 * force on a day. Null for kinds that the desk does not supply.
 */
export function slotOf(item: OwnItem | ReferenceItem): string | null {
  switch (item.kind) {
    case 'instrument':
    case 'preSettlement':
    case 'bigSideExclusion':
      return `${item.kind}|${item.exchangeID}|${item.instrumentID}`;
    case 'marginAggregation':
      return `${item.kind}|${item.exchangeID}|${item.productID ?? ''}`;
    case 'combinationMargin':
      return `${item.kind}|${item.exchangeID}|${item.combinationKind ?? ''}`;
    case 'marginRate':
      return `${item.kind}|${item.layer}|${rangeOf(item)}|${item.exchangeID}|${placeOf(item)}|${item.hedgeFlag}`;
    case 'commissionRate':
      return `${item.kind}|${rangeOf(item)}|${item.exchangeID}|${placeOf(item)}`;
    default:
      return null;
  }
}

function rangeOf({ investorRange, investorID }: { investorRange: string; investorID?: string | undefined }): string {
  return investorRange === 'broker' ? investorRange : `${investorRange} ${investorID ?? ''}`;
}

/** The slot with the day it begins: what no two rows of the desk's own may share. */
export function slotAndDayOf(item: OwnItem): string {
  return `${slotOf(item) ?? ''}|${item.effectiveFrom}`;
}

export function isOwnInForce(item: OwnItem, day: string): boolean {
  if (item.kind === 'preSettlement') return item.effectiveFrom === day;
  return item.effectiveFrom <= day && (item.effectiveTo === undefined || day <= item.effectiveTo);
}
