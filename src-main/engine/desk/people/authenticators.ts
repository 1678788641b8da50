/** The machine's own authenticator (fingerprint, face) as a quick way back to a locked desk: enrolled by a password, checked here, and taken away with it. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '#engine/clock';
import { checkAssertion, counterOf, faultOfCreated } from '#engine/desk/people/assertion';
import type { Keyring } from '#engine/desk/people/keyring';
import type { AuthenticatorAnswer, AuthenticatorOrder } from '#shared/contract/authenticator';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

/** Asks the shell, which alone has windows; a refusal when there is no shell or it does not answer. */
export type AskAuthenticator = (order: AuthenticatorOrder) => Promise<Outcome<AuthenticatorAnswer>>;

export type AuthenticatorParts = { keyring: Keyring; clock: Clock; ask: AskAuthenticator | undefined };

const CHALLENGE_BYTES = 32;
const USER_ID_BYTES = 16;

export class Authenticators {
  readonly #parts: AuthenticatorParts;
  #isThere: boolean | null = null;
  #isAsking = false;

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /** Asked once for each start: an authenticator that is plugged in or switched off later is told by its use. */
  async isThere(): Promise<boolean> {
    if (this.#isThere !== null) return this.#isThere;
    const answer = await this.#ask({ kind: 'probe' });
    this.#isThere = answer.ok && answer.value.kind === 'probed' && answer.value.isThere;
    return this.#isThere;
  }

  /** Whether the lock screen may offer it: never before this machine has said that it works. */
  offers(personId: string): boolean {
    return this.#isThere === true && this.#parts.keyring.ring(personId).authenticators.length > 0;
  }

  /** After the password was checked. Refused: UNAVAILABLE where the machine has none, CONFLICT when the person let it be, FORBIDDEN for what does not hold. */
  async enrol(personId: string, name: string): Promise<Outcome<null>> {
    if (!(await this.isThere())) return refuse('UNAVAILABLE', 'this machine has no authenticator that verifies who is there');
    const { keyring, clock } = this.#parts;
    const known = keyring.ring(personId).authenticators;
    const challenge = newChallenge();
    const userId = randomBytes(USER_ID_BYTES).toString('base64url');
    const excluded = known.map(({ credentialId }) => credentialId);
    const answer = await this.#ask({ kind: 'create', challenge, userId, name, excluded });
    if (!answer.ok) return answer;
    const created = answer.value;
    if (created.kind !== 'created') return notProved(created);
    const fault = faultOfCreated(created, challenge);
    if (fault !== null) return refuse('FORBIDDEN', `the authenticator's answer does not hold: ${fault}`, 'authenticator');
    const { credentialId, publicKey, algorithm } = created;
    const added = { credentialId, publicKey, algorithm, counter: counterOf(created.authenticatorData), addedAtMs: clock.nowMs() };
    // One for each person at a desk: a new one takes the place of what was there.
    keyring.update(personId, { authenticators: [added] });
    return accept(null);
  }

  /** Whether it is the person's own, now. Null when it is; else why not. */
  async prove(personId: string): Promise<Refusal | null> {
    const { keyring } = this.#parts;
    const known = keyring.ring(personId).authenticators;
    if (known.length === 0) return refuse('CONFLICT', 'no authenticator was enrolled', 'authenticator');
    const challenge = newChallenge();
    const answer = await this.#ask({ kind: 'get', challenge, allowed: known.map(({ credentialId }) => credentialId) });
    if (!answer.ok) return answer;
    const asserted = answer.value;
    if (asserted.kind !== 'asserted') return notProved(asserted);
    // Read again: it may have been taken away while it was being touched.
    const kept = keyring.ring(personId).authenticators.find(({ credentialId }) => credentialId === asserted.credentialId);
    if (kept === undefined) return refuse('FORBIDDEN', 'this authenticator is not enrolled here', 'authenticator');
    const checked = checkAssertion(asserted, kept, challenge);
    if ('fault' in checked) return refuse('FORBIDDEN', `the authenticator's answer does not hold: ${checked.fault}`, 'authenticator');
    keyring.update(personId, { authenticators: [{ ...kept, counter: checked.counter }] });
    return null;
  }

  /** One at a time: there is one finger and one window. */
  async #ask(order: AuthenticatorOrder): Promise<Outcome<AuthenticatorAnswer>> {
    const { ask } = this.#parts;
    if (ask === undefined) return refuse('UNAVAILABLE', 'there is no window here that could ask an authenticator');
    if (this.#isAsking) return refuse('CONFLICT', 'it is being asked already', 'authenticator');
    this.#isAsking = true;
    try {
      return await ask(order);
    } finally {
      this.#isAsking = false;
    }
  }
}

function newChallenge(): string {
  return randomBytes(CHALLENGE_BYTES).toString('base64url');
}

function notProved(answer: AuthenticatorAnswer): Refusal {
  const said = answer.kind === 'failed' ? answer : { reason: 'fault', message: `it answered ${answer.kind}` };
  return said.reason === 'cancelled'
    ? refuse('CONFLICT', 'it was cancelled, or took too long', 'authenticator')
    : refuse('FAILED', `the authenticator could not be asked: ${said.message}`, 'authenticator');
}
