/** Keeps the reference rows that people of this desk supplied: what an approval let through is recorded with who asked and who agreed. */
import { actingNow } from '#engine/desk/bus/acting';
import { KeptDocuments } from '#engine/desk/kept-documents';
import type { Recorder } from '#engine/desk/record';
import type { OwnRowHistory } from '#shared/contract/reference-rows';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import { isRefusal } from '#shared/desk/decision';
import { decideReferenceRow, type ReferenceRowCommand } from '#shared/desk/reference-rows/decide';
import { type OwnRow, type OwnRowDraft, slotOf } from '#shared/desk/reference-rows/own-row';
import { rowForBook, type SavedOwnRow } from '#shared/desk/reference-rows/saved-row';
import { accept, type Outcome, refuse } from '#shared/refusal';

export class ReferenceDesk {
  readonly #recorder: Recorder;
  readonly #kept: KeptDocuments<SavedOwnRow>;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#kept = new KeptDocuments<SavedOwnRow>(recorder.journal, 'ownRow', 'reference');
  }

  get version(): number {
    return this.#kept.version;
  }

  /** Newest first, withdrawn ones too. */
  all(): SavedOwnRow[] {
    return this.#kept.all().sort((one, other) => (other.versions[0]?.sequence ?? 0) - (one.versions[0]?.sequence ?? 0));
  }

  /** What the book is given, in an order that does not depend on how they were read. */
  rowsForBook(): OwnRow[] {
    return this.all()
      .flatMap((saved) => rowForBook(saved) ?? [])
      .sort((one, other) => (one.rowId < other.rowId ? -1 : 1));
  }

  /** What a command would change, as it is now, in the shape of its payload: shown to whoever checks, and bound into what they agree to. */
  before(payload: unknown): unknown {
    const { rowId, rows } = payload as { rowId?: string; rows?: readonly OwnRowDraft[] };
    if (rowId !== undefined) {
      const saved = this.#find(rowId);
      const newest = saved?.versions[0];
      return newest === undefined ? null : { rowId, baseVersion: newest.version, row: newest.draft, withdrawn: saved?.withdrawn != null };
    }
    const slots = new Set((rows ?? []).map(({ item }) => slotOf(item)));
    const alike = this.all().flatMap(({ versions, withdrawn }) => {
      const draft = versions[0]?.draft;
      return draft !== undefined && withdrawn === null && slots.has(slotOf(draft.item)) ? [draft] : [];
    });
    return alike.length === 0 ? null : { rows: alike };
  }

  supply(payload: RequestPayload<'reference.supply'>): Outcome<RequestAnswer<'reference.supply'>> {
    const recorded = this.#record('reference.supply', { type: 'supply', ...payload });
    return recorded.ok ? accept({ rowIds: recorded.value }) : recorded;
  }

  change(payload: RequestPayload<'reference.change'>): Outcome<RequestAnswer<'reference.change'>> {
    const recorded = this.#record('reference.change', { type: 'change', ...payload });
    return recorded.ok ? accept({ version: this.#find(payload.rowId)?.versions[0]?.version ?? payload.baseVersion }) : recorded;
  }

  withdraw(payload: RequestPayload<'reference.withdraw'>): Outcome<RequestAnswer<'reference.withdraw'>> {
    const recorded = this.#record('reference.withdraw', { type: 'withdraw', ...payload });
    return recorded.ok ? accept({}) : recorded;
  }

  get({ rowId }: RequestPayload<'reference.get'>): Outcome<OwnRowHistory> {
    const saved = this.#find(rowId);
    if (saved === undefined) return this.#recorder.refused('reference.get', refuse('UNKNOWN', 'there is no such row', 'rowId'));
    const versions = saved.versions.map(({ sequence: _sequence, ...version }, at) => ({ ...version, before: saved.versions[at + 1]?.draft ?? null }));
    return accept({ versions, withdrawn: saved.withdrawn });
  }

  #find(rowId: string): SavedOwnRow | undefined {
    return this.#kept.all().find((saved) => saved.rowId === rowId);
  }

  #record(request: string, command: ReferenceRowCommand): Outcome<string[]> {
    const agreed = actingNow()?.approval ?? null;
    const decision = decideReferenceRow(this.#kept.all(), command, agreed, this.#recorder.context());
    const recorded = this.#recorder.record(request, decision);
    if (!recorded.ok) return recorded;
    return accept(isRefusal(decision) ? [] : decision.map(({ payload }) => payload.rowId));
  }
}
