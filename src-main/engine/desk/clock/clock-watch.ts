/** Doubts this machine's clock when it jumps, until people accept it: the desk goes on, and says which of its times nobody vouches for. */
import type { Clock } from '#engine/clock';
import type { DeviceRules } from '#engine/desk/devices/device-rules';
import type { Recorder } from '#engine/desk/record';
import type { StoredEntry } from '#engine/journal/journal';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import type { RequestPayload } from '#shared/contract/requests';
import { CLOCK_SUBJECT, type ClockDoubt, type ClockEvent, clockEventSchema, decideAcceptClock, evolveClock } from '#shared/desk/clock/clock';
import { accept, type Outcome } from '#shared/refusal';

const RULE_ID = 'desk-clock';
const MS_PER_SECOND = 1_000;

export type ClockWatchParts = {
  recorder: Recorder;
  clock: Clock;
  rules: () => DeviceRules;
  onConditions: (conditions: readonly Condition[]) => void;
  /** What was raised before a restart and is still on. */
  open: readonly OpenCondition[];
};

export class ClockWatch {
  readonly #parts: ClockWatchParts;
  #doubt: ClockDoubt | null = null;
  #wallMs: number;
  #monotonicMs: number;
  #hasSlept = false;
  #raised: Condition | null = null;
  readonly requests: { 'clock.accept': (payload: RequestPayload<'clock.accept'>) => Outcome<Record<string, never>> };

  constructor(parts: ClockWatchParts) {
    this.#parts = parts;
    const { journal } = parts.recorder;
    for (const entry of journal.entriesOf(CLOCK_SUBJECT)) if (journal.isIntact(entry.sequence)) this.#take(entry);
    journal.onAppended((entries) => {
      for (const entry of entries) if (entry.subject === CLOCK_SUBJECT) this.#take(entry);
    });
    const before = parts.open.find(({ ruleId }) => ruleId === RULE_ID);
    if (before !== undefined) {
      const { state: _state, ...rest } = before;
      this.#raised = { ...rest, transition: 'raised', atMs: rest.reason.observedAtMs };
    }
    this.#wallMs = parts.clock.nowMs();
    this.#monotonicMs = parts.clock.monotonicMs();
    this.requests = { 'clock.accept': (payload) => this.#accept(payload) };
  }

  /** Null while the clock is believed. */
  get doubt(): ClockDoubt | null {
    return this.#doubt;
  }

  /** At start: a clock behind the last entry ran backwards while the desk was closed. One that ran ahead cannot be told from time that passed. */
  begin(lastEntryAtMs: number | null): void {
    const { clock, rules } = this.#parts;
    const foundAtMs = clock.nowMs();
    const isBehind = lastEntryAtMs !== null && foundAtMs < lastEntryAtMs - rules().clockJumpSeconds * MS_PER_SECOND;
    if (isBehind) this.#jumped('start', lastEntryAtMs, foundAtMs);
    this.#tell();
  }

  /** The machine slept: its running time may have stood still meanwhile, so that a wall clock that is ahead says nothing. */
  onWake(): void {
    this.#hasSlept = true;
  }

  /** By the engine's timer. */
  tick(): void {
    const { clock, rules } = this.#parts;
    const wallMs = clock.nowMs();
    const monotonicMs = clock.monotonicMs();
    const expectedAtMs = this.#wallMs + Math.max(0, monotonicMs - this.#monotonicMs);
    const offMs = wallMs - expectedAtMs;
    const limitMs = rules().clockJumpSeconds * MS_PER_SECOND;
    const isJump = this.#hasSlept ? wallMs < this.#wallMs - limitMs : Math.abs(offMs) > limitMs;
    this.#hasSlept = false;
    this.#wallMs = wallMs;
    this.#monotonicMs = monotonicMs;
    if (isJump) this.#jumped('running', expectedAtMs, wallMs);
    this.#tell();
  }

  #accept(order: RequestPayload<'clock.accept'>): Outcome<Record<string, never>> {
    const { recorder, clock } = this.#parts;
    const decision = decideAcceptClock(this.#doubt, order, { ...recorder.context(), nowMs: clock.nowMs() });
    const recorded = recorder.record('clock.accept', decision);
    if (!recorded.ok) return recorded;
    this.#tell();
    return accept({});
  }

  #jumped(cause: 'running' | 'start', expectedAtMs: number, foundAtMs: number): void {
    const event: ClockEvent = { type: 'clock.jumped', subject: CLOCK_SUBJECT, payload: { cause, expectedAtMs, foundAtMs, atMs: foundAtMs } };
    // Where it cannot be written the journal says so itself; recording is never refused because of a clock.
    this.#parts.recorder.record('clock.jumped', [event], { actor: 'engine' });
  }

  #take(entry: StoredEntry): void {
    const event = clockEventSchema.safeParse({ type: entry.type, payload: JSON.parse(entry.payload) });
    if (event.success) this.#doubt = evolveClock(this.#doubt, event.data, entry.sequence);
  }

  /** Raises the condition once, and again when the clock jumped further; clears it when people accepted the clock. */
  #tell(): void {
    const { clock, onConditions } = this.#parts;
    const atMs = clock.nowMs();
    if (this.#doubt === null) {
      if (this.#raised !== null) onConditions([{ ...this.#raised, transition: 'cleared', atMs }]);
      this.#raised = null;
      return;
    }
    if (this.#raised !== null) return;
    this.#raised = this.#conditionOf(this.#doubt, atMs);
    onConditions([this.#raised]);
  }

  #conditionOf({ differenceMs, cause }: ClockDoubt, atMs: number): Condition {
    const { clockJumpSeconds, citation, certainty } = this.#parts.rules();
    return {
      ...{ transition: 'raised', ruleId: RULE_ID, kind: 'clockDoubted', entity: 'desk:clock', dimensions: {}, severity: 'high', atMs },
      reason: {
        ...{ ruleId: RULE_ID, ruleVersion: 1, metric: 'secondsOff', value: Math.round(differenceMs / MS_PER_SECOND) },
        ...{ enterThreshold: clockJumpSeconds, exitThreshold: null, thresholdCitation: citation, thresholdCertainty: certainty },
        ...{ observedAtMs: atMs, params: { cause } },
      },
    };
  }
}
