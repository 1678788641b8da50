/**
 * What a snapshot's rows were charged today. A row states its own charge, which is the counter's result: where the rates that this counter declared give
 * another one, and the account's total sides with them, the rates are believed and not the row.
 */
import { z } from 'zod';
import { productOf } from '#shared/market/counter/aggregation';
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';

const tier = z.object({ byMoney: z.number().min(0).max(1), byVolume: z.number().min(0).max(1e6) });
const date = z.string().regex(/^\d{8}$/);

export const declaredChargesSchema = z.object({
  about: z.string(),
  citation: z.string().min(1).max(400),
  certainty: z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']),
  /** The counter these hold for: the snapshot's `source`. */
  source: z.string().min(1).max(64),
  effectiveFrom: date,
  effectiveTo: date.optional(),
  /** What this counter adds during the day to every lot of a product that is charged by money, in the account's currency. */
  addedPerLot: z.number().min(0).max(1),
  rates: z.array(
    z.object({ exchangeID: z.string().min(1).max(16), productID: z.string().min(1).max(16), open: tier, closeYesterday: tier, closeToday: tier }),
  ),
});
export type DeclaredCharges = z.infer<typeof declaredChargesSchema>;

/** A charge that is within this of another is the same: sums of binary fractions. */
const SAME = 1e-6;
const TO_THE_CENT = 0.005;
const MAX_COMBINATIONS = 4096;

/** The rows' commission of the day, one figure each, in the account's currency. */
export function commissionsOf(snapshot: CounterSnapshot, declared: DeclaredCharges): number[] {
  const stated = snapshot.positions.map(({ commission }) => commission);
  return settled(
    stated,
    snapshot.positions.map((row) => chargesOfTrades(row, snapshot, declared)),
    snapshot.account.commission,
  );
}

/** What the rows' resting orders froze for commission. A row with orders to close as well does not say their amount: its own figure stands. */
export function frozenCommissionsOf(snapshot: CounterSnapshot, declared: DeclaredCharges): number[] {
  const stated = snapshot.positions.map(({ frozenCommission }) => frozenCommission);
  return settled(
    stated,
    snapshot.positions.map((row) => chargeOfOrders(row, snapshot, declared)),
    snapshot.account.frozenCommission,
  );
}

/** Every row's figure: its own, unless the rates contradict it and the account's total does not bear it out. */
function settled(stated: readonly number[], byRates: readonly (readonly number[])[], total: number): number[] {
  const sum = (charges: readonly number[]): number => charges.reduce((all, charge) => all + charge, 0);
  if (Math.abs(sum(stated) - total) < TO_THE_CENT) return [...stated];
  const choices = stated.map((own, index) => {
    const computed = byRates[index] ?? [];
    const isBorneOut = computed.length === 0 || computed.some((charge) => Math.abs(charge - own) < SAME);
    return isBorneOut ? [own] : [...computed, own];
  });
  const combinations = choices.reduce((product, list) => product * list.length, 1);
  for (let combination = 0; combination < Math.min(combinations, MAX_COMBINATIONS); combination++) {
    let rest = combination;
    const chosen = choices.map((list) => {
      const pick = list[rest % list.length] as number;
      rest = Math.floor(rest / list.length);
      return pick;
    });
    if (Math.abs(sum(chosen) - total) < TO_THE_CENT) return chosen;
  }
  // The account's total bears out nothing: the rates go before a row that contradicts them.
  return choices.map(([first]) => first as number);
}

/**
 * The charges that are possible for a row's trades, the most likely first. Exchanges that do not keep days apart take the close-today tier for as many lots
 * as were opened so far, and a row does not say in which order it was traded.
 */
function chargesOfTrades(row: CounterPosition, snapshot: CounterSnapshot, declared: DeclaredCharges): number[] {
  const rate = rateOf(row, snapshot, declared);
  if (rate === null) return [];
  const { openVolume, openAmount, closeVolume, closeAmount, ydPosition } = row;
  const added = isByMoney(rate) ? declared.addedPerLot * (openVolume + closeVolume) : 0;
  const opened = rate.open.byMoney * openAmount + rate.open.byVolume * openVolume;
  const most = row.positionDate === 'history' ? 0 : Math.min(closeVolume, openVolume);
  const least = Math.min(most, Math.max(0, closeVolume - ydPosition));
  const charges: number[] = [];
  for (let today = most; today >= least && charges.length < MAX_COMBINATIONS; today--) {
    const share = closeVolume === 0 ? 0 : today / closeVolume;
    const closed = (tierOfToday: number, tierOfYesterday: number, base: number): number =>
      base * (share * tierOfToday + (1 - share) * tierOfYesterday);
    charges.push(
      opened +
        closed(rate.closeToday.byMoney, rate.closeYesterday.byMoney, closeAmount) +
        closed(rate.closeToday.byVolume, rate.closeYesterday.byVolume, closeVolume) +
        added,
    );
  }
  return charges;
}

function chargeOfOrders(row: CounterPosition, snapshot: CounterSnapshot, declared: DeclaredCharges): number[] {
  const isShort = row.direction === 'short';
  const [lots, amount] = isShort ? [row.shortFrozen, row.shortFrozenAmount] : [row.longFrozen, row.longFrozenAmount];
  const closing = isShort ? row.longFrozen : row.shortFrozen;
  const rate = rateOf(row, snapshot, declared);
  if (rate === null || closing > 0) return [];
  return [rate.open.byMoney * amount + rate.open.byVolume * lots + (isByMoney(rate) ? declared.addedPerLot * lots : 0)];
}

function isByMoney({ open, closeYesterday, closeToday }: DeclaredCharges['rates'][number]): boolean {
  return open.byMoney > 0 || closeYesterday.byMoney > 0 || closeToday.byMoney > 0;
}

function rateOf(row: CounterPosition, { source, tradingDay }: CounterSnapshot, declared: DeclaredCharges): DeclaredCharges['rates'][number] | null {
  const { effectiveFrom, effectiveTo, rates } = declared;
  if (source !== declared.source || tradingDay < effectiveFrom || (effectiveTo !== undefined && effectiveTo < tradingDay)) return null;
  return rates.find(({ exchangeID, productID }) => exchangeID === row.exchange && productID === productOf(row.instrument)) ?? null;
}
