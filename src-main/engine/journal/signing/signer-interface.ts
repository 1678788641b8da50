/** Where sign-in and the signing of entries meet: sign-in opens a person's key with what their secret unwraps, the journal signs with it. */
import type { Signed } from '#shared/journal/signature';

export type { Signed };

export type Signer = {
  /**
   * Opens this person's key of this device and keeps it open until `close`. `personSecret`: 32 bytes that only this person's sign-in yields (the
   * keyring's own key, never the password itself). Enrols a key when the person has none here; a key that does not open with this secret is revoked
   * and replaced.
   */
  open(personId: string, personSecret: Uint8Array): void;
  /** Forgets the open key: at lock, sign-out and stop. */
  close(personId: string): void;
  /** For a person who confirms on the spot without being signed in: opens, signs the statement (`confirmationStatement`), forgets. */
  signOnce(personId: string, personSecret: Uint8Array, statement: string): Signed;
  /** All keys of a person, on this and on other devices: at deactivation, a lost device, a reset secret. Signatures after it are disputed. */
  revoke(personId: string, reason: 'deactivated' | 'secretReset' | 'deviceLost' | 'compromised'): void;
};
