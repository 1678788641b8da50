/** Another person at the same screen: confirms one command by their own credentials, once, for exactly what was shown to them. */
import type { Outcome } from '#shared/refusal';

/** Who confirmed, and the proof that goes into the entry beside the first person's. */
export type ConfirmedBy = { personId: string; sessionId: string; keyId: string; signature: string };

export type SecondPerson = {
  /**
   * Uses up a confirmation. `payload` is the command's own payload without `confirmationId`. Refused: unknown, used or expired confirmation
   * (UNKNOWN, CONFLICT), another request or payload than the one confirmed (CONFLICT), the same human as the one signed in (FORBIDDEN).
   */
  take(confirmationId: string, about: { request: string; payload: unknown }): Outcome<ConfirmedBy>;
};
