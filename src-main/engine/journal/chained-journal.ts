/** The journal on this device: gives every event its identity, order, time and hashes, and writes it with its projections in one transaction. */
import type { Clock } from '#engine/clock';
import { Checkpoints, type TreeHead } from '#engine/journal/checkpoints';
import type { Authorship, Journal, StoredEntry } from '#engine/journal/journal';
import { foldEntries, refoldEntries } from '#engine/journal/projections';
import { findWitnessFault, type WitnessFault } from '#engine/journal/witness-log';
import { sha256 } from '#engine/store/hash';
import type { JournalFile } from '#engine/store/journal-file';
import { type EntryToStore, entryPlace, wordsPlace } from '#engine/store/journal-rows';
import type { ProjectionTables } from '#engine/store/projection-tables';
import type { SealingKey } from '#engine/store/sealing';
import { canonicalEntry, canonicalJson, canonicalVersionVector, replaceLoneSurrogates, versionVectorWriter } from '#shared/journal/canonical';
import { ChainChecker, type ChainVerdict, verifyChain } from '#shared/journal/chain';
import { type ClientsNamedIn, clientsInWords, holdsWords, mayHoldSealedWords, repeatsWords, sealWords } from '#shared/journal/client-words';
import { dataSubjectOf, rowOf } from '#shared/journal/data-subject';
import { GENESIS_HASH, type JournalEvent } from '#shared/journal/entry';
import { nextHlc } from '#shared/journal/hlc';
import { isPublished } from '#shared/journal/keys';
import { keyIdOfAll } from '#shared/journal/sealed';

export type ChainedJournalOptions = {
  file: JournalFile;
  clock: Clock;
  /** UUIDv7s: they grow with time, so their index is appended to. */
  newId: () => string;
  /** Called with what a listener of `onAppended` threw: the entry is on disk, so no listener may undo it. */
  onListenerFailure?: (error: unknown) => void;
};

/** Raised with every change of a fold: projections of another version (or of a restored file) are folded anew at start. */
const FOLD_VERSION = '11';

/** Set while a key is being destroyed: what is folded from its words has to be folded anew, also when the desk ended in between. */
const REFOLD_OWED = 'refoldOwed';
/** They type no words of their own. */
const MACHINES: ReadonlySet<string> = new Set(['watch', 'engine']);
const NOBODY: ClientsNamedIn = () => [];

/** Who signs as the record is written: entries by a person whose key is open, checkpoints by this device. Null: nobody signs this one. */
export type RecordSigner = { entry(actor: string, type: string, entryHash: string): string | null; checkpoint(sum: string): string };

/** Built in one piece, as an entry read back is: the hash is the only field that comes last. */
type ChainedEntry = EntryToStore & { entry: StoredEntry };

type Head = { sequence: number; entryHash: string; hlc: string | null };

export class ChainedJournal implements Journal {
  readonly device: string;
  readonly tables: ProjectionTables;
  /** The file was found behind its own witness file, or against it: this desk writes on as a new device and has to say so. */
  readonly witnessFault: WitnessFault | null;
  readonly #file: JournalFile;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #onListenerFailure: (error: unknown) => void;
  readonly #listeners = new Set<(entries: readonly StoredEntry[]) => void>();
  readonly #refoldListeners = new Set<() => void>();
  readonly #versionVector: Record<string, number> = {};
  #head: Head;
  #prevHash: string;
  #signer: RecordSigner | null = null;
  #clientsNamedIn: ClientsNamedIn | null = null;
  readonly #checkpoints: Checkpoints;

  constructor(options: ChainedJournalOptions) {
    this.#file = options.file;
    this.#clock = options.clock;
    this.#newId = options.newId;
    this.#onListenerFailure = options.onListenerFailure ?? (() => undefined);
    this.tables = options.file.tables;
    this.witnessFault = findWitnessFault(options.file);
    this.device = deviceOf(options.file, options.newId, this.witnessFault);
    this.#head = options.file.rows.head() ?? { sequence: 0, entryHash: GENESIS_HASH, hlc: null };
    this.#prevHash = GENESIS_HASH;
    for (const head of options.file.rows.deviceHeads()) {
      this.#versionVector[head.device] = head.deviceSeq;
      if (head.device === this.device) this.#prevHash = head.entryHash;
    }
    const wallTime = (): string => wallTimeOf(this.#clock);
    this.#checkpoints = new Checkpoints({ file: options.file, device: this.device, head: this.#prevHash, wallTime });
    if (options.file.meta('projections') !== FOLD_VERSION) this.rebuildProjections();
    else if (options.file.meta(REFOLD_OWED) === 'yes') this.#refold();
  }

  get headSequence(): number {
    return this.#head.sequence;
  }

  get headFingerprint(): string {
    return this.#checkpoints.treeHead().fingerprint;
  }

  /** The tree over what this device wrote. Its root, with `headSequence`, is what hand-over sheets and exports print. */
  treeHead(): TreeHead {
    return this.#checkpoints.treeHead();
  }

  /** From now on. Entries from before it are unsigned. */
  signWith(signer: RecordSigner): void {
    this.#signer = signer;
    this.#checkpoints.signWith((sum) => signer.checkpoint(sum));
  }

  /** From now on, what people type about these clients is sealed under those clients' keys, in whatever entry it stands. */
  sealWordsAbout(clientsNamedIn: ClientsNamedIn): void {
    this.#clientsNamedIn = clientsNamedIn;
  }

  /**
   * Destroys keys by `destroy`, and folds anew what was folded from the words they sealed: the firm's own incidents and runs stand, without those words.
   * Throws a StoreError when the disk fails before a key is gone. When it fails afterwards, the words are unreadable all the same, and what is owed is
   * done at the next start.
   */
  forgetWords<Result>(destroy: () => Result): Result {
    this.#file.transaction('refoldOwed', () => this.#file.setMeta(REFOLD_OWED, 'yes'));
    const result = destroy();
    this.#guarded(() => this.#refold());
    for (const listener of this.#refoldListeners) this.#guarded(listener);
    return result;
  }

  /** Covers what no checkpoint covers yet. Throws a StoreError when it cannot be written. */
  checkpoint(): void {
    this.#checkpoints.make();
  }

  /**
   * One durable commit for all events. With an `opId` that was written before, writes nothing and returns what was stored then.
   * Throws a StoreError (disk full, file unwritable): then nothing was written and the same call may be made again.
   */
  append(events: readonly JournalEvent[], authorship: Authorship, opId?: string): readonly StoredEntry[] {
    if (opId !== undefined) {
      const stored = this.#file.rows.ofOpId(opId);
      if (stored.length > 0) return stored;
    }
    if (events.length === 0) return [];
    const firstSequence = this.#head.sequence + 1;
    const chained = this.#chain(events, authorship, opId, firstSequence);
    const entries = chained.map(({ entry }) => entry);
    const hashes = entries.map(({ entryHash }) => entryHash);
    const dueCheckpoint = this.#checkpoints.dueWith(hashes);
    this.#file.transaction('appendEntries', () => {
      this.#file.rows.insert(chained, firstSequence);
      foldEntries(entries, this.tables);
      if (dueCheckpoint !== null) this.#checkpoints.store(dueCheckpoint);
    });
    // Memory follows the disk: a failed transaction leaves the chain where it was.
    const last = entries[entries.length - 1];
    if (last !== undefined) {
      this.#head = last;
      this.#prevHash = last.entryHash;
      this.#versionVector[this.device] = last.deviceSeq;
    }
    this.#checkpoints.onStored(hashes, dueCheckpoint);
    this.#announce(entries);
    return entries;
  }

  entriesOf(subject: string): readonly StoredEntry[] {
    return this.#file.rows.ofSubject(subject);
  }

  entriesAfter(sequence: number, limit: number): readonly StoredEntry[] {
    return this.#file.rows.after(sequence, limit);
  }

  onAppended(listener: (entries: readonly StoredEntry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called when state was folded anew without a new entry: what was read before holds words that are no more. */
  onRefolded(listener: () => void): () => void {
    this.#refoldListeners.add(listener);
    return () => this.#refoldListeners.delete(listener);
  }

  /** Whether the entry, as it lies on disk, is what its own hashes say; that the chain holds too is verified when a file is opened, and by `desk verify`. */
  isIntact(sequence: number): boolean {
    const stored = this.#file.rows.storedAfter(sequence - 1, 1)[0];
    if (stored?.sequence !== sequence) return false;
    const { payloadHash, entryHash } = stored;
    return payloadHash === sha256(stored.payload) && entryHash === sha256(canonicalEntry(stored, canonicalVersionVector(stored.versionVector)));
  }

  /** Recomputes the whole chain from the entries on disk. */
  verify(): ChainVerdict {
    return verifyChain((after, limit) => this.#file.rows.storedAfter(after, limit), new ChainChecker(sha256));
  }

  /** Empties the projections and folds them anew from the entries, in one transaction. */
  rebuildProjections(): void {
    // Rows of an earlier release are in clear: what is freed is overwritten.
    this.#file.database.pragma('secure_delete = ON');
    this.#file.transaction('rebuildProjections', () => {
      this.tables.clear();
      let sequence = 0;
      for (;;) {
        const page = this.#file.rows.after(sequence, 1_000);
        const last = page.at(-1);
        if (last === undefined) break;
        foldEntries(page, this.tables);
        sequence = last.sequence;
      }
      this.#file.setMeta('projections', FOLD_VERSION);
    });
    this.#file.database.pragma('secure_delete = OFF');
    this.#file.database.pragma('wal_checkpoint(TRUNCATE)');
  }

  #refold(): void {
    this.tables.forgetOpened();
    // What is freed held somebody's data, sealed: it is overwritten all the same.
    this.#file.database.pragma('secure_delete = ON');
    try {
      this.#refoldDestroyed();
    } finally {
      this.#file.database.pragma('secure_delete = OFF');
    }
  }

  #refoldDestroyed(): void {
    this.#file.transaction('refold', () => {
      const lastOf = (sequence: number): StoredEntry | undefined => this.#file.rows.after(sequence - 1, 1)[0];
      const entries = this.tables.destroyedRows().map(lastOf);
      const subjects = new Set(entries.flatMap((entry) => (entry !== undefined && holdsWords(entry.type) ? [entry.subject] : [])));
      for (const subject of subjects) {
        const ofSubject = this.#file.rows.ofSubject(subject);
        this.tables.removeFoldedFrom(ofSubject.map(({ sequence }) => sequence));
        refoldEntries(ofSubject, this.tables);
      }
      this.#file.setMeta(REFOLD_OWED, 'no');
    });
  }

  #chain(events: readonly JournalEvent[], authorship: Authorship, opId: string | undefined, firstSequence: number): ChainedEntry[] {
    const nowMs = recordableTime(this.#clock.nowMs());
    const wallTime = new Date(nowMs).toISOString();
    const versionVector = { ...this.#versionVector };
    const batchOpId = opId !== undefined && events.length > 1 ? opId : null;
    const actor = replaceLoneSurrogates(authorship.actor);
    const { sealer } = this.#file;
    const vectorText = versionVectorWriter(versionVector, this.device);
    let { hlc } = this.#head;
    let prevHash = this.#prevHash;
    const keys = this.#subjectKeysOf(events);
    return events.map((event, index) => {
      const deviceSeq = (versionVector[this.device] ?? 0) + 1;
      versionVector[this.device] = deviceSeq;
      hlc = nextHlc(hlc, nowMs, this.device);
      const payload = canonicalJson(event.payload);
      const versionVectorText = vectorText(deviceSeq);
      const entryOpId = index === 0 && opId !== undefined ? opId : this.#newId();
      const under = keys[index] ?? null;
      // Hashed is what is stored, so that the record can be verified by whoever may not read it.
      const words = this.#sealWords(event, payload, actor, entryOpId, under);
      const storedPayload = isPublished(event.type) ? payload : sealer.seal(words?.payload ?? payload, entryPlace(entryOpId), under);
      const entry: StoredEntry = {
        sequence: firstSequence + index,
        opId: entryOpId,
        device: this.device,
        deviceSeq,
        actor,
        session: authorship.session,
        mode: authorship.mode,
        type: event.type,
        subject: replaceLoneSurrogates(event.subject),
        payload,
        payloadHash: sha256(storedPayload),
        versionVector: { ...versionVector },
        hlc,
        wallTime,
        prevHash,
        entryHash: '',
      };
      entry.entryHash = sha256(canonicalEntry(entry, versionVectorText));
      const signature = this.#signer?.entry(actor, entry.type, entry.entryHash) ?? null;
      if (signature !== null) entry.signature = signature;
      if (under !== null) entry.sealedUnder = under.keyId;
      if (words?.keyId !== undefined) entry.wordsUnder = words.keyId;
      prevHash = entry.entryHash;
      return { entry, storedPayload, versionVectorText, batchOpId };
    });
  }

  /**
   * The payload's text with words about clients sealed under those clients' keys; null where there are none but those whose key seals all of it. What only
   * looks sealed is sealed whoever wrote it: a feed may call a contract anything, and what looks sealed is opened when it is read back.
   */
  #sealWords(
    event: JournalEvent,
    payload: string,
    actor: string,
    opId: string,
    under: SealingKey | null,
  ): { payload: string; keyId: string | undefined } | null {
    const { sealer } = this.#file;
    if (!holdsWords(event.type)) return null;
    const looksSealed = mayHoldSealedWords(payload);
    const namedIn = MACHINES.has(actor) && !repeatsWords(event.payload) ? NOBODY : (this.#clientsNamedIn ?? NOBODY);
    if (namedIn === NOBODY && !looksSealed) return null;
    const named = clientsInWords(event.payload, namedIn).map((clientID) => `client:${clientID}`);
    sealer.prepareSubjects(named);
    const keyId = keyIdOfAll(named.flatMap((subject) => sealer.keyOfSubject(subject)?.keyId ?? []));
    if (keyId !== undefined && keyId === under?.keyId && !looksSealed) return null;
    const sealed = sealWords(event.payload, namedIn, (text, clientIDs) => {
      const all = keyIdOfAll(clientIDs.flatMap((clientID) => sealer.keyOfSubject(`client:${clientID}`)?.keyId ?? []));
      return sealer.seal(text, wordsPlace(opId), all === undefined ? null : sealer.keyOf(all));
    });
    return { payload: canonicalJson(sealed.payload), keyId };
  }

  /** For each event the key of the person or client it is about; null for the desk's own. What is about a thing that is known goes with it. */
  #subjectKeysOf(events: readonly JournalEvent[]): (SealingKey | null)[] {
    const { sealer } = this.#file;
    const subjects = events.map((event) => dataSubjectOf(event));
    sealer.prepareSubjects(subjects.filter((subject) => subject !== undefined));
    const begunHere = new Map<string, SealingKey | null>();
    return events.map((event, index) => {
      const subject = subjects[index];
      const row = rowOf(event);
      const place = row === null ? '' : `${row.table} ${row.id}`;
      if (subject !== undefined) {
        const key = sealer.keyOfSubject(subject);
        if (row !== null) begunHere.set(place, key);
        return key;
      }
      if (row === null || !sealer.hasOtherKeys) return null;
      const begun = begunHere.get(place);
      if (begun !== undefined) return begun;
      // The row's key may only be that of clients whom words in it name; the thing is theirs when it began as theirs.
      const keyId = this.tables.subjectKeyOfRow(row) === null ? null : this.#file.rows.subjectKeyOfFirst(event.subject);
      return keyId === null ? null : sealer.keyOf(keyId);
    });
  }

  #announce(entries: readonly StoredEntry[]): void {
    for (const listener of this.#listeners) this.#guarded(() => listener(entries));
  }

  /** For what follows a thing that is done and stays done. */
  #guarded(follow: () => void): void {
    try {
      follow();
    } catch (error) {
      this.#onListenerFailure(error);
    }
  }
}

/** Recording is never refused because of a clock: one that answers nonsense is written down as the epoch. */
function recordableTime(nowMs: number): number {
  return nowMs >= 0 && nowMs <= 8.64e15 ? nowMs : 0;
}

function wallTimeOf(clock: Clock): string {
  return new Date(recordableTime(clock.nowMs())).toISOString();
}

/** This installation's id in the chain; made once, kept in the file, made anew where entries may have been lost: their numbers cannot be used twice. */
function deviceOf(file: JournalFile, newId: () => string, fault: WitnessFault | null): string {
  const known = file.meta('device');
  if (known !== null && known !== fault?.params.device) return known;
  const device = newId();
  file.transaction('nameDevice', () => file.setMeta('device', device));
  return device;
}
