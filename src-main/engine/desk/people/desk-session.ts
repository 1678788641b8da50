/** Who sits at this desk: one person at a time for all its windows, with their key in memory, locked and unlocked, and everybody told when that changes. */
import type { Clock } from '#engine/clock';
import { actAs } from '#engine/desk/bus/acting';
import type { Recorder } from '#engine/desk/record';
import type { Signer } from '#engine/journal/signing/signer-interface';
import type { LockCause, SessionEvent } from '#shared/desk/people/events';

export type Session = { sessionId: string; personId: string; signedInAtMs: number };
type Entered = Extract<SessionEvent, { type: 'session.signedIn' }>['payload']['by'];
type Left = Extract<SessionEvent, { type: 'session.signedOut' }>['payload']['cause'];

export type DeskSessionParts = {
  recorder: Recorder;
  clock: Clock;
  newId: () => string;
  signer: () => Signer | null;
  onFault: (what: string, error: unknown) => void;
};

export class DeskSession {
  readonly #parts: DeskSessionParts;
  #session: Session | null = null;
  #key: Uint8Array | null = null;
  #locked: LockCause | null = null;
  #lastActivityMs = 0;
  readonly #listeners: (() => void)[] = [];
  /** Grows with every change of who sits here and whether the desk is locked. */
  version = 0;

  constructor(parts: DeskSessionParts) {
    this.#parts = parts;
  }

  get current(): Session | null {
    return this.#session;
  }

  get locked(): LockCause | null {
    return this.#locked;
  }

  /** The 32 bytes of the person who is signed in; null for anybody else. */
  keyOf(personId: string): Uint8Array | null {
    return this.#session?.personId === personId ? this.#key : null;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  enter(personId: string, key: Uint8Array, by: Entered): Session {
    this.leave('switched');
    const { clock, newId, signer } = this.#parts;
    const signedInAtMs = clock.nowMs();
    const session = { sessionId: newId(), personId, signedInAtMs };
    this.#session = session;
    this.#key = key;
    this.#lastActivityMs = signedInAtMs;
    this.#note({ type: 'session.signedIn', subject: `person:${personId}`, payload: { personId, by, atMs: signedInAtMs } });
    this.#attempt('openKey', () => signer()?.open(personId, key));
    this.#changed();
    return session;
  }

  leave(cause: Left): void {
    const session = this.#session;
    if (session === null) return;
    const { personId } = session;
    this.#attempt('closeKey', () => this.#parts.signer()?.close(personId));
    this.#note({ type: 'session.signedOut', subject: `person:${personId}`, payload: { personId, cause, atMs: this.#parts.clock.nowMs() } });
    this.#key?.fill(0);
    this.#key = null;
    this.#session = null;
    this.#locked = null;
    this.#changed();
  }

  lock(cause: LockCause): void {
    const session = this.#session;
    if (session === null || this.#locked !== null) return;
    const { personId } = session;
    this.#locked = cause;
    this.#attempt('closeKey', () => this.#parts.signer()?.close(personId));
    this.#note({ type: 'session.locked', subject: `person:${personId}`, payload: { personId, cause, atMs: this.#parts.clock.nowMs() } });
    this.#changed();
  }

  unlock(by: Extract<SessionEvent, { type: 'session.unlocked' }>['payload']['by']): void {
    const session = this.#session;
    if (session === null || this.#locked === null) return;
    const { personId } = session;
    this.#locked = null;
    this.#lastActivityMs = this.#parts.clock.nowMs();
    this.#note({ type: 'session.unlocked', subject: `person:${personId}`, payload: { personId, by, atMs: this.#lastActivityMs } });
    const key = this.#key;
    if (key !== null) this.#attempt('openKey', () => this.#parts.signer()?.open(personId, key));
    this.#changed();
  }

  onActivity(): void {
    this.#lastActivityMs = this.#parts.clock.nowMs();
  }

  /** A clock set back counts as activity: better a late lock than one in the middle of work; the next idle time is measured from there. */
  lockIfIdle(idleLockMs: number | null): void {
    const nowMs = this.#parts.clock.nowMs();
    if (nowMs < this.#lastActivityMs) this.#lastActivityMs = nowMs;
    if (idleLockMs !== null && nowMs - this.#lastActivityMs >= idleLockMs) this.lock('idle');
  }

  #note(event: SessionEvent): void {
    // The outcome shows in the journal's state: somebody whose coming cannot be written down may still have to save the desk.
    const session = this.#session;
    // In the name of whom it is about: at a switch somebody else was acting a moment ago.
    if (session !== null) actAs({ actor: session.personId, sessionId: session.sessionId }, () => this.#parts.recorder.record(event.type, [event]));
  }

  #attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#parts.onFault(what, error);
    }
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}
