/** Judges a record: recomputes chain and trees entry by entry and holds them against everything that witnesses stated. */
import { ChainChecker, type ChainedEntry, type ChainFault, type Sha256 } from '#shared/journal/chain';
import { fingerprintOf } from '#shared/journal/checkpoint';
import { type PublishedKey, PublishedKeys } from '#shared/journal/keys';
import { type HashBytes, TreeFrontier, TreeHasher } from '#shared/journal/merkle';
import { subjectKeyOf } from '#shared/journal/sealed';
import type { VerifySignature } from '#shared/journal/signature';
import type { Statement, Witness, WitnessBook } from '#shared/journal/witness';

/** An entry as it lies on disk; nothing of it is believed before it was checked, not even its types. */
export type AuditRow = ChainedEntry & { versionVector: string; batchOpId: string | null; signature: string | null };

/**
 * `fieldType`: a field is not of its type. `batch`: it names a command that did not begin before it. `causality`: it follows entries that stand after
 * it. `signature`: it is not its actor's. `signatureKey`: the record publishes no such key. `signatureMissing`: its actor's key was open, and it has none.
 */
export type AuditFault = ChainFault | 'fieldType' | 'batch' | 'causality' | 'signature' | 'signatureKey' | 'signatureMissing';

export type AuditFinding =
  | { verdict: 'BROKEN_AT'; sequence: number; reason: AuditFault }
  /** Two roots for the same size. What the witness and the record agree on ends at `agreedSize`; it was changed after that. */
  | { verdict: 'FORKED'; device: string; size: number; statedRoot: string; foundRoot: string; agreedSize: number; witness: string }
  /** The witness has more than the file holds. `device` is null for a printed fingerprint, whose sizes count the file's entries. */
  | { verdict: 'TRUNCATED'; device: string | null; witnessSize: number; heldSize: number; witness: string }
  | { verdict: 'UNANCHORED_TAIL'; count: number }
  | { verdict: 'CLOCK_ANOMALY'; count: number; firstSequence: number };

export type Verdict = 'OK' | AuditFinding['verdict'];

/** What the signatures of the entries that hold are worth, counted. */
export type SignatureReport = {
  valid: number;
  /** True, but made after their key was revoked: they count for the history and for nothing else. */
  disputed: number;
  firstDisputed: number | null;
  /** Bad ones, ones by unknown keys and missing ones: each a finding of its own kind, the first of which is named. */
  bad: number;
  /** Entries of a kind that is signed, by someone whose key was not open then. */
  unsigned: number;
  keys: PublishedKey[];
};

export type AuditedDevice = {
  device: string;
  size: number;
  /** RFC 6962 tree hash over its entry hashes, and the 12 characters of it that people copy. */
  root: string;
  fingerprint: string;
  head: string;
  /** Covered by a checkpoint that agrees: changing these would contradict it. */
  anchoredSize: number;
  /** The same counting only witnesses from outside. */
  witnessedSize: number;
};

export type AuditReport = {
  /** The gravest finding's. */
  verdict: Verdict;
  /** Gravest first. */
  findings: AuditFinding[];
  /** Entries that hold, counted from the first. */
  entryCount: number;
  headSequence: number;
  headHash: string | null;
  devices: AuditedDevice[];
  witnesses: readonly Witness[];
  clockAnomalies: number;
  /** Entries that tell of a restored journal: where a missing end may be explained. */
  restoredAt: number[];
  signatures: SignatureReport;
  /** Payloads that were destroyed on purpose; their entries hold. */
  destroyedPayloads: number;
};

/** Gravest first: what breaks the record, what contradicts it, what is missing of it, what nobody can vouch for, what is odd. */
const GRAVITY: readonly Verdict[] = ['BROKEN_AT', 'FORKED', 'TRUNCATED', 'UNANCHORED_TAIL', 'CLOCK_ANOMALY', 'OK'];

type DeviceState = { device: string; tree: TreeFrontier; head: string; anchoredSize: number; witnessedSize: number };

export class RecordAudit {
  readonly #book: WitnessBook;
  readonly #chain: ChainChecker;
  readonly #hasher: TreeHasher;
  readonly #devices = new Map<string, DeviceState>();
  readonly #findings: AuditFinding[] = [];
  readonly #contradicted = new Set<Witness>();
  readonly #restoredAt: number[] = [];
  /** Statements about later times do not show that an older copy lost its end. */
  readonly #asOf: string | null;
  readonly keys: PublishedKeys;
  readonly #signatures = { valid: 0, disputed: 0, firstDisputed: null as number | null, bad: 0, unsigned: 0 };
  /** How many payloads each person's or client's own key sealed. */
  readonly #sealedUnder = new Map<string, number>();
  #isChainBroken = false;
  #batchOpId: string | null = null;
  #headHash: string | null = null;

  constructor(parts: { sha256: Sha256; hashBytes: HashBytes; verify: VerifySignature; book: WitnessBook; asOf?: string | null }) {
    this.#book = parts.book;
    this.#chain = new ChainChecker(parts.sha256);
    this.#hasher = new TreeHasher(parts.hashBytes);
    this.#asOf = parts.asOf ?? null;
    this.keys = new PublishedKeys({ verify: parts.verify, sha256: parts.sha256 });
  }

  /** Takes the next entry of the file. False when it does not hold: what comes after it proves nothing, so no more need be taken. */
  take(row: AuditRow): boolean {
    const fault = this.#faultOf(row);
    if (fault !== null) return this.#broken(fault);
    this.#batchOpId = row.batchOpId;
    const state = this.#stateOf(row.device);
    state.tree.add(row.entryHash);
    state.head = row.entryHash;
    this.#headHash = row.entryHash;
    const sealedUnder = subjectKeyOf(row.payload);
    if (sealedUnder !== null) this.#sealedUnder.set(sealedUnder, (this.#sealedUnder.get(sealedUnder) ?? 0) + 1);
    this.#weighSignature(row);
    this.keys.take(row);
    if (row.type === 'desk.journalRestored') this.#restoredAt.push(row.sequence);
    const statements = this.#book.statementsAt(row.device, state.tree.size);
    const printed = this.#book.fingerprintsAt(row.sequence);
    if (statements.length > 0 || printed.length > 0) this.#compare(state, row.sequence, statements);
    return true;
  }

  /** The next entry cannot be read at all. */
  takeUnreadable(): void {
    this.#broken('unreadable');
  }

  report(): AuditReport {
    const findings = [...this.#findings];
    if (!this.#isChainBroken) {
      findings.push(...this.#missingEnds());
      const unanchored = [...this.#devices.values()].reduce((sum, { tree, anchoredSize }) => sum + tree.size - anchoredSize, 0);
      if (unanchored > 0) findings.push({ verdict: 'UNANCHORED_TAIL', count: unanchored });
    }
    const { clockAnomalies, firstClockAnomaly } = this.#chain;
    if (firstClockAnomaly !== null) findings.push({ verdict: 'CLOCK_ANOMALY', count: clockAnomalies, firstSequence: firstClockAnomaly });
    findings.sort((a, b) => GRAVITY.indexOf(a.verdict) - GRAVITY.indexOf(b.verdict));
    return {
      verdict: findings[0]?.verdict ?? 'OK',
      findings,
      entryCount: this.#chain.entryCount,
      headSequence: this.#chain.sequence,
      headHash: this.#headHash,
      devices: [...this.#devices.values()].map(({ device, tree, head, anchoredSize, witnessedSize }) => {
        const root = tree.root();
        return { device, size: tree.size, root, fingerprint: fingerprintOf(root), head, anchoredSize, witnessedSize };
      }),
      witnesses: this.#book.witnesses,
      clockAnomalies,
      restoredAt: this.#restoredAt,
      signatures: { ...this.#signatures, keys: this.keys.all() },
      destroyedPayloads: [...this.keys.destroyed].reduce((sum, keyId) => sum + (this.#sealedUnder.get(keyId) ?? 0), 0),
    };
  }

  /** A bad signature breaks nothing of the chain: what comes after it is still judged. */
  #weighSignature(row: AuditRow): void {
    const mark = this.keys.markOf(row);
    if (mark === 'valid' || mark === 'unsigned') this.#signatures[mark] += 1;
    else if (mark === 'revoked') {
      this.#signatures.disputed += 1;
      this.#signatures.firstDisputed ??= row.sequence;
    } else if (mark !== 'none') {
      this.#signatures.bad += 1;
      const reason = mark === 'missing' ? 'signatureMissing' : mark === 'bad' ? 'signature' : 'signatureKey';
      if (this.#signatures.bad === 1) this.#findings.push({ verdict: 'BROKEN_AT', sequence: row.sequence, reason });
    }
  }

  #broken(reason: AuditFault): false {
    this.#isChainBroken = true;
    // The place that does not hold: where an entry is missing, that is the gap and not the next entry that is there.
    this.#findings.push({ verdict: 'BROKEN_AT', sequence: this.#chain.sequence + 1, reason });
    return false;
  }

  #faultOf(row: AuditRow): AuditFault | null {
    if (!hasFieldTypes(row)) return 'fieldType';
    if (row.batchOpId !== null && row.batchOpId !== row.opId && row.batchOpId !== this.#batchOpId) return 'batch';
    // Before the chain takes the entry: what it took counts as held.
    if (!this.#followsWhatItSaw(row)) return 'causality';
    return this.#chain.checkAs(row, row.versionVector);
  }

  /** `versionVector` says how much of each device's record its writer had; all of that stands before it. */
  #followsWhatItSaw(row: AuditRow): boolean {
    // Nearly every journal is one device's, and then there is one way to write it.
    if (row.versionVector === `{"${row.device}":${row.deviceSeq}}`) return true;
    let seen: Record<string, number>;
    try {
      seen = JSON.parse(row.versionVector) as Record<string, number>;
    } catch {
      return false;
    }
    if (seen[row.device] !== row.deviceSeq) return false;
    return Object.entries(seen).every(([device, count]) => device === row.device || count <= (this.#devices.get(device)?.tree.size ?? 0));
  }

  #stateOf(device: string): DeviceState {
    let state = this.#devices.get(device);
    if (state === undefined) {
      state = { device, tree: new TreeFrontier(this.#hasher), head: '', anchoredSize: 0, witnessedSize: 0 };
      this.#devices.set(device, state);
    }
    return state;
  }

  #compare(state: DeviceState, sequence: number, statements: readonly Statement[]): void {
    const root = state.tree.root();
    for (const statement of statements) {
      const isSame = statement.root === root && statement.head === state.head;
      for (const witness of statement.witnesses) this.#hear(state, witness, isSame, statement.root, root);
    }
    for (const { prefix, witness } of this.#book.fingerprintsAt(sequence)) this.#hear(state, witness, root.startsWith(prefix), prefix, root);
  }

  #hear(state: DeviceState, witness: Witness, agrees: boolean, statedRoot: string, foundRoot: string): void {
    const { device, tree } = state;
    if (agrees) {
      witness.agreedSize = tree.size;
      state.anchoredSize = tree.size;
      if (witness.kind === 'outside') state.witnessedSize = tree.size;
      return;
    }
    // After a first contradiction every later one says the same.
    if (this.#contradicted.has(witness)) return;
    this.#contradicted.add(witness);
    const agreedSize = witness.agreedSize ?? 0;
    this.#findings.push({ verdict: 'FORKED', device, size: tree.size, statedRoot, foundRoot, agreedSize, witness: witness.name });
  }

  /** Statements about more than there is: the end is missing. Two that contradict each other there are a fork, whatever the file holds. */
  #missingEnds(): AuditFinding[] {
    const findings: AuditFinding[] = [];
    for (const device of this.#book.devices()) {
      const heldSize = this.#devices.get(device)?.tree.size ?? 0;
      let missing: { size: number; witness: string } | null = null;
      for (const size of this.#book.sizesOf(device)) {
        if (size <= heldSize) continue;
        const statements = this.#book.statementsAt(device, size);
        const [first, second] = statements;
        if (first !== undefined && second !== undefined && !findings.some((finding) => finding.verdict === 'FORKED')) {
          const { root: statedRoot } = second;
          const witness = second.witnesses.map(({ name }) => name).join(', ');
          findings.push({ verdict: 'FORKED', device, size, statedRoot, foundRoot: first.root, agreedSize: heldSize, witness });
        }
        const counted = statements.find(({ time }) => this.#asOf === null || time <= this.#asOf);
        if (counted !== undefined) missing = { size, witness: counted.witnesses.map(({ name }) => name).join(', ') };
      }
      if (missing !== null) findings.push({ verdict: 'TRUNCATED', device, witnessSize: missing.size, heldSize, witness: missing.witness });
    }
    for (const { sequence, witness } of this.#book.allFingerprints()) {
      const heldSize = this.#chain.sequence;
      if (sequence > heldSize) findings.push({ verdict: 'TRUNCATED', device: null, witnessSize: sequence, heldSize, witness: witness.name });
    }
    return findings;
  }
}

/** SQLite gives back what the bytes say: one changed bit can turn a text into bytes that still look the same when joined into a text. */
function hasFieldTypes(row: AuditRow): boolean {
  return (
    Number.isSafeInteger(row.sequence) &&
    Number.isSafeInteger(row.deviceSeq) &&
    typeof row.opId === 'string' &&
    (row.batchOpId === null || typeof row.batchOpId === 'string') &&
    typeof row.device === 'string' &&
    typeof row.actor === 'string' &&
    typeof row.session === 'string' &&
    (row.mode === 'live' || row.mode === 'drill') &&
    typeof row.type === 'string' &&
    typeof row.subject === 'string' &&
    typeof row.payload === 'string' &&
    typeof row.payloadHash === 'string' &&
    typeof row.versionVector === 'string' &&
    typeof row.hlc === 'string' &&
    typeof row.wallTime === 'string' &&
    typeof row.prevHash === 'string' &&
    typeof row.entryHash === 'string' &&
    (row.signature === null || typeof row.signature === 'string')
  );
}
