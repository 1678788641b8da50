/**
 * What a snapshot's rows were charged today, by the rates that this counter declared. A row's own charge is the counter's result: it stands where no rates are
 * known, and where the rates contradict it only if the account's total and its other figures both side with the row.
 */
import { z } from 'zod';
import { productOf } from '#shared/market/counter/aggregation';
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';
import type { TradedDay } from '#shared/market/counter/traded-day';

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
/** Combinations times rows: a snapshot of very many rows is not searched through. */
const MAX_SEARCH = 400_000;

type Rates = DeclaredCharges['rates'][number];
/** The charges that the rates allow for a row, the most likely first. `isExact` is false where single prices would be needed: then any between them is. */
type ByRates = { charges: number[]; isExact: boolean };

export type RowCharge = {
  charge: number | null;
  /** By the declared rates; false where the row's own word is all there is. */
  isByRates: boolean;
};
/** What the account says of the sum: its own total, and what its other figures leave for it. Either may be missing. */
export type ChargeWitnesses = { total: number | undefined; implied: number | null };

/** The rows' commission of the day, in the account's currency. `days` are the rows' own trades, where the snapshot has them. */
export function commissionsOf(
  snapshot: CounterSnapshot,
  declared: DeclaredCharges,
  days: readonly (TradedDay | null)[],
  witnesses: ChargeWitnesses,
): RowCharge[] {
  const rateFor = rateLookup(snapshot, declared);
  return settled(
    snapshot.positions.map(({ commission }) => commission),
    snapshot.positions.map((row, index) => chargesOfTrades(row, rateFor(row), days[index] ?? null, declared.addedPerLot)),
    witnesses,
  );
}

/** What the rows' resting orders froze for commission, in the account's currency. */
export function frozenCommissionsOf(snapshot: CounterSnapshot, declared: DeclaredCharges, witnesses: ChargeWitnesses): RowCharge[] {
  const rateFor = rateLookup(snapshot, declared);
  return settled(
    snapshot.positions.map(({ frozenCommission }) => frozenCommission),
    snapshot.positions.map((row) => chargesOfOrders(row, rateFor(row), declared.addedPerLot)),
    witnesses,
  );
}

/** Every row's charge: the combination that the account's figures bear out best, a row's own word before other charges that are as likely. */
function settled(stated: readonly (number | undefined)[], byRates: readonly (ByRates | null)[], { total, implied }: ChargeWitnesses): RowCharge[] {
  const choices = stated.map((own, index) => choicesOf(own, byRates[index] ?? null));
  const score = (chosen: readonly Choice[]): number => {
    const sum = chosen.reduce((all, { charge }) => all + (charge ?? Number.NaN), 0);
    const asked = [total, implied].filter((witness) => typeof witness === 'number');
    const agreeing = asked.filter((witness) => Math.abs(sum - witness) < TO_THE_CENT).length;
    // Against the rates a row's own word needs every witness there is.
    if (agreeing < asked.length && chosen.some(({ isContradicted }) => isContradicted)) return -1;
    return agreeing + (0.5 * chosen.filter(({ isBorneOut }) => isBorneOut).length) / Math.max(1, chosen.length);
  };
  let best = choices.map(([first]) => first);
  const combinations = choices.reduce((product, list) => product * list.length, 1);
  if (combinations > 1 && score(best) < 2) {
    let bestScore = score(best);
    const searched = Math.min(combinations, MAX_COMBINATIONS, MAX_SEARCH / choices.length);
    for (let combination = 1; combination < searched; combination++) {
      let rest = combination;
      const chosen = choices.map((list) => {
        const pick = list[rest % list.length] ?? list[0];
        rest = Math.floor(rest / list.length);
        return pick;
      });
      const reached = score(chosen);
      if (reached <= bestScore + SAME) continue;
      bestScore = reached;
      best = chosen;
    }
  }
  const charges = best.map(({ charge }) => charge);
  settleInexact(charges, byRates, total, implied);
  return charges.map((charge, index) => ({ charge, isByRates: byRates[index] !== null }));
}

/** Where the rates bound one row only, its own word may be off within the bounds: both of the account's figures together say by how much. */
function settleInexact(charges: (number | null)[], byRates: readonly (ByRates | null)[], total: number | undefined, implied: number | null): void {
  const inexact = byRates.flatMap((rates, index) => (rates?.isExact === false ? [{ index, bounds: rates.charges }] : []));
  const [only] = inexact;
  if (only === undefined || inexact.length > 1 || total === undefined || implied === null || Math.abs(total - implied) >= TO_THE_CENT) return;
  const rest = charges.reduce((all: number, charge, index) => (index === only.index ? all : all + (charge ?? Number.NaN)), 0);
  const own = charges[only.index] ?? Number.NaN;
  const left = total - rest;
  if (Math.abs(own - left) >= TO_THE_CENT && left > Math.min(...only.bounds) - SAME && left < Math.max(...only.bounds) + SAME)
    charges[only.index] = left;
}

type Choice = { charge: number | null; isBorneOut: boolean; isContradicted: boolean };

/** The likeliest first: the row's own word where the rates allow it, last where they do not. */
function choicesOf(own: number | undefined, byRates: ByRates | null): [Choice, ...Choice[]] {
  if (byRates === null) return [{ charge: own ?? null, isBorneOut: true, isContradicted: false }];
  const { charges, isExact } = byRates;
  const computed = charges.map((charge): Choice => ({ charge, isBorneOut: false, isContradicted: false }));
  if (own === undefined) return [computed[0] ?? { charge: null, isBorneOut: false, isContradicted: false }, ...computed.slice(1)];
  const isBorneOut = isExact
    ? charges.some((charge) => Math.abs(charge - own) < SAME)
    : own > Math.min(...charges) - SAME && own < Math.max(...charges) + SAME;
  const others = computed.filter(({ charge }) => Math.abs((charge ?? own) - own) >= SAME);
  const itself: Choice = { charge: own, isBorneOut, isContradicted: !isBorneOut };
  const [first, ...rest] = others;
  return isBorneOut || first === undefined ? [itself, ...others] : [first, ...rest, itself];
}

/**
 * Exchanges that do not keep days apart take the close-today tier for as many lots as were opened so far, and without its trades a row does not say in which
 * order it was traded.
 */
function chargesOfTrades(row: CounterPosition, rate: Rates | null, day: TradedDay | null, addedPerLot: number): ByRates | null {
  if (rate === null) return null;
  const { openVolume, openAmount, closeVolume, closeAmount, ydPosition } = row;
  const opened = chargeAt(rate.open, openAmount, openVolume) + addedFor(rate, openVolume + closeVolume, addedPerLot);
  const closed = (tier: Rates['open'], share: number): number => chargeAt(tier, share * closeAmount, share * closeVolume);
  if (closeVolume === 0) return { charges: [opened], isExact: true };
  if (day !== null) {
    const { closedToday, closedYesterday } = day;
    const charge =
      opened +
      chargeAt(rate.closeToday, closedToday.amount, closedToday.volume) +
      chargeAt(rate.closeYesterday, closedYesterday.amount, closedYesterday.volume);
    return { charges: [charge], isExact: true };
  }
  const most = row.positionDate === 'history' ? 0 : Math.min(closeVolume, openVolume);
  const least = Math.min(most, Math.max(0, closeVolume - ydPosition));
  const charges: number[] = [];
  for (let today = most; today >= least && charges.length < MAX_COMBINATIONS; today--) {
    const share = today / closeVolume;
    charges.push(opened + closed(rate.closeToday, share) + closed(rate.closeYesterday, 1 - share));
  }
  const isMixed = most > 0 && least < closeVolume;
  return isMixed && rate.closeToday.byMoney !== rate.closeYesterday.byMoney
    ? { charges: [...charges, opened + closed(rate.closeToday, 1), opened + closed(rate.closeYesterday, 1)], isExact: false }
    : { charges, isExact: true };
}

/** A row's resting orders to open stand on its own side, those that close it on the other; which tier a close will take is not decided before it trades. */
function chargesOfOrders(row: CounterPosition, rate: Rates | null, addedPerLot: number): ByRates | null {
  if (rate === null) return null;
  const long = { lots: row.longFrozen, amount: row.longFrozenAmount };
  const short = { lots: row.shortFrozen, amount: row.shortFrozenAmount };
  const [opening, closing] = row.direction === 'short' ? [short, long] : [long, short];
  const base = chargeAt(rate.open, opening.amount, opening.lots) + addedFor(rate, opening.lots + closing.lots, addedPerLot);
  if (closing.lots === 0 && closing.amount === 0) return { charges: [base], isExact: true };
  const tiers = row.positionDate === 'history' ? [rate.closeYesterday] : [rate.closeToday, rate.closeYesterday];
  return { charges: tiers.map((tier) => base + chargeAt(tier, closing.amount, closing.lots)), isExact: tiers.length === 1 };
}

function chargeAt(tier: Rates['open'], amount: number, lots: number): number {
  return tier.byMoney * amount + tier.byVolume * lots;
}

function addedFor({ open, closeYesterday, closeToday }: Rates, lots: number, addedPerLot: number): number {
  return open.byMoney > 0 || closeYesterday.byMoney > 0 || closeToday.byMoney > 0 ? addedPerLot * lots : 0;
}

function rateLookup({ source, tradingDay }: CounterSnapshot, declared: DeclaredCharges): (row: CounterPosition) => Rates | null {
  const { effectiveFrom, effectiveTo, rates } = declared;
  if (source !== declared.source || tradingDay < effectiveFrom || (effectiveTo !== undefined && effectiveTo < tradingDay)) return () => null;
  const byProduct = new Map(rates.map((rate) => [`${rate.exchangeID}.${rate.productID}`, rate]));
  return (row) => byProduct.get(`${row.exchange}.${productOf(row.instrument)}`) ?? null;
}
