/** An imported settlement statement as it is written in the journal: what it was, its hash, its close and which of its figures do not follow. */
import { z } from 'zod';

const check = z.object({
  subject: z.string(),
  field: z.string(),
  line: z.number().nullable(),
  stated: z.number(),
  computed: z.number().nullable(),
  difference: z.number().nullable(),
  reason: z.string().optional(),
});

/** Lots of one contract and direction at the close, and the settlement price they were taken at. */
const statedPosition = z.object({
  exchangeID: z.string().max(16),
  instrumentID: z.string().max(64),
  direction: z.enum(['long', 'short']),
  volume: z.number(),
  settlementPrice: z.number(),
});
export type StatedPosition = z.infer<typeof statedPosition>;

export const importedStatementSchema = z.object({
  /** `client|date|basis`: a later import of the same replaces it. */
  statementId: z.string().max(200),
  clientID: z.string().max(64),
  clientName: z.string().max(400),
  date: z.string().regex(/^\d{8}$/),
  basis: z.enum(['mtm', 'trade']),
  currencyID: z.string().max(8),
  sha256: z.string(),
  checkCount: z.number(),
  disagreements: z.array(check),
  notRecomputed: z.number(),
  close: z.record(z.string(), z.number().nullable()),
  /** Absent in entries of before they were kept. */
  positions: z.array(statedPosition).optional(),
});
export type ImportedStatement = z.infer<typeof importedStatementSchema>;

export const statementEventSchema = z.object({
  type: z.literal('statement.imported'),
  payload: z.object({ statement: importedStatementSchema, atMs: z.number() }),
});
export type StatementEvent = z.infer<typeof statementEventSchema> & { subject: string };
