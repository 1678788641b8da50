/** What a scanned rule reads: one figure after another of everything it may be about, without knowing where the book keeps them. */
import type { ReasonParams, WatchMoment } from '#engine/watch/rule';
import type { FigureRule } from '#shared/desk/rules/rule';

/** One thing at one moment. The object may be used again for the next one: nothing of it may be kept. */
export type Reading = {
  entity: string;
  dimensions: Readonly<Record<string, string>>;
  /** NaN where unknown. */
  value(metric: string): number;
  params(): ReasonParams;
  /** By the session of what it is about; unknown counts as open, as silence must not hide behind a missing calendar. */
  isOpen: boolean;
  /** Stands on old prices: may raise, may not clear. */
  isStale: boolean;
};

export interface MarketReadings {
  /** In how many parts everything is shown, one part every 250 ms: a large desk must not be read through at once. */
  partsOf(rule: FigureRule): number;
  /** Shows every reading of the rule's subject within its scope that belongs to this part. `moment` is the watch's own. */
  each(rule: FigureRule, part: number, moment: WatchMoment, see: (reading: Reading) => void): void;
  /** Whether the book knows the entity: then what it does not show of it is not there, instead of not known. */
  isKnown(entity: string): boolean;
}
