/** What a person may ask about reference data: what is in force, the desk's own rows, and supplying, changing or withdrawing one. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { ownRowDraftSchema } from '#shared/desk/reference-rows/own-row';
import type { Certainty } from '#shared/feed/items';

const reason = z.string().trim().min(1, 'a reason is needed').max(2000);
const rowId = z.string().min(1).max(64);
const baseVersion = z.number().int().min(1);
const rows = z.array(ownRowDraftSchema).min(1).max(500);
/** As much as a file of so many rows can need. */
const MOST_FILE_CHARACTERS = 1_000_000;

const who = { by: z.string(), approvedBy: z.array(z.string()), approvalId: z.string().nullable(), atMs: z.number(), reason: z.string() };
/** One figure that the feed has otherwise; `about` is the contract. */
const differenceSchema = z.object({
  about: z.string(),
  field: z.string(),
  own: z.union([z.number(), z.string()]),
  feed: z.union([z.number(), z.string()]),
});
/**
 * `inUse`: the feed says nothing and figures stand on it; `overrides`: it stands before what the feed says; `feedAgrees` and `feedDiffers`: the feed says it by
 * now, and is what counts.
 */
const standingSchema = z.object({
  use: z.enum(['later', 'ended', 'inUse', 'overrides', 'feedAgrees', 'feedDiffers']),
  differences: z.array(differenceSchema),
});
export type OwnRowStanding = z.infer<typeof standingSchema>;
export type OwnRowUse = OwnRowStanding['use'];

export const REFERENCE_ROW_REQUESTS = {
  /** Several at once are a file: one command, one approval, all of them or none. */
  'reference.supply': { payload: z.object({ rows, reason }), answer: z.object({ rowIds: z.array(rowId) }) },
  'reference.change': { payload: z.object({ rowId, baseVersion, row: ownRowDraftSchema, reason }), answer: z.object({ version: z.number() }) },
  'reference.withdraw': { payload: z.object({ rowId, baseVersion, reason }), answer: z.object({}) },
  /** How rows would stand to what the feed says now; nothing is kept. */
  'reference.preview': { payload: z.object({ rows }), answer: z.object({ standings: z.array(standingSchema) }) },
  /** What a file holds, with every refusal by line and field; nothing is kept. */
  'reference.readFile': {
    payload: z.object({ text: z.string().min(1).max(MOST_FILE_CHARACTERS) }),
    answer: z.object({
      rows: z.array(z.object({ line: z.number(), draft: ownRowDraftSchema })),
      refusals: z.array(z.object({ line: z.number(), field: z.string(), message: z.string() })),
    }),
  },
  'reference.get': {
    payload: z.object({ rowId }),
    answer: z.object({
      versions: z.array(z.object({ version: z.number(), draft: ownRowDraftSchema, before: ownRowDraftSchema.nullable(), ...who })),
      withdrawn: z.object(who).nullable(),
    }),
  },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;
export type OwnRowHistory = z.infer<(typeof REFERENCE_ROW_REQUESTS)['reference.get']['answer']>;

/** Rates name clients, and every figure of the firm stands on them: only for people who work with the whole of it. */
export const REFERENCE_ROW_ACCESS = {
  'reference.supply': { needs: 'reference.edit', approval: () => 'referenceRows' },
  'reference.change': { needs: 'reference.edit', approval: () => 'referenceRows' },
  'reference.withdraw': { needs: 'reference.edit', approval: () => 'referenceRows' },
  'reference.preview': { needs: 'reference.edit' },
  'reference.readFile': { needs: 'reference.edit' },
  'reference.get': { needs: 'monitor.view', alsoNeeds: () => 'account.view' },
} satisfies Record<keyof typeof REFERENCE_ROW_REQUESTS, AccessRule>;

export const REFERENCE_TABLES = ['instrument', 'marginRate', 'commissionRate', 'marginAggregation', 'bigSideExclusion', 'combinationMargin'] as const;
const referenceParamsSchema = z.object({ table: z.enum(REFERENCE_TABLES), filter: z.string().max(100) });
export type ReferenceParams = z.infer<typeof referenceParamsSchema>;

/** A row in force on the trading day, whoever says it. */
export type ReferenceRowView = {
  key: string;
  exchangeID: string;
  productID: string | null;
  instrumentID: string | null;
  /** Of rates; null for contracts and aggregation rules. */
  layer: 'exchange' | 'company' | null;
  investorRange: 'broker' | 'group' | 'investor' | null;
  investorID: string | null;
  hedgeFlag: string | null;
  /** The row's figures by field, in the feed protocol's words; what it leaves out is not there. */
  figures: Record<string, number | string | boolean>;
  effectiveFrom: string | null;
  citation: string;
  certainty: Certainty | null;
  /** Null for a row of the desk's own. */
  feedId: string | null;
  receivedAtMs: number | null;
  /** Of the desk's own: the whole row, or the named fields of a contract whose others the feed says. */
  own: { rowId: string; precedence: 'onlyWhereMissing' | 'insteadOf'; fields: string[] } | null;
  /** Bundled with the product, for where neither a feed nor the desk says. */
  isBundled: boolean;
  /** A row of the feed's whose place an own one takes, or an own one that the feed has made needless. */
  isUnused: boolean;
  /** What has to be there and is not. */
  missing: string[];
};

export type OwnRowView = {
  rowId: string;
  version: number;
  draft: z.infer<typeof ownRowDraftSchema>;
  by: string;
  approvedBy: string[];
  atMs: number;
  reason: string;
  /** Null once it was withdrawn. */
  standing: OwnRowStanding | null;
};

export type ReferencePicture = {
  tradingDay: string | null;
  /** Those that are not withdrawn first, each group newest first. */
  own: OwnRowView[];
  rows: ReferenceRowView[];
  /** How many there are; `rows` are at most so many as a page can show. */
  total: number;
  /** A recording is on screen: what is shown was in force then. */
  isReplay: boolean;
};

export const REFERENCE_ROW_STREAMS = { reference: referenceParamsSchema } satisfies Record<string, z.ZodType>;
export type PictureByReferenceRowStream = { reference: ReferencePicture };
export const REFERENCE_ROW_STREAM_ACCESS = {
  reference: { needs: 'monitor.view', alsoNeeds: () => 'account.view' },
} satisfies Record<keyof typeof REFERENCE_ROW_STREAMS, AccessRule>;
