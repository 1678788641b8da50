/** What a refused item was about: what it would have replaced is not the truth any more, although nothing is known in its place. */
import { z } from 'zod';
import type { StreamName } from '#shared/feed/items';

/** The fields that name a thing; nothing else of a refused item is believed. */
const NAMING_FIELDS = [
  'kind',
  'accountID',
  'exchangeID',
  'instrumentID',
  'productID',
  'posiDirection',
  'direction',
  'hedgeFlag',
  'positionDate',
  'openDate',
  'tradeID',
  'comTradeID',
  'combInstrumentID',
  'combinationKind',
  'layer',
  'investorRange',
  'investorID',
  'sessionID',
  'controlGroupID',
  'from',
  'effectiveFrom',
  'effectiveTo',
] as const;
type NamingField = (typeof NAMING_FIELDS)[number];

const name = z.string().min(1).max(64);

/** `field` is the one that did not fit; `about` are the names that could be read, perhaps none. */
export const refusedItemSchema = z.object({ field: z.string().max(64), about: z.partialRecord(z.enum(NAMING_FIELDS), name) });
export type RefusedItem = z.infer<typeof refusedItemSchema>;

/** Streams that say states: refusing one leaves an older one standing. A refused happening (order, trade, money) replaces nothing. */
const STREAMS_OF_STATES: ReadonlySet<StreamName> = new Set(['reference', 'quotes', 'accounts', 'positions']);

/** The refused item as the book needs it; null where nothing would have been replaced, or where it names nothing. Never throws for data. */
export function refusedItem(stream: StreamName, field: string, value: unknown): RefusedItem | null {
  if (!STREAMS_OF_STATES.has(stream) || typeof value !== 'object' || value === null) return null;
  const about: Partial<Record<NamingField, string>> = {};
  let isNamed = false;
  for (const named of NAMING_FIELDS) {
    const said = (value as Record<string, unknown>)[named];
    if (typeof said !== 'string' || said.length === 0 || said.length > 64) continue;
    about[named] = said;
    isNamed = true;
  }
  return isNamed ? { field: field.slice(0, 64), about } : null;
}
