/** Records forced-liquidation worklists as requests to people, and reopens them when the account has changed since. It sends nothing. */
import type { Recorder } from '#engine/desk/record';
import type { KeyedTable } from '#engine/store/projection-tables';
import type { WorklistView } from '#shared/contract/numbers-desk';
import { decideMade, decideWorklist, type WorklistCommand } from '#shared/desk/worklists/decide';
import type { WorklistBasis, WorklistConfirmedBy, WorklistContent } from '#shared/desk/worklists/events';
import type { FoldedWorklist } from '#shared/desk/worklists/evolve';
import { accept, type Outcome, refuse } from '#shared/refusal';

export class WorklistDesk {
  readonly #recorder: Recorder;
  readonly #table: KeyedTable;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#table = recorder.journal.tables.worklists;
  }

  /** Newest first; of one account, or all. */
  list(accountID?: string): WorklistView[] {
    return this.#table
      .all()
      .map(({ body }) => body as FoldedWorklist)
      .filter((list) => accountID === undefined || list.accountID === accountID)
      .sort((a, b) => b.madeAtMs - a.madeAtMs)
      .map(withoutBasis);
  }

  /** Accounts with a list that still claims to hold. */
  watched(): { worklistId: string; accountID: string }[] {
    return this.#table
      .all()
      .map(({ body }) => body as FoldedWorklist)
      .filter(({ state }) => state === 'made' || state === 'exported')
      .map(({ worklistId, accountID }) => ({ worklistId, accountID }));
  }

  get(worklistId: string): Outcome<WorklistView> {
    const list = this.#find(worklistId);
    return list === null ? refuse('UNKNOWN', `there is no worklist ${worklistId}`, 'worklistId') : accept(withoutBasis(list));
  }

  make(content: Omit<WorklistContent, 'worklistId'>, note: string, confirmedBy: WorklistConfirmedBy | null): Outcome<WorklistView> {
    const context = this.#recorder.context();
    const worklistId = context.newId();
    const recorded = this.#recorder.record('worklist.make', decideMade({ ...content, worklistId }, note, confirmedBy, context));
    return recorded.ok ? this.get(worklistId) : recorded;
  }

  exported(worklistId: string, file: string, sha256: string): Outcome<WorklistView> {
    return this.#command('worklist.export', worklistId, { type: 'exported', file, sha256 });
  }

  /** Why it cannot be exported now, before a file is written; null when it can. */
  exportRefusal(worklistId: string): Outcome<never> | null {
    const list = this.#find(worklistId);
    if (list === null) return refuse('UNKNOWN', `there is no worklist ${worklistId}`, 'worklistId');
    const decision = decideWorklist(list, { type: 'exported', file: '', sha256: '' }, this.#recorder.context());
    return Array.isArray(decision) ? null : this.#recorder.refused('worklist.export', decision);
  }

  withdraw(worklistId: string, reason: string): Outcome<WorklistView> {
    return this.#command('worklist.withdraw', worklistId, { type: 'withdraw', reason });
  }

  /** Compares with what the account is now, from live data; a change is recorded by the engine itself. */
  review(worklistId: string, basis: WorklistBasis): void {
    const list = this.#find(worklistId);
    if (list === null) return;
    const decision = decideWorklist(list, { type: 'review', basis }, this.#recorder.context('engine'));
    this.#recorder.record('worklist.review', decision, { actor: 'engine' });
  }

  /** Lists whose time is over hold no longer; also without live data. */
  expire(): void {
    for (const { body } of this.#table.all()) {
      const decision = decideWorklist(body as FoldedWorklist, { type: 'expire' }, this.#recorder.context('engine'));
      if (Array.isArray(decision) && decision.length > 0) this.#recorder.record('worklist.expire', decision, { actor: 'engine' });
    }
  }

  #find(worklistId: string): FoldedWorklist | null {
    return (this.#table.get(worklistId) as FoldedWorklist | undefined) ?? null;
  }

  #command(request: string, worklistId: string, command: WorklistCommand): Outcome<WorklistView> {
    const list = this.#find(worklistId);
    if (list === null) return this.#recorder.refused(request, refuse('UNKNOWN', `there is no worklist ${worklistId}`, 'worklistId'));
    const recorded = this.#recorder.record(request, decideWorklist(list, command, this.#recorder.context()));
    return recorded.ok ? this.get(worklistId) : recorded;
  }
}

function withoutBasis({ basis: _basis, ...view }: FoldedWorklist): WorklistView {
  return view;
}
