/** Answers whether a secret is a person's own: throttled before it is checked, on a thread of its own, and the same slow answer for people who do not exist. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '#engine/clock';
import type { AccessData } from '#engine/desk/people/access-data';
import type { Authenticators } from '#engine/desk/people/authenticators';
import type { Keyring, Ring } from '#engine/desk/people/keyring';
import type { PeopleRecords } from '#engine/desk/people/people-records';
import { newPersonalKey, publishedKey, unwrapKey, wrapKey } from '#engine/desk/people/personal-key';
import type { HashCost } from '#engine/desk/people/secret-worker';
import type { Secrets } from '#engine/desk/people/secrets';
import type { SessionEvent } from '#shared/desk/people/events';
import type { Person } from '#shared/desk/people/person';
import { afterFailure, judgeThrottle, NOT_THROTTLED, type Throttle } from '#shared/desk/people/throttle';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

type Refused = Extract<SessionEvent, { type: 'session.refused' }>['payload'];
type What = Refused['what'];
type Why = Refused['reason'];

export type Proven = { person: Person; by: 'password' | 'published'; key: Uint8Array };

const SALT_BYTES = 16;

export type CredentialParts = {
  data: AccessData;
  records: PeopleRecords;
  keyring: Keyring;
  secrets: Secrets;
  authenticators: Authenticators;
  clock: Clock;
  /** Journals that somebody was not let in. Waits that are asked for again and again are not. */
  onRefused: (refused: Omit<Refused, 'atMs' | 'count'>) => void;
};

export class Credentials {
  readonly #parts: CredentialParts;

  constructor(parts: CredentialParts) {
    this.#parts = parts;
  }

  /** By login and password. Refused: FORBIDDEN with one and the same message for every wrong try, CONFLICT with `until` in its message while throttled. */
  async prove(login: string, secret: string, what: What): Promise<Outcome<Proven>> {
    const person = this.#parts.records.findLogin(login);
    if (person?.isDemonstration === true) return this.#provePublished(person, secret, what);
    return person === null ? this.#refuseStranger(secret, what) : this.#proveOwn(person, secret, what);
  }

  /** By the PIN of somebody who has signed in before: opens nothing but their own lock. */
  async provePin(person: Person, pin: string, what: What): Promise<Outcome<null>> {
    const { data, keyring, secrets } = this.#parts;
    const published = person.isDemonstration ? data.demonstration.secrets.get(person.personId) : undefined;
    if (published !== undefined) return pin === published.pin ? accept(null) : this.#refused(person, what, 'wrong', 0);
    const { pin: phc, pinThrottle } = keyring.ring(person.personId);
    if (phc === null) return this.#refused(person, what, 'noSecret', 0);
    const throttled = this.#count(pinThrottle, 'pin', (next) => keyring.update(person.personId, { pinThrottle: next }));
    if (!throttled.ok) return throttled;
    if (!(await secrets.verify(pin, phc))) return this.#refused(person, what, 'wrong', throttled.value);
    keyring.update(person.personId, { pinThrottle: NOT_THROTTLED });
    return accept(null);
  }

  /** By the machine's own authenticator: opens nothing but the person's own lock. It counts wrong fingers itself, and a signature cannot be guessed. */
  async proveAuthenticator(person: Person, what: What): Promise<Outcome<null>> {
    const refusal = await this.#parts.authenticators.prove(person.personId);
    if (refusal?.code === 'FORBIDDEN') this.#refused(person, what, 'wrong', 0);
    return refusal ?? accept(null);
  }

  /** A one-time or recovery code, used up. */
  async proveCode(login: string, code: string): Promise<Outcome<Person>> {
    const { records, keyring, clock } = this.#parts;
    const person = records.findLogin(login);
    if (person === null || person.isDemonstration) return this.#refuseStranger(code, 'code');
    const throttled = this.#count(keyring.ring(person.personId).secretThrottle, 'secret', (next) =>
      keyring.update(person.personId, { secretThrottle: next }),
    );
    if (!throttled.ok) return throttled;
    if (person.state === 'disabled') return this.#refused(person, 'code', 'disabled', throttled.value);
    const taken = keyring.takeCode(person.personId, code, clock.nowMs());
    if (taken !== 'taken') return this.#refused(person, 'code', taken, throttled.value);
    return accept(person);
  }

  /**
   * A new password. `key` is the person's own as long as it is known: what it opens stays open with the new password. Null makes a new one, and what
   * the old one had wrapped is lost.
   */
  async choose(personId: string, secret: string, key: Uint8Array | null): Promise<Uint8Array> {
    const { secrets, keyring } = this.#parts;
    const phc = await secrets.hash(secret);
    const own = key ?? newPersonalKey();
    const personalKey = await this.#wrapped(personId, secret, own);
    const codes = keyring.ring(personId).codes.filter(({ kind }) => kind === 'recovery');
    keyring.update(personId, {
      secret: phc,
      personalKey,
      codes,
      secretThrottle: NOT_THROTTLED,
      pinThrottle: NOT_THROTTLED,
      // Without the old password nobody can say whose finger that was.
      ...(key === null ? { slots: {}, authenticators: [] } : {}),
    });
    return own;
  }

  /** Long and unguessable enough by the dated row; the person's own names count as guesses. */
  async judge(secret: string, words: string[]): Promise<{ isStrongEnough: boolean; guessesLog10: number; neededLog10: number; reasons: string[] }> {
    const { leastGuessesLog10, leastLength } = this.#parts.data.rules.strength;
    const { guessesLog10, reasons } = await this.#parts.secrets.judge(secret, words);
    const isLongEnough = [...secret.normalize('NFKC')].length >= leastLength;
    return {
      isStrongEnough: guessesLog10 >= leastGuessesLog10 && isLongEnough,
      guessesLog10,
      neededLog10: leastGuessesLog10,
      reasons: isLongEnough ? reasons : ['tooShort', ...reasons],
    };
  }

  async refuseWeak(secret: string, person: { login: string; displayName: string }): Promise<Refusal | null> {
    const { isStrongEnough, reasons } = await this.judge(secret, [person.login, ...person.displayName.split(/\s+/)]);
    return isStrongEnough ? null : refuse('INVALID', `secret: too easy to guess (${reasons.join(', ')})`, 'secret');
  }

  #provePublished(person: Person, secret: string, what: What): Outcome<Proven> {
    const published = this.#parts.data.demonstration.secrets.get(person.personId);
    if (published === undefined || secret !== published.secret) return this.#refused(person, what, 'wrong', 0);
    return accept({ person, by: 'published', key: publishedKey(person.personId) });
  }

  async #proveOwn(person: Person, secret: string, what: What): Promise<Outcome<Proven>> {
    const { keyring, secrets } = this.#parts;
    const { personId } = person;
    const ring = keyring.ring(personId);
    const throttled = this.#count(ring.secretThrottle, 'secret', (next) => keyring.update(personId, { secretThrottle: next }));
    if (!throttled.ok) return throttled;
    const isCopied = ring.copiedSecret !== null;
    if (ring.secret === null || (ring.personalKey === null && !isCopied)) {
      await secrets.hash(secret);
      return this.#refused(person, what, 'noSecret', throttled.value);
    }
    const isRight = await secrets.verify(secret, ring.secret);
    // After the check: a disabled person who types the wrong password learns no more than a stranger.
    if (!isRight) return this.#refused(person, what, 'wrong', throttled.value);
    const now = this.#parts.records.find(personId);
    if (now === null || now.state === 'disabled') return this.#refused(person, what, 'disabled', throttled.value);
    if (ring.personalKey === null) return accept({ person: now, by: 'password', key: await this.#firstKey(personId, secret) });
    const { salt, cost, wrapped } = ring.personalKey;
    const key = unwrapKey(wrapped, await secrets.derive(secret, Buffer.from(salt, 'base64'), cost), personId);
    if (key === null) return refuse('FAILED', 'the keyring was changed from outside: an administrator has to give a one-time code');
    keyring.update(personId, { secretThrottle: NOT_THROTTLED, lastSignInAtMs: this.#parts.clock.nowMs() });
    // A copied digest stays as it is, or the next copy would not know it again.
    if (!isCopied && costText(await secrets.cost()) !== costText(cost)) await this.choose(personId, secret, key);
    return accept({ person: now, by: 'password', key });
  }

  /** Of somebody whose password was copied to this drill desk: a key of their own here, which is not the one they have at the live desk. */
  async #firstKey(personId: string, secret: string): Promise<Uint8Array> {
    const own = newPersonalKey();
    const personalKey = await this.#wrapped(personId, secret, own);
    this.#parts.keyring.update(personId, { personalKey, secretThrottle: NOT_THROTTLED, lastSignInAtMs: this.#parts.clock.nowMs() });
    return own;
  }

  async #wrapped(personId: string, secret: string, key: Uint8Array): Promise<NonNullable<Ring['personalKey']>> {
    const cost = await this.#parts.secrets.cost();
    const salt = randomBytes(SALT_BYTES);
    const wrapped = wrapKey(key, await this.#parts.secrets.derive(secret, salt, cost), personId);
    return { salt: salt.toString('base64'), cost, wrapped };
  }

  /** As slow as for somebody who exists, and under one throttle for all who do not. */
  async #refuseStranger(secret: string, what: What): Promise<Refusal> {
    const { keyring, secrets } = this.#parts;
    const throttled = this.#count(keyring.strangers, 'secret', (next) => keyring.updateStrangers(next));
    if (!throttled.ok) return throttled;
    await secrets.hash(secret);
    return this.#refused(null, what, 'wrong', throttled.value);
  }

  /** Counts the try as failed, on disk, before anything is checked. Answers the number of failures with this one. */
  #count(throttle: Throttle, of: 'secret' | 'pin', save: (next: Throttle) => void): Outcome<number> {
    const nowMs = this.#parts.clock.nowMs();
    const verdict = judgeThrottle(throttle, nowMs);
    if (verdict.kind === 'wait') {
      const seconds = Math.ceil((verdict.untilMs - nowMs) / 1000);
      return refuse(
        'CONFLICT',
        verdict.isLockedOut ? `locked out for ${seconds} s` : `wait ${seconds} s`,
        verdict.isLockedOut ? 'lockedOut' : 'tooSoon',
      );
    }
    const next = afterFailure(throttle, this.#parts.data.rules.throttle[of], nowMs);
    save(next);
    return accept(next.failures);
  }

  #refused(person: Person | null, what: What, reason: Why, failures: number): Refusal {
    this.#parts.onRefused({ personId: person?.personId ?? null, what, reason, failures });
    if (reason === 'expired') return refuse('FORBIDDEN', 'the code has expired: ask for another', 'code');
    // One answer for wrong, unknown and disabled: whoever tries names learns nothing.
    return refuse('FORBIDDEN', 'the name or the secret is wrong', 'secret');
  }
}

function costText({ memoryKiB, iterations, parallelism }: HashCost): string {
  return `${memoryKiB}.${iterations}.${parallelism}`;
}
