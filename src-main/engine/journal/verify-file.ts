/** Verifies a journal file offline: reads every entry and every checkpoint there is, and says whether they tell one story. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { proveEntry } from '#engine/journal/prove-entry';
import { verifyText } from '#engine/journal/signing/ed25519';
import { CHECKPOINT_LOG } from '#engine/journal/witness-log';
import { stampTimeMs } from '#engine/store/files';
import { sha256, sha256Bytes } from '#engine/store/hash';
import { type JournalReader, openJournalReader } from '#engine/store/journal-reader';
import type { Sqlite } from '#engine/store/sqlite-module';
import { type AuditReport, RecordAudit, type Verdict } from '#shared/journal/audit';
import { type Checkpoint, readCheckpoint, readCheckpointLine } from '#shared/journal/checkpoint';
import { type EntryProof, faultOfProof } from '#shared/journal/entry-proof';
import { SealingCount, type SealingReport } from '#shared/journal/sealing-count';
import { checkpointStatement, readSignature } from '#shared/journal/signature';
import { type Witness, WitnessBook } from '#shared/journal/witness';

export type VerifyOrder = {
  sqlite: Sqlite;
  file: string;
  /** Copies of a witness file, kept elsewhere. */
  witnessFiles?: readonly string[];
  fingerprints?: readonly { sequence: number; prefix: string }[];
  /** The entry to prove, by its place in the file. */
  proofOf?: number | null;
};

export type FileReport = AuditReport & {
  sealing: SealingReport;
  file: string;
  /** What SQLite says against the file's structure although every entry may hold; null when sound or not looked at. */
  structureFault: string | null;
  /** A back-up was made at this time; checkpoints of later times do not show that its end is missing. */
  asOf: string | null;
  /** The record holds and the file is sound; a tail that nobody vouches for and an odd clock are no damage. */
  ok: boolean;
  /** Null when none was asked for, there is no such entry, or the file is too damaged for one. */
  proof: EntryProof | null;
};

/** Memory does not grow with the entries. Throws when the file or a witness file cannot be opened. */
export function verifyJournalFile(order: VerifyOrder): FileReport {
  const { file } = order;
  const reader = openJournalReader(order.sqlite, file);
  try {
    const signed: SignedCheckpoint[] = [];
    const book = gatherWitnesses(reader, order, signed);
    const asOf = backupTimeOf(file);
    const sealing = new SealingCount();
    const audit = new RecordAudit({ sha256, hashBytes: sha256Bytes, verify: verifyText, book, asOf });
    try {
      for (const row of reader.entries()) {
        if (!audit.take(row)) break;
        sealing.take(row);
      }
    } catch {
      audit.takeUnreadable();
    }
    judgeCheckpointSignatures(signed, audit);
    const report = audit.report();
    const structureFault = structureFaultOf(reader);
    const isDamaged = structureFault !== null || book.witnesses.some(({ kind, damagedCount }) => kind === 'file' && damagedCount > 0);
    const isContradicted = ['BROKEN_AT', 'FORKED', 'TRUNCATED'].includes(report.verdict);
    const proof = order.proofOf === undefined || order.proofOf === null ? null : proofFrom(reader, order.proofOf, book);
    return { ...report, sealing: sealing.report(), file, structureFault, asOf, ok: !isContradicted && !isDamaged, proof };
  } finally {
    reader.close();
  }
}

function proofFrom(reader: JournalReader, sequence: number, book: WitnessBook): EntryProof | null {
  try {
    return proveEntry(reader, sequence, book);
  } catch {
    return null;
  }
}

function structureFaultOf(reader: JournalReader): string | null {
  try {
    return reader.structureFault();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type SignedCheckpoint = { checkpoint: Checkpoint; witness: Witness };

/** One whose signature is not its device's is damaged, whatever it states. Another installation's keys may not be known here. */
function judgeCheckpointSignatures(signed: readonly SignedCheckpoint[], audit: RecordAudit): void {
  for (const { checkpoint, witness } of signed) {
    const signature = readSignature(checkpoint.signature ?? '');
    if (signature === null) continue;
    const mark = audit.keys.judgeDevice(signature, checkpointStatement(checkpoint.sum), checkpoint.device);
    const isKnownDevice = audit.keys.deviceKeyOf(checkpoint.device) !== null;
    if (mark === 'bad' || (mark === 'unknownKey' && isKnownDevice && witness.kind === 'file')) witness.damagedCount += 1;
  }
}

/** Everything stated about this file that can be found: in it, beside it, and what whoever verifies brought along. */
function gatherWitnesses(reader: JournalReader, order: VerifyOrder, signed: SignedCheckpoint[]): WitnessBook {
  const book = new WitnessBook();
  const inFile = book.open(basename(order.file), 'file');
  try {
    let place = 0;
    for (const row of reader.checkpoints()) {
      place += 1;
      const isSound = row.place === place && (row.signature === null || typeof row.signature === 'string');
      const checkpoint = isSound ? readCheckpoint(row, sha256) : null;
      book.add(inFile, checkpoint);
      if (checkpoint?.signature !== undefined) signed.push({ checkpoint, witness: inFile });
    }
  } catch {
    // The table itself cannot be read on: what it still holds is unknown.
    book.add(inFile, null);
  }
  const beside = besideOf(order.file);
  if (beside !== null) readBeside(beside, book);
  for (const path of order.witnessFiles ?? []) readWitnessFile(path, book, book.open(path, 'outside'));
  for (const { sequence, prefix } of order.fingerprints ?? []) book.addFingerprint(sequence, prefix);
  return book;
}

/** Not named by anybody, so that it may be unreadable: it then counts as damaged and refuses nothing. */
function readBeside(path: string, book: WitnessBook): void {
  const witness = book.open(path, 'beside');
  try {
    readWitnessFile(path, book, witness);
  } catch {
    book.add(witness, null);
  }
}

/** A back-up's witness file lies one folder up, beside the journal that it is of. */
function besideOf(file: string): string | null {
  const folder = dirname(file);
  const own = join(folder, CHECKPOINT_LOG);
  if (existsSync(own)) return own;
  const above = join(dirname(folder), CHECKPOINT_LOG);
  return basename(folder) === 'backups' && existsSync(above) ? above : null;
}

function backupTimeOf(file: string): string | null {
  const stamp = /^journal-(\d{8}T\d{9}Z)\.sqlite$/.exec(basename(file))?.[1];
  const atMs = stamp === undefined ? Number.NaN : stampTimeMs(stamp);
  return Number.isNaN(atMs) ? null : new Date(atMs).toISOString();
}

function readWitnessFile(path: string, book: WitnessBook, witness: Witness): void {
  for (const line of linesOf(path)) if (line.trim() !== '') book.add(witness, readCheckpointLine(line, sha256));
}

const CHUNK_BYTES = 65_536;
/** A checkpoint is about 330 characters; a longer line is none, and must not be gathered whole. */
const LONGEST_LINE = 4_096;

function* linesOf(path: string): Generator<string> {
  const handle = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest = '';
    for (;;) {
      const count = readSync(handle, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) break;
      const lines = (rest + decoder.write(chunk.subarray(0, count))).split('\n');
      rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(handle);
  }
}

/** What witnesses from outside say about the tree head that a proof leads to. */
export function judgeProof(proof: EntryProof, order: Pick<VerifyOrder, 'witnessFiles' | 'fingerprints'>): ProofReport {
  const { entry, size, root, treeSequence } = proof;
  const fault = faultOfProof(proof, sha256, sha256Bytes);
  if (fault !== null) return { verdict: 'BROKEN_AT', sequence: entry.sequence, reason: fault, vouchers: [] };
  const book = new WitnessBook();
  for (const path of order.witnessFiles ?? []) readWitnessFile(path, book, book.open(path, 'outside'));
  const statements = book.statementsAt(entry.device, size).map(({ root: stated, witnesses }) => ({ agrees: stated === root, witnesses }));
  const printed = (order.fingerprints ?? []).filter(({ sequence }) => sequence === treeSequence);
  const contradiction =
    statements.find(({ agrees }) => !agrees)?.witnesses[0]?.name ?? printed.find(({ prefix }) => !root.startsWith(prefix))?.prefix ?? null;
  if (contradiction !== null) return { verdict: 'FORKED', sequence: entry.sequence, reason: contradiction, vouchers: [] };
  const vouchers = [...statements.flatMap(({ witnesses }) => witnesses.map(({ name }) => name)), ...printed.map(({ prefix }) => prefix)];
  return { verdict: vouchers.length > 0 ? 'OK' : 'UNANCHORED_TAIL', sequence: entry.sequence, reason: null, vouchers };
}

/** `UNANCHORED_TAIL`: the proof holds in itself, and nothing that was brought along speaks of its tree head. `reason`: the fault, or the witness that contradicts. */
export type ProofReport = { verdict: Exclude<Verdict, 'TRUNCATED' | 'CLOCK_ANOMALY'>; sequence: number; reason: string | null; vouchers: string[] };
