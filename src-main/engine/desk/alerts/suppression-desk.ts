/** What people silence: begun, extended and lifted by them, warned of and ended by the clock, woken when what it covers gets graver. */
import type { Recorder } from '#engine/desk/record';
import { DELIVERY_DOCUMENTS } from '#engine/journal/fold-delivery';
import type { RequestPayload } from '#shared/contract/requests';
import type { Alert } from '#shared/desk/alerts/alert';
import type { AlertPolicy } from '#shared/desk/alerts/policy';
import {
  decideExtend,
  decideLift,
  decideSuppress,
  decideSuppressionClock,
  decideWake,
  isSuppressing,
  type Suppression,
  type SuppressionEvent,
  suppressionSchema,
} from '#shared/desk/alerts/suppression';
import { accept, type Outcome, refuse } from '#shared/refusal';

export class SuppressionDesk {
  readonly #recorder: Recorder;
  readonly #policy: AlertPolicy;
  #live: Suppression[] | null = null;

  constructor(recorder: Recorder, policy: AlertPolicy) {
    this.#recorder = recorder;
    this.#policy = policy;
  }

  /** Called after entries about suppressions were committed. */
  forget(): void {
    this.#live = null;
  }

  /** What holds or will hold. One that cannot be read silences nothing: doubt is decided for being told. */
  live(): readonly Suppression[] {
    this.#live ??= this.#recorder.journal.tables.documents.all(DELIVERY_DOCUMENTS.suppressions).flatMap(({ body }) => {
      const parsed = suppressionSchema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
    return this.#live;
  }

  recentlyEnded(limit: number): Suppression[] {
    return this.#recorder.journal.tables.documents.newest(DELIVERY_DOCUMENTS.endedSuppressions, limit).flatMap(({ body }) => {
      const parsed = suppressionSchema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
  }

  coveringOf(alert: Alert, nowMs: number): Suppression | null {
    return this.live().find((suppression) => isSuppressing(suppression, alert, nowMs)) ?? null;
  }

  suppress(payload: RequestPayload<'alert.suppress'>): Outcome<Suppression> {
    const { kind, matcher, covers, durationMs, window, reasonCode, note, ticket } = payload;
    const command = { kind, matcher, covers, durationMs, window: window ?? null, reasonCode, note, ticket: ticket ?? '' };
    const decision = decideSuppress(command, this.#recorder.context(), this.#policy);
    const recorded = this.#recorder.record('alert.suppress', decision);
    if (!recorded.ok) return recorded;
    this.forget();
    const id = recorded.value[0]?.subject.slice('suppression:'.length);
    const made = this.live().find(({ suppressionId }) => suppressionId === id);
    return made === undefined ? refuse('FAILED', 'it was recorded and cannot be read back') : accept(made);
  }

  extend(payload: RequestPayload<'alert.extendSuppression'>): Outcome<Suppression> {
    const found = this.#find(payload.suppressionId);
    if (!found.ok) return this.#recorder.refused('alert.extendSuppression', found);
    if (found.value.covers !== payload.covers)
      return this.#recorder.refused('alert.extendSuppression', refuse('CONFLICT', `it covers ${found.value.covers}`, 'covers'));
    const decision = decideExtend(found.value, payload.durationMs, payload.note, this.#recorder.context(), this.#policy);
    const recorded = this.#recorder.record('alert.extendSuppression', decision);
    if (!recorded.ok) return recorded;
    this.forget();
    return this.#find(payload.suppressionId);
  }

  lift(payload: RequestPayload<'alert.liftSuppression'>): Outcome<Record<string, never>> {
    const found = this.#find(payload.suppressionId);
    if (!found.ok) return this.#recorder.refused('alert.liftSuppression', found);
    const recorded = this.#recorder.record('alert.liftSuppression', decideLift(found.value, payload.note, this.#recorder.context()));
    if (!recorded.ok) return recorded;
    this.forget();
    return accept({});
  }

  /** Ends and warns. Answers what was warned of, to be told. Throws a StoreError when it cannot be written. */
  onClock(nowMs: number): Suppression[] {
    const warned: Suppression[] = [];
    const events: SuppressionEvent[] = [];
    for (const suppression of this.live()) {
      const due = decideSuppressionClock(suppression, nowMs, this.#policy);
      if (due[0]?.type === 'suppression.warned') warned.push(suppression);
      events.push(...due);
    }
    this.#append(events);
    return warned;
  }

  /** What changed about an alert ends one-shot shelving, and wakes what has become graver. */
  onAlertChange(before: Alert, after: Alert, nowMs: number): void {
    this.#append(this.live().flatMap((suppression) => decideWake(suppression, before, after, nowMs)));
  }

  #append(events: readonly SuppressionEvent[]): void {
    if (events.length === 0) return;
    this.#recorder.append(events, 'engine');
    this.forget();
  }

  #find(suppressionId: string): Outcome<Suppression> {
    const found = this.live().find((each) => each.suppressionId === suppressionId);
    return found === undefined ? refuse('UNKNOWN', `no suppression ${suppressionId} is in force`, 'suppressionId') : accept(found);
  }
}
