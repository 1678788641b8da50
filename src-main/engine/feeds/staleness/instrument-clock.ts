/** The second staleness clock: an instrument that is silent while it trades is stale; the same silence over lunch or at night is not. */
import type { Calendar, InstrumentStatus, Session } from '#shared/feed/items';
import { type SessionState, sessionMomentAt } from '#shared/market/session-calendar';

export type InstrumentFreshness = {
  state: 'live' | 'stale' | 'closed' | 'unknown';
  session: SessionState;
  /** Silence that counts: since the last tick or since trading (re)opened, whichever is later; null while closed or unknown. */
  ageMs: number | null;
};

export type InstrumentClockInput = {
  /** Time of the last tick on the same clock as `nowMs`; null when there was none. */
  lastTickMs: number | null;
  /** Wall time, or the source's own time for a simulated feed (see SourceClock). */
  nowMs: number;
  session: Session | null;
  calendar: Calendar | null;
  /** The exchange's own word, where the feed carries it: it knows of halts that no calendar knows. */
  status: InstrumentStatus['instrumentStatus'] | null;
  staleAfterMs: number;
};

/** Statuses in which no ticks are due, whatever the calendar says. */
const QUIET_STATUSES: ReadonlySet<string> = new Set(['beforeTrading', 'noTrading', 'closed', 'transactionProcessing', 'auctionBalance']);

export function instrumentFreshness(input: InstrumentClockInput): InstrumentFreshness {
  const { lastTickMs, nowMs, session, calendar, status, staleAfterMs } = input;
  const moment = session === null || calendar === null ? null : sessionMomentAt(session, calendar, nowMs);
  const sessionState = moment?.state ?? 'unknown';
  if (status !== null && QUIET_STATUSES.has(status)) {
    return { state: 'closed', session: sessionState === 'open' ? 'break' : sessionState, ageMs: null };
  }
  if (moment === null || sessionState === 'unknown') return { state: 'unknown', session: 'unknown', ageMs: null };
  if (sessionState !== 'open') return { state: 'closed', session: sessionState, ageMs: null };
  const openedMs = moment.sinceMs ?? nowMs;
  const ageMs = Math.max(0, nowMs - Math.max(openedMs, lastTickMs ?? Number.NEGATIVE_INFINITY));
  return { state: ageMs > staleAfterMs ? 'stale' : 'live', session: 'open', ageMs };
}
