/** What every way out has in common: one message, one attempt, one outcome with a code; what went wrong is a value, never thrown. */
import type { FailureCode } from '#shared/desk/delivery/notice';

export type OutgoingMessage = {
  /** The same in every attempt of one delivery: whoever receives it twice can tell. */
  deliveryId: string;
  subject: string;
  text: string;
  /** For machines; the same facts. */
  body: Record<string, unknown>;
};

/** `isFinal`: trying again cannot help (the address is wrong), so the ladder goes on at once. */
export type AttemptOutcome = { ok: true; detail: string } | { ok: false; code: FailureCode; detail: string; isFinal: boolean };

export type AttemptOptions = { secret: string | null; timeoutMs: number };

export function failed(code: FailureCode, detail: string, isFinal = false): AttemptOutcome {
  return { ok: false, code, detail: detail.slice(0, 500), isFinal };
}

/** What Node says of a connection, in the desk's words. */
export function connectionFailure(error: unknown): AttemptOutcome {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EDNS') return failed('addressUnknown', message);
  if (code === 'ECONNREFUSED') return failed('connectionRefused', message);
  if (code === 'ETIMEDOUT' || code === 'ABORT_ERR') return failed('timedOut', message);
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return failed('tlsFailed', message);
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ESOCKET' || code === 'ECONNECTION') {
    return /certificate|TLS|SSL/i.test(message)
      ? failed('tlsFailed', message)
      : failed(/ECONNREFUSED/.test(message) ? 'connectionRefused' : 'connectionLost', message);
  }
  return failed('fault', message);
}
