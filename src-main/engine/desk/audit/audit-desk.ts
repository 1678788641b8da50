/** Lets an auditor read the record: search it, look at one entry with what it changed and what proves it, and take evidence away. */
import type { Clock } from '#engine/clock';
import { aboutOf } from '#engine/desk/audit/entry-about';
import { type BundleMade, type BundleParts, writeBundle } from '#engine/desk/audit/evidence-bundle';
import { type FoundFingerprint, findFingerprint } from '#engine/desk/audit/find-fingerprint';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import { proveEntry } from '#engine/journal/prove-entry';
import { type SigningKeys, signedRowOf } from '#engine/journal/signing/signing-keys';
import { sha256 } from '#engine/store/hash';
import type { JournalFile } from '#engine/store/journal-file';
import { readsOf } from '#engine/store/journal-reader';
import type { EntryFilter } from '#engine/store/journal-rows';
import type { AUDIT_REQUESTS, AuditDetail, AuditEntry, AuditFilter, AuditPicture } from '#shared/contract/audit';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import { type Checkpoint, fingerprintOf, readCheckpoint } from '#shared/journal/checkpoint';
import { markOfConfirmation } from '#shared/journal/confirmed';
import type { StoredEntry } from '#shared/journal/entry';
import { DESTROYED_TEXT } from '#shared/journal/sealed';
import { readSignature } from '#shared/journal/signature';
import { WitnessBook } from '#shared/journal/witness';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type AuditDeskParts = {
  recorder: Recorder;
  file: JournalFile;
  signing: SigningKeys;
  clock: Clock;
  /** Empty where the book knows none. */
  accountName: (accountID: string) => string;
  /** Where exports are written. */
  folder: string;
  /** Files that go into every bundle: how to read and how to verify it. */
  bundleFolder: string;
};

/** One search reads at most so many entries: the thread that reads them also computes risk. */
const SEARCHED_AT_ONCE = 20_000;
const READ_AT_ONCE = 500;
const HISTORY = 100;
/** A proof hashes the device's whole record; a longer one is proved by `desk verify --proof`, beside the desk. */
const LONGEST_PROOF = 200_000;
const MOST_EXPORTED = 50_000;

export class AuditDesk {
  readonly #parts: AuditDeskParts;
  readonly requests: HandlersOf<keyof typeof AUDIT_REQUESTS>;

  constructor(parts: AuditDeskParts) {
    this.#parts = parts;
    this.requests = {
      'audit.query': ({ filter, before, limit }) => accept(this.#query(filter, before, limit)),
      'audit.entry': ({ sequence }) => this.#detail(sequence),
      'audit.prove': ({ sequence }) => this.#prove(sequence),
      'audit.findFingerprint': ({ fingerprint }) => this.#findFingerprint(fingerprint),
      'audit.export': (payload) => this.#export(payload),
    };
  }

  picture(): AuditPicture {
    const { journal } = this.#parts.recorder;
    const { device, size, root, fingerprint } = journal.treeHead();
    const checkpoint = this.#newestCheckpoint();
    const keys = this.#parts.signing.published.all();
    return { headSequence: journal.headSequence, device, size, root, fingerprint, checkpoint, keys };
  }

  #query(filter: AuditFilter, before: number | null, limit: number): RequestAnswer<'audit.query'> {
    const to = Math.min(before === null ? Number.MAX_SAFE_INTEGER : before - 1, this.#parts.recorder.journal.headSequence);
    const from = Math.max(1, to - SEARCHED_AT_ONCE + 1);
    const found: StoredEntry[] = [];
    let searchedFrom = to + 1;
    // Page by page: with a text to look for, every payload has to be opened, and most may not fit.
    while (found.length < limit && searchedFrom > from) {
      const wanted = filter.text === undefined ? limit - found.length : READ_AT_ONCE;
      const rows = this.#parts.file.rows.matching(columnsOf(filter), from, searchedFrom - 1, wanted);
      for (const row of rows) {
        searchedFrom = row.sequence;
        if (hasText(row, filter.text)) found.push(row);
        if (found.length === limit) break;
      }
      if (rows.length < wanted && found.length < limit) searchedFrom = from;
    }
    return { entries: found.map((entry) => this.#shown(entry)), nextBefore: searchedFrom <= 1 ? null : searchedFrom, searchedFrom };
  }

  #detail(sequence: number): Outcome<AuditDetail> {
    const entry = this.#entryAt(sequence);
    if (entry === null) return refuse('UNKNOWN', `there is no entry ${sequence}`, 'sequence');
    const { journal } = this.#parts.recorder;
    const about = journal.entriesOf(entry.subject);
    const at = about.findIndex((each) => each.sequence === sequence);
    const before = at > 0 ? (about[at - 1] ?? null) : null;
    const around = about.slice(Math.max(0, at - HISTORY / 2), at + HISTORY / 2);
    return accept({
      entry: this.#shown(entry),
      mark: this.#markOf(entry),
      keyId: entry.signature === undefined ? null : (readSignature(entry.signature)?.keyId ?? null),
      prevHash: entry.prevHash,
      payloadHash: entry.payloadHash,
      hlc: entry.hlc,
      change: changeOf(entry, before),
      history: around.map((each) => ({ sequence: each.sequence, type: each.type, actor: each.actor, wallTime: each.wallTime })),
    });
  }

  /** By today's keys: an entry signed before its key was revoked is still valid, one signed after is disputed. */
  #markOf(entry: StoredEntry): AuditDetail['mark'] {
    const mark = this.#parts.signing.published.markOf(signedRowOf(entry));
    // Whether a key was open when this was written is known only to whoever reads the record from its beginning.
    if (mark === 'missing' || mark === 'unsigned' || mark === 'none') {
      const confirmed =
        entry.payload === DESTROYED_TEXT ? null : markOfConfirmation(entry.type, entry.payload, this.#parts.signing.published, sha256);
      if (confirmed !== null) return confirmed === 'valid' ? 'confirmed' : confirmed;
      return mark === 'missing' ? 'unsigned' : mark;
    }
    if (mark !== 'revoked') return mark;
    const keyId = readSignature(entry.signature ?? '')?.keyId ?? '';
    const revokedAt = this.#parts.signing.published.find(keyId)?.revokedAt ?? 0;
    return entry.sequence < revokedAt ? 'valid' : 'revoked';
  }

  #prove(sequence: number): Outcome<RequestAnswer<'audit.prove'>> {
    const { file, recorder } = this.#parts;
    const { device, size } = recorder.journal.treeHead();
    if (size > LONGEST_PROOF)
      return recorder.refused(
        'audit.prove',
        refuse('UNAVAILABLE', `the record is too long to prove an entry at the desk: desk verify --proof ${sequence}`),
      );
    const book = new WitnessBook();
    const inFile = book.open(device, 'file');
    for (const checkpoint of this.#checkpoints()) book.add(inFile, checkpoint);
    const proof = proveEntry(readsOf(file.database), sequence, book);
    if (proof === null) return recorder.refused('audit.prove', refuse('UNKNOWN', `entry ${sequence} cannot be proved`, 'sequence'));
    return accept({ proof, fingerprint: `${proof.treeSequence}:${fingerprintOf(proof.root)}` });
  }

  #findFingerprint(text: string): Outcome<FoundFingerprint> {
    const { file, recorder } = this.#parts;
    const [entries = '', prefix = ''] = text.split(':');
    const found = findFingerprint(readsOf(file.database), { sequence: Number(entries), prefix }, LONGEST_PROOF);
    if (found !== null) return accept(found);
    const message = `the record is too long to be added up at the desk: desk verify --fingerprint ${text}`;
    return recorder.refused('audit.findFingerprint', refuse('UNAVAILABLE', message));
  }

  async #export({ filter, reason }: RequestPayload<'audit.export'>): Promise<Outcome<RequestAnswer<'audit.export'>>> {
    const { recorder, clock, signing, file, folder, bundleFolder } = this.#parts;
    const request = 'audit.export';
    const { journal } = recorder;
    const sequences = new Set<number>();
    for (let before: number | null = null; ; ) {
      const page = this.#query(filter, before, READ_AT_ONCE);
      for (const { sequence } of page.entries) sequences.add(sequence);
      if (sequences.size > MOST_EXPORTED)
        return recorder.refused(request, refuse('INVALID', `more than ${MOST_EXPORTED} entries fit: narrow the filter`, 'filter'));
      before = page.nextBefore;
      if (before === null) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (sequences.size === 0) return recorder.refused(request, refuse('UNKNOWN', 'no entry fits', 'filter'));
    const atMs = clock.nowMs();
    const by = recorder.onDuty();
    const parts: BundleParts = {
      journal,
      file,
      signing,
      filter,
      reason,
      by,
      atMs,
      checkpoints: [...this.#checkpoints()],
      folder,
      bundleFolder,
      sequences,
    };
    let made: BundleMade;
    try {
      made = await writeBundle(parts);
    } catch (error) {
      return recorder.refused(
        request,
        refuse('FAILED', `the bundle could not be written: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
    const { path, ...said } = made;
    const payload = { ...said, filter, reason, atMs };
    const recorded = recorder.record(request, [{ type: 'audit.exported', subject: `export:${made.file}`, payload }]);
    return recorded.ok ? accept({ ...said, path }) : recorded;
  }

  #shown(entry: StoredEntry): AuditEntry {
    const { sequence, opId, device, deviceSeq, actor, session, mode, type, subject, wallTime, entryHash, signature, payload } = entry;
    const head = { sequence, opId, device, deviceSeq, actor, session, mode, type, subject, wallTime, entryHash };
    const { recorder, accountName } = this.#parts;
    const about = aboutOf(entry, { tables: recorder.journal.tables, accountName });
    return { ...head, isSigned: signature !== undefined, payload: payload === DESTROYED_TEXT ? null : payload, about };
  }

  #entryAt(sequence: number): StoredEntry | null {
    const entry = this.#parts.recorder.journal.entriesAfter(sequence - 1, 1)[0];
    return entry?.sequence === sequence ? entry : null;
  }

  *#checkpoints(): Generator<Checkpoint> {
    for (const row of readsOf(this.#parts.file.database).checkpoints()) {
      const checkpoint = readCheckpoint(row, sha256);
      if (checkpoint !== null) yield checkpoint;
    }
  }

  #newestCheckpoint(): AuditPicture['checkpoint'] {
    const sql = 'SELECT size, time FROM checkpoints WHERE device = ? ORDER BY size DESC LIMIT 1';
    const { file, recorder } = this.#parts;
    return (file.database.prepare(sql).get(recorder.journal.device) as AuditPicture['checkpoint'] | undefined) ?? null;
  }
}

function columnsOf({ actor, types, subject, fromMs, toMs, isSigned }: AuditFilter): EntryFilter {
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(types === undefined ? {} : { types }),
    ...(subject === undefined ? {} : { subject }),
    ...(fromMs === undefined ? {} : { fromTime: isoOf(fromMs) }),
    ...(toMs === undefined ? {} : { toTime: isoOf(toMs) }),
    ...(isSigned === undefined ? {} : { isSigned }),
  };
}

function isoOf(ms: number): string {
  return new Date(Math.min(Math.max(ms, 0), 8.64e15)).toISOString();
}

function hasText(entry: StoredEntry, text: string | undefined): boolean {
  if (text === undefined) return true;
  return `${entry.type}\n${entry.subject}\n${entry.actor}\n${entry.payload}`.toLowerCase().includes(text.toLowerCase());
}

/** Entries that say themselves what was and what is; else the one before about the same subject stands for what was. */
function changeOf(entry: StoredEntry, before: StoredEntry | null): AuditDetail['change'] {
  if (entry.payload === DESTROYED_TEXT) return null;
  const payload = JSON.parse(entry.payload) as unknown;
  if (isRecord(payload) && 'before' in payload) {
    const after = 'after' in payload ? payload.after : 'payload' in payload ? payload.payload : null;
    return { before: payload.before, after, beforeSequence: null };
  }
  if (before === null || before.payload === DESTROYED_TEXT) return null;
  return { before: JSON.parse(before.payload), after: payload, beforeSequence: before.sequence };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
