/** Raises when a feed falls silent, when quotes stop inside open sessions, and when accounts fall behind the market: one alert per feed, never one per contract. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { downMs, type LinkReading, silenceMs } from '#engine/watch/link-clocks';
import { EntityLadders, type ReasonParams, ruleParameter, type WatchMoment, type WatchRule } from '#engine/watch/rule';
import type { WatchRuleRow } from '#engine/watch/rule-schema';

type FeedMeasure = { value(metric: string): number; params: ReasonParams };
type Measure = (reading: LinkReading, moment: WatchMoment) => FeedMeasure;

/** One ladder per feed. A feed that is paused by a person, or no longer configured, is not judged: what is on stays on as unknown. */
class FeedRule implements WatchRule {
  readonly ruleId: string;
  private readonly row: WatchRuleRow;
  private readonly ladders: EntityLadders;
  private readonly measure: Measure;
  private readonly everyTicks: number;
  private tickCount = 0;

  constructor(row: WatchRuleRow, measure: Measure, everyTicks: number) {
    this.ruleId = row.ruleId;
    this.row = row;
    this.ladders = new EntityLadders(row);
    this.measure = measure;
    this.everyTicks = everyTicks;
  }

  restore(open: OpenCondition): void {
    this.ladders.restore(open);
  }

  onTick(moment: WatchMoment, out: Condition[]): void {
    this.tickCount += 1;
    if (this.tickCount % this.everyTicks !== 0) return;
    const seen = new Set<string>();
    for (const reading of moment.links) {
      const entity = `feed:${reading.feedId}`;
      seen.add(entity);
      if (reading.isPaused) this.stepBlind(entity, reading.feedId, moment, out);
      else {
        const measured = this.measure(reading, moment);
        const values = this.row.thresholds.map((rung) => measured.value(rung.metric));
        this.ladders.step(entity, values, moment.nowMs, () => ({ feedId: reading.feedId, ...measured.params }), out);
      }
    }
    for (const entity of [...this.ladders.entities()]) {
      if (!seen.has(entity)) this.stepBlind(entity, entity.replace(/^feed:/, ''), moment, out);
    }
  }

  private stepBlind(entity: string, feedId: string, moment: WatchMoment, out: Condition[]): void {
    const values = this.row.thresholds.map(() => Number.NaN);
    this.ladders.step(entity, values, moment.nowMs, () => ({ feedId }), out);
  }
}

/** The link clock: silence while connected, and time without a link. */
export function feedStaleRule(row: WatchRuleRow): WatchRule {
  return new FeedRule(
    row,
    (reading, { nowMs }) => ({
      value: (metric) => (metric === 'silenceMs' ? silenceMs(reading, nowMs) : metric === 'downMs' ? downMs(reading, nowMs) : Number.NaN),
      params: { silenceMs: silenceMs(reading, nowMs), lastReceivedAtMs: reading.lastReceivedAtMs, linkReason: reading.reason },
    }),
    1,
  );
}

/**
 * The instrument clock against the session calendar: the share of held contracts with an open session and no tick for the rule's time.
 * Not judged while the link itself is down (the link's own alert says it), nor in the first minutes of a session.
 */
export function instrumentsStaleRule(row: WatchRuleRow): WatchRule {
  const silenceLimitMs = ruleParameter(row, 'instrumentSilenceMs');
  const openSinceMs = new Map<string, number>();
  return new FeedRule(
    row,
    (reading, moment) => {
      const { nowMs } = moment;
      if (!reading.carriesQuotes || reading.notUpSinceMs !== null) return { value: () => Number.NaN, params: {} };
      let openCount = 0;
      let staleCount = 0;
      let worst: { instrument: string; ageMs: number } | null = null;
      for (const tick of moment.book.instrumentTicks()) {
        const key = `${tick.exchangeID}.${tick.instrumentID}`;
        if (!tick.held || moment.sessionOf(tick) !== 'open') {
          openSinceMs.delete(key);
          continue;
        }
        openCount += 1;
        const since = openSinceMs.get(key) ?? nowMs;
        openSinceMs.set(key, since);
        const ageMs = nowMs - Math.max(since, tick.lastReceivedAtMs ?? 0);
        if (ageMs <= silenceLimitMs) continue;
        staleCount += 1;
        if (worst === null || ageMs > worst.ageMs) worst = { instrument: key, ageMs };
      }
      return {
        value: () => (openCount === 0 ? 0 : staleCount / openCount),
        params: { staleCount, openCount, worstInstrument: worst?.instrument ?? null, worstAgeMs: worst?.ageMs ?? null },
      };
    },
    4,
  );
}

/** The account clock against the market clock: quotes go on while the counter's accounts stand still. */
export function accountsBehindRule(row: WatchRuleRow): WatchRule {
  return new FeedRule(
    row,
    (reading, moment) => {
      const newestQuotesMs = Math.max(...moment.links.map((link) => link.quotesSourceMs ?? Number.NEGATIVE_INFINITY));
      const lagMs =
        reading.accountsSourceMs === null || reading.notUpSinceMs !== null || !Number.isFinite(newestQuotesMs)
          ? Number.NaN
          : Math.max(0, newestQuotesMs - reading.accountsSourceMs);
      return { value: () => lagMs, params: { accountLagMs: Number.isNaN(lagMs) ? null : lagMs } };
    },
    4,
  );
}
