/** Whether the machine opens the desk by itself when it starts, or people's secrets do: decided by people, on record, and never so that one forgotten word loses everything. */
import type { Clock } from '#engine/clock';
import { isWayOfPeople } from '#engine/desk/people/person-ways';
import type { Recorder } from '#engine/desk/record';
import type { DataKey } from '#engine/store/data-key';
import type { RequestPayload } from '#shared/contract/requests';
import type { DeskEventBody } from '#shared/desk/desk/events';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type KeyKeepingParts = { dataKey: DataKey | null; recorder: Recorder; clock: Clock; onKept: () => void };

/** A password and a code, or two people's passwords. */
const LEAST_WAYS = 2;

export class KeyKeeping {
  readonly #parts: KeyKeepingParts;

  constructor(parts: KeyKeepingParts) {
    this.#parts = parts;
  }

  /** The entry first: an entry about a change that the disk refused is better than a desk that does not open and nobody knows why. */
  keep({ keeping, reason }: RequestPayload<'desk.keepKey'>): Outcome<Record<string, never>> {
    const { dataKey, recorder, clock, onKept } = this.#parts;
    if (dataKey === null) return refuse('UNAVAILABLE', 'this desk has no key of its own');
    if (dataKey.keeping === keeping) return refuse('CONFLICT', 'the key is kept so already');
    if (keeping === 'signIn' && dataKey.slots().filter(isWayOfPeople).length < LEAST_WAYS) {
      return refuse('CONFLICT', `at least ${LEAST_WAYS} secrets must lead to the key first: let more people sign in`, 'keeping');
    }
    const event: DeskEventBody = { type: 'desk.keyKept', payload: { atMs: clock.nowMs(), before: dataKey.keeping, after: keeping, reason } };
    const recorded = recorder.record('desk.keepKey', [{ ...event, subject: 'desk' }]);
    if (!recorded.ok) return recorded;
    try {
      dataKey.keep(keeping);
    } catch (error) {
      return refuse('FAILED', `the key file could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    onKept();
    return accept({});
  }
}
