/** The dated, cited threshold rows that detectors judge by: what an exchange or a firm calls too much is data, and every finding names its row. */
import { z } from 'zod';
import { type DetectorName, type Exemption, judgeAlike, type ThresholdRow, thresholdRowSchema } from '#shared/desk/rules/threshold-row';
import bundledRows from '../../../../resources/rules/detector-thresholds.json' with { type: 'json' };

export type { DetectorName, Exemption, ThresholdRow };

const thresholdTableSchema = z
  .object({ schema: z.literal('floorwatch-detector-thresholds/1'), about: z.string().optional(), rows: z.array(thresholdRowSchema).max(2000) })
  .refine((table) => new Set(table.rows.map((row) => row.ruleId)).size === table.rows.length, { message: 'two rows share an id', path: ['rows'] });

/** Parses a threshold table; throws with field and reason. */
export function readThresholdRows(value: unknown): ThresholdRow[] {
  return thresholdTableSchema.parse(value).rows;
}

export function bundledThresholdRows(): ThresholdRow[] {
  return readThresholdRows(bundledRows);
}

/** `exchangeID` null asks for a rule over all exchanges. */
export type RuleSubject = { exchangeID: string | null; productID: string | null; instrumentID: string | null };

/** How exactly a row names the subject: instrument before product before exchange before all; -1 when it is about something else. */
function closeness(row: ThresholdRow, subject: RuleSubject): number {
  if (row.exchangeID === '*') return subject.exchangeID !== null && row.notOnExchanges.includes(subject.exchangeID) ? -1 : 0;
  if (row.exchangeID !== subject.exchangeID) return -1;
  if (row.instrumentID !== undefined) return row.instrumentID === subject.instrumentID ? 3 : -1;
  if (row.productID !== undefined) return row.productID === subject.productID ? 2 : -1;
  return 1;
}

type RowFound = { row: ThresholdRow; reason: null } | { row: null; reason: 'NO_THRESHOLD' | 'CONTRADICTING_THRESHOLDS' };

/**
 * The row in force for a subject on a trading day: the closest one, of equals the latest. Where nobody has set a threshold there is none, and where two
 * of equal closeness and day say different things there is none either: which of them is meant is not for the program to choose.
 */
export function findRow(rows: readonly ThresholdRow[], detector: DetectorName, subject: RuleSubject, tradingDay: string): RowFound {
  let best: ThresholdRow | null = null;
  let bestCloseness = -1;
  let isContradicted = false;
  for (const row of rows) {
    if (row.detector !== detector || row.effectiveFrom > tradingDay || (row.effectiveTo !== undefined && row.effectiveTo < tradingDay)) continue;
    const close = closeness(row, subject);
    if (close < 0 || close < bestCloseness) continue;
    if (close === bestCloseness && best !== null && best.effectiveFrom >= row.effectiveFrom) {
      if (best.effectiveFrom === row.effectiveFrom && !judgeAlike(best, row)) isContradicted = true;
      continue;
    }
    best = row;
    bestCloseness = close;
    isContradicted = false;
  }
  if (best === null) return { row: null, reason: 'NO_THRESHOLD' };
  return isContradicted ? { row: null, reason: 'CONTRADICTING_THRESHOLDS' } : { row: best, reason: null };
}

/** A row's own number: one that is missing is a fault of the table, found when the row is first used. */
export function rowParameter(row: ThresholdRow, name: string): number {
  const value = row.parameters[name];
  if (value === undefined) throw new Error(`threshold row ${row.ruleId}: parameter ${name} is missing`);
  return value;
}
