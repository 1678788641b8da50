/** `desk verify FILE`: proves a journal or a back-up from its entries alone, holds it against every witness there is, and proves single entries. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type CliIo, CliRefusal, EXIT, type ExitCode } from '#cli/cli-io';
import { numberOption, parseOptions, pathFrom } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { type FileReport, judgeProof, type ProofReport, verifyJournalFile } from '#engine/journal/verify-file';
import { loadSqlite } from '#engine/store/sqlite-module';
import type { AuditFinding } from '#shared/journal/audit';
import { type EntryProof, entryProofSchema } from '#shared/journal/entry-proof';

/** More would only be the same file named again. */
const MOST_WITNESSES = 30;
/** A proof is a few kilobytes and its entry's payload. */
const LARGEST_PROOF_BYTES = 16_000_000;

const optionsSchema = z.object({
  json: z.boolean().default(false),
  strict: z.boolean().default(false),
  witness: z.array(z.string()).max(MOST_WITNESSES).default([]),
  fingerprint: z
    .array(
      z
        .string()
        .regex(/^[1-9]\d{0,15}:[0-9a-fA-F]{12,64}$/, 'must be ENTRIES:FINGERPRINT, as printed, for example 1234:9f86d081884c')
        .transform((text) => ({ sequence: Number(text.slice(0, text.indexOf(':'))), prefix: text.slice(text.indexOf(':') + 1).toLowerCase() })),
    )
    .max(MOST_WITNESSES)
    .default([]),
  proof: numberOption.pipe(z.number().int('must be a whole number').min(1)).optional(),
});
type VerifyOptions = z.infer<typeof optionsSchema>;

const gather = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export const verifyCommand: CliCommand = {
  name: 'verify',
  describe(command) {
    command
      .description('prove a journal, a back-up or the proof of one entry')
      .argument('<file>', 'journal.sqlite, a back-up of it, the data folder that holds it, or a proof that --proof printed')
      .option('--witness <file>', 'a copy of checkpoints.log that was kept elsewhere; may be given several times', gather)
      .option('--fingerprint <entries:hex>', 'a printed fingerprint with the number of entries beside it; may be given several times', gather)
      .option('--proof <entry>', 'also print the proof that this entry, by its number, is in the record')
      .option('--strict', 'end with code 4 also when entries are covered by no checkpoint, signatures are disputed, or the wall clock ran backwards');
  },
  run(io, args, given) {
    const options = parseOptions(optionsSchema, given);
    const named = pathFrom(io, args[0] ?? '');
    const file = existsSync(join(named, 'journal.sqlite')) ? join(named, 'journal.sqlite') : named;
    const order = { witnessFiles: options.witness.map((path) => pathFrom(io, path)), fingerprints: options.fingerprint };
    for (const path of [file, ...order.witnessFiles]) if (!existsSync(path)) throw new CliRefusal(EXIT.input, `there is no file ${path}`);
    const proof = readProof(file);
    return Promise.resolve(proof === null ? verifyFile(io, file, options, order) : verifyProof(io, file, proof, options, order));
  },
};

type WitnessOrder = { witnessFiles: string[]; fingerprints: VerifyOptions['fingerprint'] };

function verifyFile(io: CliIo, file: string, options: VerifyOptions, order: WitnessOrder): ExitCode {
  const sqlite = loadSqlite({ isPackaged: false, modulePath: io.environment.FLOORWATCH_SQLITE_MODULE ?? null });
  let report: FileReport;
  try {
    report = verifyJournalFile({ sqlite, file, ...order, proofOf: options.proof ?? null });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliRefusal(EXIT.input, `${file} cannot be read as a journal: ${reason}. If an engine has it open, verify a back-up instead.`);
  }
  const { ok, verdict, proof, ...rest } = report;
  const isInOrder = ok && (!options.strict || (verdict === 'OK' && report.signatures.disputed === 0));
  if (options.json) io.out(JSON.stringify({ ok: isInOrder, verdict, ...rest, ...(options.proof === undefined ? {} : { proof }) }));
  else sayReport(io, report, options);
  if (options.proof !== undefined && proof === null) {
    if (!options.json) io.err(`desk: entry ${options.proof} cannot be proved: it is not there, or the file is damaged`);
    return EXIT.findings;
  }
  return isInOrder ? EXIT.ok : EXIT.findings;
}

function verifyProof(io: CliIo, file: string, proof: EntryProof, options: VerifyOptions, order: WitnessOrder): ExitCode {
  const report = judgeProof(proof, order);
  const isInOrder = report.verdict === 'OK' || (report.verdict === 'UNANCHORED_TAIL' && !options.strict);
  const { entry, size, root, treeSequence } = proof;
  const head = { device: entry.device, size, root, fingerprint: `${treeSequence}:${root.slice(0, 12)}` };
  if (options.json) io.out(JSON.stringify({ ok: isInOrder, file, ...report, ...head }));
  else io.out(`${file}: ${wordsOfProof(report, proof)}`);
  return isInOrder ? EXIT.ok : EXIT.findings;
}

function wordsOfProof({ verdict, reason, vouchers }: ProofReport, { entry, treeSequence, root }: EntryProof): string {
  const about = `entry ${entry.sequence} (${entry.type} by ${entry.actor}, ${entry.wallTime})`;
  const head = `${treeSequence}:${root.slice(0, 12)}`;
  if (verdict === 'BROKEN_AT') return `BROKEN: ${about} is not what its proof says (${reason})`;
  if (verdict === 'FORKED') return `FORKED: ${about} leads to fingerprint ${head}, and ${reason} says otherwise`;
  if (verdict === 'OK') return `OK: ${about} is in the record with fingerprint ${head}, for which ${vouchers.join(', ')} vouches`;
  return `UNANCHORED: ${about} leads to fingerprint ${head}; compare it with one that was printed, or name a witness`;
}

function sayReport(io: CliIo, report: FileReport, options: VerifyOptions): void {
  const { file, verdict, entryCount, headHash, devices, witnesses, findings, structureFault, restoredAt, asOf } = report;
  io.out(`${file}: ${verdict}, ${entryCount} entries hold, head ${headHash?.slice(0, 12) ?? '(empty)'}`);
  for (const finding of findings) io.out(`  ${wordsOf(finding)}`);
  io.out(`  ${wordsOfSealing(report.sealing)}`);
  if (restoredAt.length > 0) io.out(`  entries that tell of a restored journal: ${restoredAt.slice(0, 10).join(', ')}`);
  if (structureFault !== null) io.out(`  the file itself is damaged: ${structureFault}`);
  if (asOf !== null) io.out(`  a back-up of ${asOf}: checkpoints of later times say nothing about its end`);
  sayMarks(io, report);
  for (const { device, size, fingerprint, anchoredSize, witnessedSize } of devices)
    io.out(`  device ${device}: ${size} entries, fingerprint ${fingerprint}; checkpoints cover ${anchoredSize}, outside witnesses ${witnessedSize}`);
  for (const { name, kind, checkpointCount, damagedCount, agreedSize } of witnesses)
    io.out(`  ${kind} ${name}: ${checkpointCount} checkpoints, ${damagedCount} unreadable, agrees up to ${agreedSize ?? 'nothing'}`);
  if (report.proof !== null && options.proof !== undefined) io.out(JSON.stringify(report.proof));
}

function sayMarks(io: CliIo, { signatures, destroyedPayloads }: FileReport): void {
  const { valid, disputed, firstDisputed, bad, unsigned, keys } = signatures;
  const people = new Set(keys.flatMap(({ personId }) => personId ?? []));
  io.out(
    `  signatures: ${valid} valid, ${disputed} disputed, ${bad} bad, ${unsigned} left unsigned; ${keys.length} keys of ${people.size} people and the devices`,
  );
  if (firstDisputed !== null)
    io.out(`  disputed: signed with a key that had been revoked, first at entry ${firstDisputed}; they count for the history and for nothing else`);
  if (destroyedPayloads > 0) io.out(`  ${destroyedPayloads} payloads were destroyed on purpose; their entries hold`);
}

/** How many of them can never be read again is said with the marks. */
function wordsOfSealing({ sealed, plain }: FileReport['sealing']): string {
  return `${sealed} entries are sealed, ${plain} stand in clear`;
}

function wordsOf(finding: AuditFinding): string {
  switch (finding.verdict) {
    case 'BROKEN_AT':
      return `BROKEN_AT ${finding.sequence}: entry ${finding.sequence} does not hold (${finding.reason})`;
    case 'FORKED':
      return (
        `FORKED: at ${finding.size} entries ${finding.witness} has root ${finding.statedRoot.slice(0, 12)}, and here it is ${finding.foundRoot.slice(0, 12)}; ` +
        `they agree up to ${finding.agreedSize}`
      );
    case 'TRUNCATED':
      return `TRUNCATED: ${finding.witness} has ${finding.witnessSize} entries, here are ${finding.heldSize}`;
    case 'UNANCHORED_TAIL':
      return `UNANCHORED_TAIL ${finding.count}: no checkpoint covers the last ${finding.count} entries`;
    case 'CLOCK_ANOMALY':
      return `CLOCK_ANOMALY: the wall clock ran backwards ${finding.count} times, first at entry ${finding.firstSequence}; the order rests on the chain`;
  }
}

/** A proof is JSON and a journal is SQLite's; the first byte tells them apart. The line that `--json` printed is taken as well. */
function readProof(file: string): EntryProof | null {
  if (!statSync(file).isFile() || firstByteOf(file) !== '{') return null;
  if (statSync(file).size > LARGEST_PROOF_BYTES) throw new CliRefusal(EXIT.input, `${file} is too large for the proof of one entry`);
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new CliRefusal(EXIT.input, `${file} is neither a journal nor the proof of an entry`);
  }
  const inner = typeof given === 'object' && given !== null && 'proof' in given ? given.proof : given;
  const parsed = entryProofSchema.safeParse(inner);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CliRefusal(EXIT.input, `${file} is not the proof of an entry: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`);
}

function firstByteOf(file: string): string {
  const byte = Buffer.alloc(1);
  const handle = openSync(file, 'r');
  try {
    return readSync(handle, byte, 0, 1, 0) === 1 ? byte.toString('latin1') : '';
  } finally {
    closeSync(handle);
  }
}
