/** `desk reconcile SNAPSHOT.json`: a counter snapshot beside our own figures, line by line, computed from its lots, marks, multipliers and rates. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { readInput, reconcileTables } from '#cli/inputs';
import { parseOptions, pathFrom } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { type Comparison, type Reconciliation, reconcile } from '#shared/market/counter/reconcile';
import { counterSnapshotSchema } from '#shared/market/counter/snapshot';
import { refuseSchemaIssue } from '#shared/refusal';

const optionsSchema = z.object({ json: z.boolean().default(false), strict: z.boolean().default(false) });
const MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024;

export const reconcileCommand: CliCommand = {
  name: 'reconcile',
  describe(command) {
    command
      .description('recompute a counter snapshot from its lots, marks, multipliers and rates, and show what differs')
      .argument('<snapshot>', 'a snapshot file (docs/counter-snapshot.md)')
      .option('--strict', `exit with ${EXIT.findings} when a residual is not zero or a figure is unknown`);
  },
  run(io, args, given) {
    const options = parseOptions(optionsSchema, given);
    const file = pathFrom(io, args[0] ?? '');
    const text = readInput(file, MAX_SNAPSHOT_BYTES, (path) => readFileSync(path, 'utf8'));
    const result = reconcile(parseSnapshot(file, text), reconcileTables());
    if (options.json) io.out(JSON.stringify(result));
    else for (const line of report(result)) io.out(line);
    return Promise.resolve(options.strict && differences(result).length > 0 ? EXIT.findings : EXIT.ok);
  },
};

function parseSnapshot(file: string, text: string): z.infer<typeof counterSnapshotSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (fault) {
    throw new CliRefusal(EXIT.input, `${file} is not JSON: ${fault instanceof Error ? fault.message : String(fault)}`, 'file');
  }
  const parsed = counterSnapshotSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const refusal = refuseSchemaIssue(parsed.error);
  throw new CliRefusal(EXIT.input, `${file}: ${refusal.message}`, refusal.field || 'file');
}

type Line = { subject: string; field: string; comparison: Comparison };

function linesOf(result: Reconciliation): Line[] {
  const account = Object.entries(result.account).map(([field, comparison]) => ({ subject: 'account', field, comparison }));
  const rows = result.positions.flatMap((row) =>
    Object.entries(row).flatMap(([field, value]) =>
      typeof value === 'object' && value !== null
        ? [{ subject: `${row.exchange}.${row.instrument} ${row.direction}`, field, comparison: value }]
        : [],
    ),
  );
  return [...account, ...rows];
}

function differences(result: Reconciliation): Line[] {
  return linesOf(result).filter(({ comparison }) => comparison.residual !== 0);
}

function report(result: Reconciliation): string[] {
  const lines = linesOf(result);
  const differing = differences(result);
  const summary = `${lines.length} figures of ${result.tradingDay} recomputed, ${differing.length} differ, skew ${result.skew ?? 'unknown'}`;
  const details = differing.map(({ subject, field, comparison: { counter, ours, residual, reason } }) =>
    ours === null
      ? `  ${subject} ${field}: counter ${counter}, ours unknown (${reason ?? ''})`
      : `  ${subject} ${field}: counter ${counter}, ours ${ours}, residual ${residual ?? ''}`,
  );
  return [summary, ...details];
}
