/**
 * Streams and requests of the numbers a supervisor signs: explanations, stress, distance to a level, budget, worklists, limits, value at risk, settlement
 * statements and exports. Their shapes are in the files beside this one. Merged into STREAMS and REQUESTS; parameters are parsed by the engine, pictures are typed here. Null is unknown.
 */
import { z } from 'zod';
import {
  type AccountBudget,
  type AccountHistory,
  type AccountInverse,
  type AccountStress,
  type DistancePicture,
  distanceParamsSchema,
  type Explanation,
  explainedFieldSchema,
  type FigureSet,
  lockedDaysSchema,
} from '#shared/contract/numbers-account';
import { type ExportMade, exportParamsSchema, type StatementComparison, type StatementView, type WorklistView } from '#shared/contract/numbers-desk';
import { type LimitsPicture, limitsParamsSchema } from '#shared/contract/numbers-limits';
import { key, note, requiredNote } from '#shared/contract/numbers-parts';
import { type ScenarioView, type StressPicture, stressParamsSchema, type VarAnswer, varParamsSchema } from '#shared/contract/numbers-stress';
import type { LockedLimitRow } from '#shared/market/what-if/locked-limits';
import { scenarioSchema } from '#shared/market/what-if/scenario';
import { type SkippedLot, type WorklistLine, worklistRulesSchema } from '#shared/market/what-if/worklist';

export const NUMBERS_STREAMS = {
  stress: stressParamsSchema,
  distance: distanceParamsSchema,
  limits: limitsParamsSchema,
  scenarios: z.object({}),
  worklists: z.object({ accountID: key.optional() }),
} satisfies Record<string, z.ZodType>;

export type PictureByNumbersStream = {
  stress: StressPicture;
  distance: DistancePicture;
  limits: LimitsPicture;
  /** With the rows in force or not by which exchanges widen limits after locked days. */
  scenarios: { scenarios: ScenarioView[]; lockedLimits: readonly LockedLimitRow[] };
  worklists: { worklists: WorklistView[] };
};

const accountID = key;
const worklistId = z.uuid();
/** Given by hand in place of the account's own commission rates, in its currency; null reckons with those. */
const feePerLot = z.number().min(0).max(1e6).nullable().default(null);
/** Saving under the id of a saved scenario makes its next version; without an id a new one begins. */
const draftSchema = scenarioSchema.omit({ scenarioId: true, version: true }).extend({ scenarioId: key.optional() });
export type ScenarioDraft = z.input<typeof draftSchema>;

export const NUMBERS_REQUESTS = {
  'explain.account': { payload: z.object({ accountID, field: explainedFieldSchema }), answer: z.custom<Explanation>() },

  'scenario.list': { payload: z.object({}), answer: z.custom<{ scenarios: ScenarioView[] }>() },
  'scenario.save': { payload: z.object({ scenario: draftSchema, note: note.default('') }), answer: z.custom<ScenarioView>() },
  'scenario.remove': { payload: z.object({ scenarioId: key, reason: requiredNote }), answer: z.object({}) },
  'stress.account': {
    payload: z.object({ accountID, scenarioId: key.optional(), draft: draftSchema.optional() }),
    answer: z.custom<AccountStress>(),
  },

  'inverse.account': { payload: z.object({ accountID, days: lockedDaysSchema.default(3) }), answer: z.custom<AccountInverse>() },
  'budget.account': { payload: z.object({ accountID }), answer: z.custom<AccountBudget>() },

  /** What a list would say, without recording anything. */
  'worklist.preview': {
    payload: z.object({ accountID, rules: worklistRulesSchema, feePerLot }),
    answer: z.custom<WorklistPreview>(),
  },
  /** Records the list as a request for people to act on. Nothing is sent anywhere. */
  'worklist.make': {
    payload: z.object({
      accountID,
      rules: worklistRulesSchema,
      feePerLot,
      note: note.default(''),
      /** How long it holds at most; null until its trading day is over. */
      validForMinutes: z.number().int().min(1).max(1440).nullable().default(null),
      /** A second person on the spot, who agreed to exactly this. */
      confirmationId: z.uuid().optional(),
    }),
    answer: z.custom<WorklistView>(),
  },
  'worklist.get': { payload: z.object({ worklistId }), answer: z.custom<WorklistView>() },
  'worklist.export': {
    payload: z.object({
      worklistId,
      format: z.enum(['csv', 'xlsx']),
      headings: exportParamsSchema.shape.headings,
      words: exportParamsSchema.shape.words,
    }),
    answer: z.custom<{ worklist: WorklistView; made: ExportMade }>(),
  },
  'worklist.withdraw': { payload: z.object({ worklistId, reason: requiredNote }), answer: z.custom<WorklistView>() },

  'var.compute': { payload: varParamsSchema, answer: z.custom<VarAnswer>() },
  /** A CSV of daily settlement prices: `date,exchangeID,instrumentID,settlementPrice`. A malformed line refuses the file and names the line. */
  'prices.import': {
    payload: z.object({ path: z.string().max(1000).optional(), text: z.string().max(20_000_000).optional() }),
    answer: z.object({ days: z.number(), prices: z.number(), sha256: z.string() }),
  },

  'statement.import': {
    payload: z.object({ path: z.string().max(1000).optional(), text: z.string().max(50_000_000).optional() }),
    answer: z.custom<StatementView>(),
  },
  'statement.list': { payload: z.object({ clientID: key.optional() }), answer: z.custom<{ statements: StatementView[] }>() },
  'statement.compare': { payload: z.object({ statementId: key }), answer: z.custom<StatementComparison>() },

  'account.history': { payload: z.object({ accountID }), answer: z.custom<AccountHistory>() },
  'export.table': { payload: exportParamsSchema, answer: z.custom<ExportMade>() },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export type WorklistPreview =
  | { kind: 'unknown'; reason: string }
  | { kind: 'notNeeded'; before: FigureSet }
  | {
      kind: 'list';
      isEnough: boolean;
      lines: WorklistLine[];
      skipped: SkippedLot[];
      before: FigureSet;
      after: FigureSet;
      fee: number | null;
      feeReason: string | null;
    };

export type NumbersRequestName = keyof typeof NUMBERS_REQUESTS;
