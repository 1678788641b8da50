/** Each person's own way to the desk's data key: kept up as people sign in and leave, so that a lost keychain ends nothing, and used again by one who knows their password. */
import { join } from 'node:path';
import type { SecretRules } from '#engine/desk/people/access-data';
import { Keyring } from '#engine/desk/people/keyring';
import { unwrapKey } from '#engine/desk/people/personal-key';
import { Secrets } from '#engine/desk/people/secrets';
import { type DataKey, layOpenDataKey, slotsOf } from '#engine/store/data-key';
import { KeyringFile } from '#engine/store/keyring-file';

const PREFIX = 'person:';

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

  /** Of somebody who has left. The copy of the key file that lies with the back-ups is written anew with it; copies elsewhere are not. */
  remove(personId: string): void {
    this.#attempt((dataKey) => dataKey.removeSlot(`${PREFIX}${personId}`));
  }

  #attempt(work: (dataKey: DataKey) => void): void {
    try {
      if (this.#dataKey !== null) work(this.#dataKey);
    } catch (error) {
      this.#onFault(error);
    }
  }
}

/**
 * For a desk whose keychain is lost, while nothing runs on its folder: with the password of anybody who has signed in there, the key is laid into its file
 * again, from where a keychain takes it at the next start. Answers whose password it was; null when it was nobody's. As slow for each person as
 * signing in. Throws a StoreError `keyMissing` without a key file, and what the disk throws.
 */
export async function layOpenByPassword(folder: string, password: string, rules: SecretRules, nowMs: number): Promise<string | null> {
  const slots = slotsOf(folder);
  const keyring = new Keyring(new KeyringFile(join(folder, 'keyring.json')), nowMs);
  const secrets = new Secrets(rules, null);
  try {
    for (const slot of slots) {
      if (!slot.startsWith(PREFIX)) continue;
      const personId = slot.slice(PREFIX.length);
      const { personalKey } = keyring.ring(personId);
      if (personalKey === null) continue;
      const { salt, cost, wrapped } = personalKey;
      const key = unwrapKey(wrapped, await secrets.derive(password, Buffer.from(salt, 'base64'), cost), personId);
      if (key !== null && layOpenDataKey(folder, { slot, key })) return personId;
    }
    return null;
  } finally {
    await secrets.stop();
  }
}
