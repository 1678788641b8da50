/** Saves and lists workspace layouts, so that a desk looks the same after a restart and on the machine it is restored to. */
import type { Recorder } from '#engine/desk/record';
import type { KeyedTable } from '#engine/store/projection-tables';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import { decideLayout, type LayoutCommand } from '#shared/desk/workspace/decide';
import { accept, type Outcome } from '#shared/refusal';

type SavedLayout = { layout: string; savedAtMs: number };

export class WorkspaceDesk {
  readonly #recorder: Recorder;
  readonly #table: KeyedTable;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#table = recorder.journal.tables.layouts;
  }

  save(payload: RequestPayload<'workspace.save'>): Outcome<Record<string, never>> {
    return this.#command('workspace.save', { type: 'save', ...payload });
  }

  remove(payload: RequestPayload<'workspace.remove'>): Outcome<Record<string, never>> {
    return this.#command('workspace.remove', { type: 'remove', ...payload });
  }

  list(): Outcome<RequestAnswer<'workspace.list'>> {
    return accept({ layouts: this.#table.all().map(({ key, body }) => ({ name: key, ...(body as SavedLayout) })) });
  }

  #command(request: string, command: LayoutCommand): Outcome<Record<string, never>> {
    const saved = (this.#table.get(command.name) as SavedLayout | undefined)?.layout ?? null;
    const recorded = this.#recorder.record(request, decideLayout(saved, command, this.#recorder.context()));
    return recorded.ok ? accept({}) : recorded;
  }
}
