/** Whether an instrument's price can be trusted at a moment: live, stale, closed or unknown. */
import { z } from 'zod';
import type { Quality } from '#shared/contract/streams';
import { certaintySchema } from '#shared/feed/items';
import { isInForce } from '#shared/market/rates';
import type { SessionState } from '#shared/market/session-calendar';
import stalenessTable from '../../../resources/staleness.json' with { type: 'json' };

export interface QualitySource {
  qualityOfInstrument(exchangeID: string, instrumentID: string, nowMs: number): Quality;
}

const date = z.string().regex(/^\d{8}$/);
const stalenessTableSchema = z.object({
  rows: z.array(
    z.object({
      clock: z.enum(['instrument']),
      exchangeID: z.string().optional(),
      productID: z.string().optional(),
      staleAfterMs: z.number().positive(),
      effectiveFrom: date,
      effectiveTo: date.optional(),
      citation: z.string(),
      certainty: certaintySchema,
    }),
  ),
});
export type StalenessRow = z.infer<typeof stalenessTableSchema>['rows'][number];

/** The bundled rows. */
export const STALENESS_ROWS: readonly StalenessRow[] = stalenessTableSchema.parse(stalenessTable).rows;

/** The limit of the most specific row in force; null when no row says. */
export function staleAfterMs(rows: readonly StalenessRow[], exchangeID: string, productID: string, day: string | null): number | null {
  let best: StalenessRow | null = null;
  let bestRank = -1;
  for (const row of rows) {
    if (day !== null && !isInForce(row, day)) continue;
    if (row.exchangeID !== undefined && row.exchangeID !== exchangeID) continue;
    if (row.productID !== undefined && row.productID !== productID) continue;
    const rank = (row.exchangeID === undefined ? 0 : 1) + (row.productID === undefined ? 0 : 2);
    if (rank > bestRank || (rank === bestRank && best !== null && row.effectiveFrom > best.effectiveFrom)) {
      best = row;
      bestRank = rank;
    }
  }
  return best?.staleAfterMs ?? null;
}

export type InstrumentMoment = {
  hasPrice: boolean;
  lastReceivedAtMs: number | null;
  session: SessionState;
  staleAfterMs: number | null;
};

/**
 * Without a price: unknown. Outside the session: closed, the price being the session's last. Inside it, or where no calendar says: stale
 * once the last tick is older than the limit, since a price that nobody vouches for is not live.
 */
export function instrumentQuality(moment: InstrumentMoment, nowMs: number): Quality {
  if (!moment.hasPrice || moment.lastReceivedAtMs === null) return 'unknown';
  if (moment.session === 'closed' || moment.session === 'break') return 'closed';
  if (moment.staleAfterMs === null) return 'unknown';
  return nowMs - moment.lastReceivedAtMs > moment.staleAfterMs ? 'stale' : 'live';
}
