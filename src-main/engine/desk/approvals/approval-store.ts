/** Approvals and break-glass as the record has them: folded from the entries themselves, because what is carried out must not rest on a table that can be edited. */
import type { ChainedJournal } from '#engine/journal/chained-journal';
import type { StoredEntry } from '#engine/journal/journal';
import { type Approval, type BreakGlass, evolveApproval, evolveBreakGlass } from '#shared/desk/approvals/approval';
import { subjectOf } from '#shared/desk/approvals/decide';
import { approvalEventSchema, breakGlassEventSchema } from '#shared/desk/approvals/events';

const APPROVAL_KIND = 'approval';
const BREAK_GLASS_KIND = 'breakGlass';

export class ApprovalStore {
  readonly #journal: ChainedJournal;

  constructor(journal: ChainedJournal) {
    this.#journal = journal;
  }

  /** For lists: those that wait first, then the most recently changed. */
  list(limit: number): Approval[] {
    const rows = this.#journal.tables.documents.newest(APPROVAL_KIND, limit);
    const approvals = rows.map(({ body }) => body as Approval);
    const isOpen = ({ state }: Approval): boolean => state === 'pending' || state === 'approved' || state === 'executing';
    return [...approvals.filter(isOpen), ...approvals.filter((each) => !isOpen(each))];
  }

  breakGlasses(limit: number): BreakGlass[] {
    return this.#journal.tables.documents.newest(BREAK_GLASS_KIND, limit).map(({ body }) => body as BreakGlass);
  }

  /** From intact entries alone; null when there is none, or one of its entries is not what its hashes say. */
  approval(approvalId: string): Approval | null {
    let approval: Approval | null = null;
    for (const entry of this.#journal.entriesOf(subjectOf(approvalId))) {
      if (!this.#journal.isIntact(entry.sequence)) return null;
      const event = approvalEventSchema.safeParse(eventOf(entry));
      if (event.success && event.data.payload.approvalId === approvalId) approval = evolveApproval(approval, event.data, entry);
    }
    return approval;
  }

  breakGlass(breakGlassId: string): BreakGlass | null {
    let glass: BreakGlass | null = null;
    for (const entry of this.#journal.entriesOf(`breakGlass:${breakGlassId}`)) {
      if (!this.#journal.isIntact(entry.sequence)) return null;
      const event = breakGlassEventSchema.safeParse(eventOf(entry));
      if (event.success && event.data.payload.breakGlassId === breakGlassId) glass = evolveBreakGlass(glass, event.data, entry);
    }
    return glass;
  }
}

function eventOf({ type, payload }: StoredEntry): { type: string; payload: unknown } {
  return { type, payload: JSON.parse(payload) };
}
