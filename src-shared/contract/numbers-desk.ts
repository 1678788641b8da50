/** What people make of the numbers: liquidation worklists, imported settlement statements, exported files. Null is unknown. */
import { z } from 'zod';
import { distanceParamsSchema, explainedFieldSchema, type FigureSet, lockedDaysSchema } from '#shared/contract/numbers-account';
import { filter, key, numbersScopeSchema, sort } from '#shared/contract/numbers-parts';
import { stressParamsSchema, varParamsSchema } from '#shared/contract/numbers-stress';
import type { StatedPosition } from '#shared/desk/statements/events';
import type { ReopenCause } from '#shared/desk/worklists/events';
import type { StatementCheck } from '#shared/market/statement/check-rows';
import type { SkippedLot, WorklistLine, WorklistRules } from '#shared/market/what-if/worklist';

export type WorklistState = 'made' | 'reopened' | 'exported' | 'withdrawn';
export type WorklistView = {
  worklistId: string;
  accountID: string;
  accountName: string;
  state: WorklistState;
  rules: WorklistRules;
  /** Given by hand; null where the account's own commission rates were reckoned with. */
  feePerLot: number | null;
  /** What the closes cost in all; null with the reason where it is not known. Both absent in lists made before rates were reckoned with. */
  fee?: number | null | undefined;
  feeReason?: string | null | undefined;
  madeBy: string;
  madeAtMs: number;
  marketAsOfMs: number | null;
  accountAsOfMs: number | null;
  /** SHA-256 over the account's inputs as they stood: equal inputs give an equal list. */
  inputsHash: string;
  isEnough: boolean;
  lines: WorklistLine[];
  skipped: SkippedLot[];
  before: FigureSet;
  after: FigureSet;
  note: string;
  /** From when on it holds no longer by itself; null or absent until its trading day is over. */
  expiresAtMs?: number | null | undefined;
  /** Who confirmed it at the same screen; null where one person made it alone. Absent in what was folded before there was a second person. */
  confirmedBy?: string | null | undefined;
  /** Why it no longer holds: what came in or went out after it was made, or that its time is over. */
  reopened: { atMs: number; cause: ReopenCause; detail: string } | null;
  exported: { atMs: number; by: string; file: string; sha256: string } | null;
  withdrawn: { atMs: number; by: string; reason: string } | null;
};

export type StatementView = {
  statementId: string;
  clientID: string;
  clientName: string;
  date: string;
  basis: 'mtm' | 'trade';
  currencyID: string;
  sha256: string;
  importedBy: string;
  importedAtMs: number;
  checkCount: number;
  disagreements: StatementCheck[];
  notRecomputed: number;
  /** The account's close as stated, in the names of the account's own fields. */
  close: Record<string, number | null>;
  /** Absent where the entry is of before they were kept. */
  positions?: StatedPosition[] | undefined;
};
/** `relation` says how the statement's day stands to the book's: only its own day and the one before can be compared. */
export type StatementComparison = {
  statement: StatementView;
  accountID: string;
  relation: 'sameDay' | 'dayBefore' | 'otherDay' | 'noAccount';
  fields: { field: string; stated: number | null; ours: number | null; counter: number | null; residual: number | null; reason: string | null }[];
  /** Of the day before: the morning's lots and yesterday's settlement price. Of the same day: the lots of now and the day's settlement price. */
  positions: {
    exchangeID: string;
    instrumentID: string;
    direction: 'long' | 'short';
    statedVolume: number;
    volume: number | null;
    statedPrice: number | null;
    price: number | null;
    reason: string | null;
  }[];
};

export const exportNameSchema = z.enum([
  'accounts',
  'positions',
  'lots',
  'orders',
  'trades',
  'quotes',
  'stress',
  'stressSummary',
  'distance',
  'limits',
  'heavy',
  'largeTraders',
  'worklist',
  /** Of the account that the scope names. */
  'accountFigures',
  'inverse',
  'budget',
  'history',
  /** Imported statements; one of them beside our figures; value at risk; where one figure of the account that the scope names comes from. */
  'statements',
  'statementComparison',
  'valueAtRisk',
  'explanation',
]);
export type ExportName = z.infer<typeof exportNameSchema>;

export const exportParamsSchema = z.object({
  table: exportNameSchema,
  format: z.enum(['csv', 'xlsx']),
  /** A file name without folder: exports go to the data folder's exports/. Left out, one is made. */
  file: z
    .string()
    .regex(/^[\p{L}\p{N} ._-]{1,100}$/u, 'letters, digits, spaces, dots, dashes')
    .refine((name) => !name.startsWith('.') && !name.includes('..'), 'must not begin with a dot')
    .optional(),
  scope: numbersScopeSchema.default({}),
  filter: filter.default(''),
  sort: sort.default(null),
  /** The stress matrix or the ranking to export; left out, the percent ladder and the distance to call. */
  stress: stressParamsSchema.optional(),
  distance: distanceParamsSchema.optional(),
  /** Of the safe range with one product after another. */
  lockedDays: lockedDaysSchema.default(3),
  limitsBy: z.enum(['account', 'controlGroup']).default('controlGroup'),
  worklistId: key.optional(),
  statementId: key.optional(),
  /** Whose value at risk, at which confidence and horizon. */
  of: varParamsSchema.optional(),
  figure: explainedFieldSchema.optional(),
  /** Headings by column, in the language of the page; a column without one is headed by its field name. */
  headings: z.record(z.string().max(64), z.string().max(200)).default({}),
  /** What codes in cells are called in the language of the page, by `field.code`; a code without a word stands as it is. */
  words: z.record(z.string().max(80), z.string().max(200)).default({}),
});
export type ExportParams = z.infer<typeof exportParamsSchema>;
export type ExportMade = { file: string; path: string; sha256: string; rowCount: number; bytes: number };
