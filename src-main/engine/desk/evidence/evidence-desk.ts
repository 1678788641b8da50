/** Evidence files: taken in piece by piece, told by their bytes, kept sealed under their hash, shown inert, and handed out only with a reason and an entry. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenUpload, Uploads } from '#engine/desk/evidence/uploads';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import type { EvidenceFiles } from '#engine/store/evidence-files';
import { unusedPath } from '#engine/store/files';
import { StoreError } from '#engine/store/store-error';
import type { SubjectKeys } from '#engine/store/subject-keys';
import { EVIDENCE_PIECE_BYTES, type EvidenceRequestName } from '#shared/contract/evidence';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { DeskEventBody } from '#shared/desk/desk/events';
import { dataSubjectOfEvidence, type EvidenceEvent, type EvidenceFile, evidenceSchema } from '#shared/desk/evidence/evidence';
import { isSafePicture, mediaTypeOf, safeFileName } from '#shared/desk/evidence/media-type';
import { KEYS_SUBJECT } from '#shared/journal/keys';
import { singleKeysOf } from '#shared/journal/sealed';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

export const EVIDENCE_KIND = 'evidence';
/** A viewer that is given more characters than this stops being one. */
const SHOWN_CHARACTERS = 200_000;
/** Running ones come first: more than a desk can have at once. */
const LOOKED_THROUGH_RUNS = 1_000;

export type EvidenceParts = {
  recorder: Recorder;
  files: EvidenceFiles;
  subjectKeys: SubjectKeys;
  secondPerson: SecondPerson;
  exportFolder: string;
  /** Called when somebody's data has become unreadable. */
  onDestroyed?: (() => void) | undefined;
};

export type EvidenceRequests = HandlersOf<EvidenceRequestName>;

/** What other rooms may ask: whether a hash that somebody attached is kept here, and what it is. */
export type EvidenceKeeper = { find(sha256: string): EvidenceFile | null };

export class EvidenceDesk implements EvidenceKeeper {
  readonly requests: EvidenceRequests;
  readonly #parts: EvidenceParts;
  readonly #uploads = new Uploads();

  constructor(parts: EvidenceParts) {
    this.#parts = parts;
    this.requests = {
      'evidence.begin': (payload) => this.#begin(payload),
      'evidence.piece': ({ uploadId, place, data }) => this.#uploads.take(uploadId, place, Buffer.from(data, 'base64')),
      'evidence.finish': (payload) => this.#finish(payload),
      'evidence.list': ({ about }) => accept({ files: this.#filesAbout(about) }),
      'evidence.get': (payload) => this.#get(payload),
      'evidence.export': (payload) => this.#export(payload),
      'privacy.destroy': (payload) => this.#destroy(payload),
    };
  }

  find(sha256: string): EvidenceFile | null {
    const parsed = evidenceSchema.safeParse(this.#parts.recorder.journal.tables.documents.get(EVIDENCE_KIND, this.#parts.files.fileIdOf(sha256)));
    return parsed.success ? parsed.data : null;
  }

  #begin({ name, bytes, about }: RequestPayload<'evidence.begin'>): Outcome<RequestAnswer<'evidence.begin'>> {
    const { nowMs, newId, actor } = this.#parts.recorder.context();
    const begun = this.#uploads.begin({ uploadId: newId(), name, bytes, about, by: actor, begunAtMs: nowMs });
    return begun.ok ? accept({ uploadId: begun.value.uploadId, pieceBytes: EVIDENCE_PIECE_BYTES }) : begun;
  }

  #finish({ uploadId, note }: RequestPayload<'evidence.finish'>): Outcome<EvidenceFile> {
    const { recorder } = this.#parts;
    const ended = this.#uploads.end(uploadId);
    if (!ended.ok) return ended;
    const { upload, bytes } = ended.value;
    const mediaType = mediaTypeOf(bytes);
    if (mediaType === null)
      return recorder.refused(
        'evidence.finish',
        refuse('INVALID', 'file: only pictures, PDF, plain text (UTF-8), archives and sound are kept', 'file'),
      );
    const kept = this.#keep(upload, bytes);
    if (!kept.ok) return kept;
    const sha256 = kept.value;
    const { about } = upload;
    const name = safeFileName(upload.name, mediaType);
    const { nowMs } = recorder.context();
    const fileId = this.#parts.files.fileIdOf(sha256);
    const payload = { fileId, sha256, about, name, atMs: nowMs, bytes: bytes.length, mediaType, note };
    const recorded = recorder.record('evidence.finish', [withSubject({ type: 'evidence.added', subject: subjectOf(fileId), payload })]);
    if (!recorded.ok) return recorded;
    const file = this.find(sha256);
    return file === null ? refuse('FAILED', 'the file was kept and cannot be found') : accept(file);
  }

  #keep({ about }: OpenUpload, bytes: Uint8Array): Outcome<string> {
    try {
      return accept(this.#parts.files.put(bytes, dataSubjectOfEvidence(about)));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return this.#parts.recorder.refused('evidence.finish', refuse('FAILED', error.message));
    }
  }

  #filesAbout(about: { kind: string; id: string }): EvidenceFile[] {
    const rows = this.#parts.recorder.journal.tables.documents.newest(EVIDENCE_KIND, 10_000);
    return rows.flatMap(({ body }) => {
      const parsed = evidenceSchema.safeParse(body);
      return parsed.success && isAbout(parsed.data, about) ? [parsed.data] : [];
    });
  }

  /**
   * After a journal was put back: reads every file it names, takes what is missing from the copies, and says what became of it. A file at a time, so that the
   * thread goes on computing risk.
   */
  async checkAll(): Promise<void> {
    const counts = { whole: 0, fetched: 0, missing: 0, damaged: 0, destroyed: 0 };
    const { recorder, files } = this.#parts;
    const shas = recorder.journal.tables.documents.all(EVIDENCE_KIND).flatMap(({ body }) => {
      const parsed = evidenceSchema.safeParse(body);
      return parsed.success ? [parsed.data.sha256] : [];
    });
    for (const sha256 of shas) {
      const wasWhole = files.isWhole(sha256);
      const { kind } = files.get(sha256);
      counts[kind === 'bytes' ? (wasWhole ? 'whole' : 'fetched') : kind] += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const payload = { ...counts, atMs: recorder.context().nowMs };
    const event: DeskEventBody = { type: 'desk.evidenceChecked', payload };
    recorder.record('desk.evidenceChecked', [{ ...event, subject: 'desk' }], { actor: 'engine' });
  }

  #get({ sha256 }: RequestPayload<'evidence.get'>): Outcome<RequestAnswer<'evidence.get'>> {
    const opened = this.#open(sha256);
    if (!opened.ok) return opened;
    const { file, bytes } = opened.value;
    if (file.mediaType === 'text/plain') {
      const text = bytes.toString('utf8');
      return accept({ file, view: { kind: 'text', text: text.slice(0, SHOWN_CHARACTERS), isCut: text.length > SHOWN_CHARACTERS } });
    }
    const isShown = file.mediaType.startsWith('image/') && isSafePicture(bytes, file.mediaType);
    return accept({ file, view: isShown ? { kind: 'picture', data: bytes.toString('base64') } : { kind: 'none' } });
  }

  /** The entry first: a file that left the desk without one would be worse than an entry about a file that the disk refused. */
  #export({ sha256, about, reason }: RequestPayload<'evidence.export'>): Outcome<RequestAnswer<'evidence.export'>> {
    const { recorder, exportFolder } = this.#parts;
    const opened = this.#open(sha256);
    if (!opened.ok) return opened;
    const { file, bytes } = opened.value;
    const use = file.uses.find((one) => one.about.kind === about.kind && one.about.id === about.id);
    if (use === undefined) return recorder.refused('evidence.export', refuse('UNKNOWN', 'about: the file was not added to this', 'about'));
    try {
      mkdirSync(exportFolder, { recursive: true });
    } catch (error) {
      return refuse('FAILED', `the folder of exports cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
    const extension = use.name.slice(use.name.lastIndexOf('.'));
    const path = unusedPath(join(exportFolder, use.name.slice(0, -extension.length)), extension);
    const { nowMs } = recorder.context();
    const fileId = this.#parts.files.fileIdOf(sha256);
    const payload = { fileId, sha256, about: use.about, name: use.name, atMs: nowMs, file: path, reason };
    const recorded = recorder.record('evidence.export', [withSubject({ type: 'evidence.exported', subject: subjectOf(fileId), payload })]);
    if (!recorded.ok) return recorded;
    try {
      writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      return refuse('FAILED', `the file could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    return accept({ path });
  }

  #open(sha256: string): Outcome<{ file: EvidenceFile; bytes: Buffer }> {
    const file = this.find(sha256);
    const kept = this.#parts.files.get(sha256);
    if (kept.kind === 'destroyed') return refuse('UNAVAILABLE', 'the key of this file was destroyed: it cannot be read any more', 'sha256');
    if (file === null || kept.kind === 'missing') return refuse('UNKNOWN', 'no such file is kept here', 'sha256');
    if (kept.kind !== 'bytes')
      return this.#parts.recorder.refused('evidence.get', refuse('FAILED', 'the file is there and is not what was kept', 'sha256'));
    return accept({ file, bytes: kept.bytes });
  }

  #destroy({ dataSubject, reason, confirmationId }: RequestPayload<'privacy.destroy'>): Outcome<RequestAnswer<'privacy.destroy'>> {
    const { recorder, secondPerson, subjectKeys } = this.#parts;
    const blocked = this.#stillNeeded(dataSubject);
    if (blocked !== null) return recorder.refused('privacy.destroy', blocked);
    const confirmed = secondPerson.take(confirmationId, { request: 'privacy.destroy', payload: { dataSubject, reason } });
    if (!confirmed.ok) return recorder.refused('privacy.destroy', confirmed);
    const keyIds = subjectKeys.keyIdsOf(dataSubject);
    if (keyIds.length === 0)
      return recorder.refused('privacy.destroy', refuse('UNKNOWN', 'nothing is sealed for this person or client', 'dataSubject'));
    const { nowMs } = recorder.context();
    const events = keyIds.map((keyId) => ({
      type: 'privacy.destroyed',
      subject: `key:${keyId}`,
      payload: { keyId, dataSubject, reason, secondPerson: confirmed.value.personId, atMs: nowMs },
    }));
    // In clear, for whoever verifies without any key.
    const published = { type: 'key.destroyed', subject: KEYS_SUBJECT, payload: { keyIds, atMs: nowMs } };
    // The entry first: what cannot be undone is never done without saying who did it.
    const recorded = recorder.record('privacy.destroy', [...events, published]);
    if (!recorded.ok) return recorded;
    try {
      const keyCount = recorder.journal.forgetWords(() => subjectKeys.destroy(dataSubject)).length;
      // What was read before is in memory here and there, and on the screens.
      this.#parts.onDestroyed?.();
      return accept({ keyCount });
    } catch (error) {
      return recorder.refused(
        'privacy.destroy',
        refuse('FAILED', `the key could not be destroyed: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
  }

  /** Somebody who may still sign in would lose their name while they work; an alert that is open would be lost from the screen. */
  #stillNeeded(dataSubject: string): Refusal | null {
    const { tables } = this.#parts.recorder.journal;
    const id = dataSubject.slice(dataSubject.indexOf(':') + 1);
    if (dataSubject.startsWith('person:')) {
      const person = tables.documents.get('person', id);
      const state = typeof person === 'object' && person !== null && 'state' in person ? person.state : null;
      return state === 'active' ? refuse('CONFLICT', 'dataSubject: this person can still sign in; disable them first', 'dataSubject') : null;
    }
    const entities = new Set([`account:${id}`, `customer:${id}`]);
    const open = tables.alerts.open().filter(({ entity }) => entities.has(entity)).length;
    if (open === 0) return this.#workStill(dataSubject, entities);
    return refuse('CONFLICT', `dataSubject: ${open} alerts about this client are open; close them first`, 'dataSubject');
  }

  /** A run or an incident that people are working through would be gone from their screens, or what they wrote in it. */
  #workStill(dataSubject: string, entities: ReadonlySet<string>): Refusal | null {
    const { tables } = this.#parts.recorder.journal;
    const keyIds = new Set(this.#parts.subjectKeys.keyIdsOf(dataSubject));
    const names = (keyId: string | null): boolean => keyId !== null && singleKeysOf(keyId).some((single) => keyIds.has(single));
    const isAbout = (alertId: string | null): boolean => {
      const alert = alertId === null ? null : tables.alerts.get(alertId);
      return alert !== null && entities.has(alert.entity);
    };
    const running = tables.runs
      .newest(LOOKED_THROUGH_RUNS)
      .filter(({ state, runId, alertId }) => state === 'running' && (isAbout(alertId) || names(tables.runs.subjectKeyOf(runId)))).length;
    if (running > 0) return refuse('CONFLICT', `dataSubject: ${running} runs about this client are going on; finish them first`, 'dataSubject');
    const open = tables.documents
      .all('incident')
      .filter(({ key, body }) => !hasEnded(body) && names(tables.documents.subjectKeyOf('incident', key))).length;
    if (open === 0) return null;
    return refuse('CONFLICT', `dataSubject: ${open} incidents that name this client are open; close them first`, 'dataSubject');
  }
}

function hasEnded(incident: unknown): boolean {
  const state = typeof incident === 'object' && incident !== null && 'state' in incident ? incident.state : null;
  return state === 'closed' || state === 'cancelled' || state === 'merged';
}

function subjectOf(fileId: string): string {
  return `evidence:${fileId}`;
}

function isAbout({ uses }: EvidenceFile, { kind, id }: { kind: string; id: string }): boolean {
  return uses.some(({ about }) => about.kind === kind && about.id === id);
}

function withSubject(event: EvidenceEvent): EvidenceEvent {
  const dataSubject = dataSubjectOfEvidence(event.payload.about);
  return dataSubject === undefined ? event : { ...event, dataSubject };
}
