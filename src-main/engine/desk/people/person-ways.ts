/** Each person's own way to the desk's data key: kept up as people sign in and leave, so that a lost keychain ends nothing, and used again by one who knows their password. */
import { join } from 'node:path';
import type { SecretRules } from '#engine/desk/people/access-data';
import { Keyring, keyOfCode } from '#engine/desk/people/keyring';
import { unwrapKey } from '#engine/desk/people/personal-key';
import { Secrets } from '#engine/desk/people/secrets';
import { type DataKey, KEYCHAIN_SLOT, layOpenDataKey, leadsToDataKey, slotsOf, type WrappingKey } from '#engine/store/data-key';
import { KeyringFile } from '#engine/store/keyring-file';

const PREFIX = 'person:';
const CODE_PREFIX = 'code:';

/** Whether a way is a person's: their password, or a code of theirs. */
export function isWayOfPeople(slot: string): boolean {
  return slot.startsWith(PREFIX) || slot.startsWith(CODE_PREFIX);
}

export class PersonWays {
  readonly #dataKey: DataKey | null;
  readonly #onFault: (error: unknown) => void;

  /** Null where nothing is sealed by a key of this desk's own (tests of people alone). */
  constructor(dataKey: DataKey | null, onFault: (error: unknown) => void) {
    this.#dataKey = dataKey;
    this.#onFault = onFault;
  }

  /** After a sign-in by a password of one's own; a way that is there and opens is left as it is. A disk that refuses keeps nobody out. */
  keep(personId: string, key: Uint8Array): void {
    const way = { slot: `${PREFIX}${personId}`, key };
    this.#attempt((dataKey) => {
      if (!dataKey.opensWith(way)) dataKey.putSlot(way);
    });
  }

  /** A recovery code, when it is made: the desk keeps only what checks it, so that there is no later moment. */
  keepCode(name: string, code: string): void {
    this.#attempt((dataKey) => dataKey.putSlot({ slot: `${CODE_PREFIX}${name}`, key: keyOfCode(code) }));
  }

  /** Codes that were used up: a way whose code is no code any more. */
  removeCodes(names: readonly string[]): void {
    this.#attempt((dataKey) => {
      for (const name of names) dataKey.removeSlot(`${CODE_PREFIX}${name}`);
    });
  }

  /** Of somebody who has left, with their codes. The copy of the key file that lies with the back-ups is written anew with it; copies elsewhere are not. */
  remove(personId: string, codeNames: readonly string[]): void {
    this.#attempt((dataKey) => dataKey.removeSlot(`${PREFIX}${personId}`));
    this.removeCodes(codeNames);
  }

  #attempt(work: (dataKey: DataKey) => void): void {
    try {
      if (this.#dataKey !== null) work(this.#dataKey);
    } catch (error) {
      this.#onFault(error);
    }
  }
}

/** A way that somebody's secret opened, whose it was, and by what. */
export type FoundWay = { way: WrappingKey; personId: string; by: 'password' | 'code' };

/**
 * The way that a secret leads to, while nothing runs on the folder: the password of anybody who has signed in there, or a recovery code that was not used
 * yet. Null when it is nobody's. As slow for each person as signing in, since nobody's name can be read yet. Throws a StoreError `keyMissing`.
 */
export async function findWay(folder: string, secret: string, secrets: Secrets, keyring: Keyring): Promise<FoundWay | null> {
  const slots = slotsOf(folder);
  const code = keyring.findRecoveryCode(secret);
  if (code !== null) {
    const way = { slot: `${CODE_PREFIX}${code.name}`, key: keyOfCode(secret) };
    if (slots.includes(way.slot) && leadsToDataKey(folder, way)) return { way, personId: code.personId, by: 'code' };
  }
  for (const slot of slots) {
    if (!slot.startsWith(PREFIX)) continue;
    const personId = slot.slice(PREFIX.length);
    const { personalKey } = keyring.ring(personId);
    if (personalKey === null) continue;
    const { salt, cost, wrapped } = personalKey;
    const key = unwrapKey(wrapped, await secrets.derive(secret, Buffer.from(salt, 'base64'), cost), personId);
    if (key !== null && leadsToDataKey(folder, { slot, key })) return { way: { slot, key }, personId, by: 'password' };
  }
  return null;
}

/** How many people's passwords and unused codes lead to the key of a desk that is not running. Throws a StoreError `keyMissing`. */
export function countWays(folder: string): { people: number; codes: number; hasKeychain: boolean } {
  const slots = slotsOf(folder);
  const count = (prefix: string): number => slots.filter((slot) => slot.startsWith(prefix)).length;
  return { people: count(PREFIX), codes: count(CODE_PREFIX), hasKeychain: slots.includes(KEYCHAIN_SLOT) };
}

/**
 * For a desk whose keychain is lost, while nothing runs on its folder: with the password of anybody who has signed in there, or a recovery code, the key is laid
 * into its file again, from where a keychain takes it at the next start. Answers whose it was; null when it was nobody's. Throws a StoreError
 * `keyMissing` without a key file, and what the disk throws.
 */
export async function layOpenBySecret(folder: string, secret: string, rules: SecretRules, nowMs: number): Promise<string | null> {
  const keyring = new Keyring(new KeyringFile(join(folder, 'keyring.json')), nowMs);
  const secrets = new Secrets(rules, null);
  try {
    const found = await findWay(folder, secret, secrets, keyring);
    return found !== null && layOpenDataKey(folder, found.way) ? found.personId : null;
  } finally {
    await secrets.stop();
  }
}
