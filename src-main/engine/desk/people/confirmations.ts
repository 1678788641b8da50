/** Keeps what a second person confirmed at this screen: for one command with exactly this payload, once, for minutes, and never by the one who asks. */
import type { Clock } from '#engine/clock';
import { LifeClock } from '#engine/desk/approvals/life-clock';
import type { Recorder } from '#engine/desk/record';
import type { ConfirmedBy, SecondPerson } from '#engine/desk/second-person';
import type { Signer } from '#engine/journal/signing/signer-interface';
import { sha256 } from '#engine/store/hash';
import type { RequestAnswer } from '#shared/contract/requests';
import type { SessionEvent } from '#shared/desk/people/events';
import type { Person } from '#shared/desk/people/person';
import { canonicalJson } from '#shared/journal/canonical';
import { confirmationStatement } from '#shared/journal/signature';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

export type ConfirmationParts = {
  recorder: Recorder;
  clock: Clock;
  newId: () => string;
  lifeMs: number;
  signer: () => Signer | null;
  signedIn: () => { personId: string; sessionId: string } | null;
  /** The human behind a record: one who has two is no second person. */
  humanOf: (personId: string) => string;
  /** Why this person may not confirm this request; null when they may. Asked when they confirm and again, with all that it is about, when it is used. */
  refuses: (personId: string, request: string, payload?: unknown) => Refusal | null;
};

type About = { request: string; payloadHash: string };
type Kept = ConfirmedBy & About & { forSessionId: string; expiresAtMs: number; isUsed: boolean };

/** Kept for a while after its end, so that whoever comes late is told that it expired and not that it never was. */
const REMEMBERED_MS = 3_600_000;
const MAX_KEPT = 200;

export class Confirmations implements SecondPerson {
  readonly #parts: ConfirmationParts;
  readonly #kept = new Map<string, Kept>();
  /** Never runs backwards: a clock that is set back keeps nothing alive. */
  readonly #life: LifeClock;

  constructor(parts: ConfirmationParts) {
    this.#parts = parts;
    this.#life = new LifeClock(parts.clock, 0);
  }

  /** `key` is the second person's own, for this one signature. Refused: FORBIDDEN for who may not confirm it, CONFLICT for the person signed in, UNAVAILABLE without signatures. */
  give(person: Person, key: Uint8Array, about: About): Outcome<RequestAnswer<'auth.confirm'>> {
    const { recorder, newId, lifeMs, signer, signedIn } = this.#parts;
    const first = signedIn();
    if (first === null) return refuse('FORBIDDEN', 'nobody is signed in at this desk');
    if (this.#isSameHuman(first.personId, person.personId)) return refuse('CONFLICT', 'the second person must be somebody else', 'login');
    const refused = this.#parts.refuses(person.personId, about.request);
    if (refused !== null) return refused;
    const signing = signer();
    if (signing === null) return refuse('UNAVAILABLE', 'signatures are not available');
    const confirmationId = newId();
    const { personId, displayName } = person;
    const atMs = this.#life.nowMs();
    const { keyId, signature } = signing.signOnce(personId, key, confirmationStatement({ confirmationId, personId, ...about }));
    const event: SessionEvent = {
      type: 'session.confirmed',
      subject: `person:${personId}`,
      payload: { personId, confirmationId, ...about, keyId, signature, atMs },
    };
    const recorded = recorder.record('auth.confirm', [event]);
    if (!recorded.ok) return recorded;
    const expiresAtMs = atMs + lifeMs;
    if (this.#kept.size >= MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
    const sessionId = confirmationId;
    this.#kept.set(confirmationId, { personId, sessionId, keyId, signature, ...about, forSessionId: first.sessionId, expiresAtMs, isUsed: false });
    return accept({ confirmationId, personId, displayName, expiresAtMs });
  }

  take(confirmationId: string, about: { request: string; payload: unknown }): Outcome<ConfirmedBy> {
    const kept = this.#kept.get(confirmationId);
    const first = this.#parts.signedIn();
    if (kept === undefined) return refuse('UNKNOWN', 'there is no such confirmation: ask the second person again', 'confirmationId');
    if (kept.isUsed) return refuse('CONFLICT', 'this confirmation has been used', 'confirmationId');
    if (this.#life.nowMs() >= kept.expiresAtMs) return refuse('CONFLICT', 'this confirmation has expired', 'confirmationId');
    if (first === null || first.sessionId !== kept.forSessionId) return refuse('CONFLICT', 'it was given to another session', 'confirmationId');
    if (this.#isSameHuman(first.personId, kept.personId)) return refuse('FORBIDDEN', 'the second person must be somebody else', 'confirmationId');
    if (about.request !== kept.request || sha256(canonicalJson(about.payload)) !== kept.payloadHash) {
      return refuse('CONFLICT', 'what was confirmed is not what is asked for now', 'confirmationId');
    }
    const refused = this.#parts.refuses(kept.personId, kept.request, about.payload);
    if (refused !== null) return refused;
    kept.isUsed = true;
    const { personId, sessionId, keyId, signature } = kept;
    return accept({ personId, sessionId, keyId, signature });
  }

  forgetExpired(): void {
    const nowMs = this.#life.nowMs();
    for (const [id, { expiresAtMs }] of this.#kept) if (nowMs - expiresAtMs > REMEMBERED_MS) this.#kept.delete(id);
  }

  #isSameHuman(first: string, second: string): boolean {
    return first === second || this.#parts.humanOf(first) === this.#parts.humanOf(second);
  }
}
