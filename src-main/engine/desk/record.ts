/** The step every command of the desk takes after deciding: append, then answer; a refusal is logged, never silent. */
import type { Clock } from '#engine/clock';
import { actingNow } from '#engine/desk/bus/acting';
import type { ChainedJournal } from '#engine/journal/chained-journal';
import type { StoredEntry } from '#engine/journal/journal';
import type { Log } from '#engine/store/log';
import { logField } from '#engine/store/log-field';
import { StoreError } from '#engine/store/store-error';
import type { Decision, DecisionContext } from '#shared/desk/decision';
import { isRefusal } from '#shared/desk/decision';
import type { JournalEvent, Mode } from '#shared/journal/entry';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

/** Entries that no person asked for are signed by the part of the engine that saw them. */
export type Actor = 'person' | 'watch' | 'engine';

export class Recorder {
  readonly journal: ChainedJournal;
  readonly mode: Mode;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #session: string;
  readonly #person: () => string;
  readonly #log: Log;
  /** Why the journal cannot be written at present; null while it can. */
  failure: StoreError | null = null;

  constructor(parts: {
    journal: ChainedJournal;
    mode: Mode;
    clock: Clock;
    newId: () => string;
    session: string;
    person: () => string;
    log: Log;
  }) {
    this.journal = parts.journal;
    this.mode = parts.mode;
    this.#clock = parts.clock;
    this.#newId = parts.newId;
    this.#session = parts.session;
    this.#person = parts.person;
    this.#log = parts.log;
  }

  /** `statedPerson` acts instead of the one on duty, under the name that was given. */
  context(actor: Actor = 'person', statedPerson?: string): DecisionContext {
    return { nowMs: this.#clock.nowMs(), newId: this.#newId, actor: statedPerson ?? this.#name(actor) };
  }

  /** In whose name a command is being carried out; outside any, who is signed in at this desk. */
  onDuty(): string {
    return this.#name('person');
  }

  /** Records a decision: its entries are on disk when this returns. `request` names it in the log. */
  record(
    request: string,
    decision: Decision<JournalEvent>,
    options: { actor?: Actor; opId?: string | undefined; statedPerson?: string | undefined } = {},
  ): Outcome<readonly StoredEntry[]> {
    if (isRefusal(decision)) return this.refused(request, decision);
    try {
      const entries = this.append(decision, options.actor ?? 'person', options.opId, options.statedPerson);
      return accept(entries);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return this.refused(request, refuse('FAILED', `not recorded: ${error.message}`));
    }
  }

  /** Throws a StoreError when the journal cannot be written. */
  append(events: readonly JournalEvent[], actor: Actor, opId?: string, statedPerson?: string): readonly StoredEntry[] {
    try {
      const entries = this.journal.append(
        events,
        { actor: statedPerson ?? this.#name(actor), session: this.#sessionOf(actor), mode: this.mode },
        opId,
      );
      if (events.length > 0) this.failure = null;
      return entries;
    } catch (error) {
      if (error instanceof StoreError) {
        this.failure = error;
        this.#log('error', 'journalAppendFailed', { code: error.code, message: error.message });
      }
      throw error;
    }
  }

  refused(request: string, refusal: Refusal): Refusal {
    // Without the message, which repeats what a person typed: the log lies in clear, and the journal has all of it.
    this.#log('info', 'requestRefused', { request, refusal: refusal.code, field: logField(refusal.field) });
    return refusal;
  }

  #name(actor: Actor): string {
    return actor === 'person' ? (actingNow()?.actor ?? this.#person()) : actor;
  }

  #sessionOf(actor: Actor): string {
    return actor === 'person' ? (actingNow()?.sessionId ?? this.#session) : this.#session;
  }
}
