/** `desk detect FILE`: runs every detector over a recording and prints what they found, why, and, given labels, how right they were. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { type CliIo, CliRefusal, EXIT } from '#cli/cli-io';
import { readInput } from '#cli/inputs';
import { parseOptions, pathFrom } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { type DetectorCoverage, DetectorRun } from '#engine/watch/detectors/detector-run';
import type { Finding } from '#engine/watch/detectors/finding';
import type { MessageFeeAccrual } from '#engine/watch/detectors/message-fee';
import { labelsFileSchema, type MisbehaviourLabel, type Score, scoreOf, tallyFindings } from '#engine/watch/detectors/scoring';
import { bundledThresholdRows, readThresholdRows, type ThresholdRow } from '#engine/watch/detectors/thresholds';
import { silentRowsOf } from '#shared/desk/rules/silent-settings';
import { unreadField } from '#shared/unread-field';

const optionsSchema = z.object({
  json: z.boolean().default(false),
  labels: z.string().min(1).optional(),
  thresholds: z.string().min(1).optional(),
});
const MOST_INPUT_BYTES = 64 * 1024 * 1024;
const SHOWN_FEES = 20;

/** Everything in it comes from the files: nothing of this machine or this moment. */
type DetectResult = {
  ok: boolean;
  recording: { name: string; source: string; origin: string; ending: string; refusedLines: number };
  coverage: DetectorCoverage;
  findings: Finding[];
  messageFees: MessageFeeAccrual[];
  scores?: Score[];
};

export const detectCommand: CliCommand = {
  name: 'detect',
  describe(command) {
    command
      .description('run the abnormal-trading detectors over a recording')
      .argument('<file>', 'a recording made by `desk record`, `desk import` or the app')
      .option('--labels <file>', 'labels of played misbehaviour (`demo.js --labels`): prints precision, recall and delay per detector')
      .option('--thresholds <file>', 'a threshold table instead of the bundled one');
  },
  async run(io, args, given) {
    const options = parseOptions(optionsSchema, given);
    const rows = options.thresholds === undefined ? bundledThresholdRows() : readTable(pathFrom(io, options.thresholds));
    const labels = options.labels === undefined ? null : readLabels(pathFrom(io, options.labels));
    const begunMs = performance.now();
    const result = await detectFile(pathFrom(io, args[0] ?? ''), rows, labels, io.interrupted);
    if (result === null) return EXIT.interrupted;
    const { events, orders, trades, quotes } = result.coverage;
    const seconds = (performance.now() - begunMs) / 1000;
    io.err(
      `${Math.round((orders + trades + quotes) / seconds).toLocaleString('en')} items/s, ${events} events in ${seconds.toFixed(2)} s on this machine`,
    );
    if (options.json) io.out(JSON.stringify(result));
    else print(result, io);
    return result.ok ? EXIT.ok : EXIT.findings;
  },
};

/** Null when it was interrupted. */
async function detectFile(
  file: string,
  rows: readonly ThresholdRow[],
  labels: readonly MisbehaviourLabel[] | null,
  interrupted: AbortSignal,
): Promise<DetectResult | null> {
  const opened = await RecordingReader.open(file);
  if (!opened.ok) throw new CliRefusal(EXIT.input, opened.message, opened.field);
  const reader = opened.value;
  const run = new DetectorRun(rows);
  const held = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  for await (const batch of reader.batches()) {
    if (interrupted.aborted) return null;
    for (const event of batch) {
      run.onEvent(event);
      if (event.type !== 'items' && event.type !== 'picture') continue;
      held.fromMs = Math.min(held.fromMs, event.sourceTimeMs);
      held.toMs = Math.max(held.toMs, event.sourceTimeMs);
    }
  }
  const ending = reader.ending?.kind ?? 'damaged';
  const findings = run.findings();
  return {
    ok: ending === 'complete' && reader.refusedLines === 0,
    recording: {
      name: basename(file),
      source: reader.header.source,
      origin: reader.header.origin,
      ending,
      refusedLines: reader.refusedLines,
    },
    coverage: run.coverage(),
    findings,
    messageFees: run.messageFees().slice(0, SHOWN_FEES),
    ...(labels === null ? {} : { scores: tallyFindings(findings, labels, rows, held).map(scoreOf) }),
  };
}

function readJson(file: string): unknown {
  const text = readInput(file, MOST_INPUT_BYTES, (name) => readFileSync(name, 'utf8'));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliRefusal(EXIT.input, `${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readLabels(file: string): MisbehaviourLabel[] {
  const parsed = labelsFileSchema.safeParse(readJson(file));
  if (parsed.success) return parsed.data.labels;
  throw new CliRefusal(EXIT.input, `${file} is not a labels file: ${issueOf(parsed.error)}`, 'labels');
}

function readTable(file: string): ThresholdRow[] {
  const json = readJson(file);
  try {
    const rows = readThresholdRows(json);
    const unread = unreadField(json, { ...(json as object), rows });
    if (unread !== null) throw new CliRefusal(EXIT.input, `${file} is not a threshold table: ${unread}: is no part of a row`, 'thresholds');
    const [silent] = silentRowsOf(rows);
    if (silent !== undefined) throw new CliRefusal(EXIT.input, `${file} is not a threshold table: ${silent.path}: ${silent.message}`, 'thresholds');
    return rows;
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new CliRefusal(EXIT.input, `${file} is not a threshold table: ${issueOf(error)}`, 'thresholds');
  }
}

function issueOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`;
}

const shownShare = (share: number | null): string => (share === null ? '-' : share.toFixed(3));
const shownTime = (timeMs: number): string => new Date(timeMs).toISOString();

function print(result: DetectResult, io: CliIo): void {
  const { recording, coverage, findings, messageFees, scores } = result;
  const counts = `${coverage.orders} orders, ${coverage.trades} trades, ${coverage.quotes} quotes`;
  io.out(`${recording.name} (${recording.source}): ${recording.ending}, trading days ${coverage.tradingDays.join(' ') || 'none'}; ${counts}`);
  if (recording.refusedLines > 0) io.out(`${recording.refusedLines} lines were refused`);
  if (coverage.unhealedGaps > 0) io.out(`${coverage.unhealedGaps} gaps were never filled: counts may be too low`);
  if (coverage.unknownCancels > 0) io.out(`${coverage.unknownCancels} cancels of which the source does not say whose they were`);
  for (const entry of coverage.unjudged) io.out(`not judged: ${entry.detector} ${entry.subject} (${entry.reason})`);
  io.out(`${findings.length} findings:`);
  for (const finding of findings) {
    const { ignore, warn, ban } = finding.thresholds;
    const accounts = finding.byAccount.map((row) => `${row.accountID} ${row.value}`).join(', ');
    const at = finding.reachedAtMs.ban ?? finding.reachedAtMs.warn ?? finding.reachedAtMs.ignore ?? finding.fromMs;
    io.out(
      `  ${shownTime(at)}  ${finding.rung}  ${finding.detector}  ${finding.customerID}  ${finding.instrumentID ?? finding.exchangeID ?? 'all'}` +
        `  ${finding.metric} ${finding.value} of ${ignore}/${warn}/${ban}  (${accounts})  ${finding.ruleId}, ${finding.certainty}`,
    );
  }
  const dear = messageFees.filter((fee) => fee.feeCny > 0);
  if (dear.length > 0) io.out('message fees run up so far (an estimate):');
  for (const fee of dear) io.out(`  ${fee.customerID}  ${fee.instrumentID}  ${fee.messages} messages  CNY ${fee.feeCny.toFixed(2)}`);
  if (scores === undefined) return;
  io.out('detector  expected found recall  right related wrong precision  delay in seconds (median, most)');
  for (const score of scores) {
    const delay = score.delaySeconds === null ? '-' : `${score.delaySeconds.median} ${score.delaySeconds.most}`;
    io.out(
      `  ${score.detector}  ${score.expected} ${score.found} ${shownShare(score.recall)}  ${score.right} ${score.related} ${score.wrong} ${shownShare(score.precision)}  ${delay}`,
    );
  }
}
