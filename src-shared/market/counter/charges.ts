/**
 * What a snapshot's rows were charged today, by the rates that this counter declared. A row's own charge is the counter's result: it stands where no rates are
 * known, and where the rates contradict it only if the account's total and its other figures both side with the row.
 */
import { z } from 'zod';
import { productOf } from '#shared/market/counter/aggregation';
import type { Derived } from '#shared/market/counter/derived';
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
/** What is charged for no trade and no order, at whatever rates. */
const NOTHING: ByRates = { charges: [0], isExact: true };

export type RowCharge = {
  charge: Derived;
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
    snapshot.positions,
    'commission',
    snapshot.positions.map((row, index) => chargesOfTrades(row, rateFor(row), days[index] ?? null, declared.addedPerLot)),
    witnesses,
  );
}

/** What the rows' resting orders froze for commission, in the account's currency. */
export function frozenCommissionsOf(snapshot: CounterSnapshot, declared: DeclaredCharges, witnesses: ChargeWitnesses): RowCharge[] {
  const rateFor = rateLookup(snapshot, declared);
  return settled(
    snapshot.positions,
    'frozenCommission',
    snapshot.positions.map((row) => chargesOfOrders(row, rateFor(row), declared.addedPerLot)),
    witnesses,
  );
}

/** Every row's charge: the combination that the account's figures bear out best, a row's own word before other charges that are as likely. */
function settled(
  rows: readonly CounterPosition[],
  field: 'commission' | 'frozenCommission',
  byRates: readonly (ByRates | null)[],
  witnesses: ChargeWitnesses,
): RowCharge[] {
  const choices = rows.map((row, index) => choicesOf(row[field], byRates[index] ?? null));
  const chosen = likeliest(choices, witnesses);
  const charges = chosen.map(({ charge }) => charge);
  settleInexact(charges, byRates, witnesses);
  settleUndeclared(charges, byRates, witnesses);
  const isBorneOut = agreeing(sumOfCharges(charges), witnesses) > 0;
  return rows.map(({ instrument }, index): RowCharge => {
    const isByRates = byRates[index] !== null;
    const charge = charges[index] ?? null;
    if (charge === null) return { charge: { unknown: `${instrument} has no ${field}, and its rates are not known` }, isByRates };
    if (isBorneOut || chosen[index]?.isBorneOut === true || !areSeveral(byRates[index])) return { charge, isByRates };
    return { charge: { unknown: `${instrument}: its rates allow several charges for ${field}, and nothing bears one of them out` }, isByRates };
  });
}

function areSeveral(byRates: ByRates | null | undefined): boolean {
  return byRates?.charges.some((charge) => Math.abs(charge - (byRates.charges[0] ?? charge)) >= SAME) === true;
}

function asked({ total, implied }: ChargeWitnesses): number[] {
  return [total, implied].filter((witness) => typeof witness === 'number');
}

function agreeing(sum: number, witnesses: ChargeWitnesses): number {
  return asked(witnesses).filter((witness) => Math.abs(sum - witness) < TO_THE_CENT).length;
}

function sumOfCharges(charges: readonly (number | null)[], but = -1): number {
  return charges.reduce((all: number, charge, index) => (index === but ? all : all + (charge ?? Number.NaN)), 0);
}

/** One choice of each row's. All combinations are tried, or of very many those in which one row alone departs from its first choice. */
function likeliest(choices: readonly [Choice, ...Choice[]][], witnesses: ChargeWitnesses): Choice[] {
  const first = choices.map(([choice]) => choice);
  const combinations = choices.reduce((product, list) => product * list.length, 1);
  const start = tallyOf(first);
  let best = first;
  let bestScore = scoreOf(start, choices.length, witnesses);
  if (combinations === 1 || bestScore >= asked(witnesses).length) return best;
  const consider = (tally: Tally, chosen: () => Choice[]): void => {
    const reached = scoreOf(tally, choices.length, witnesses);
    if (reached <= bestScore + SAME) return;
    bestScore = reached;
    best = chosen();
  };
  if (combinations <= Math.min(MAX_COMBINATIONS, MAX_SEARCH / choices.length)) {
    for (let combination = 1; combination < combinations; combination++) {
      const chosen = combinationOf(choices, combination);
      consider(tallyOf(chosen), () => chosen);
    }
  } else {
    for (const [index, [usual, ...others]] of choices.entries())
      for (const other of others) consider(exchanged(start, usual, other), () => first.with(index, other));
  }
  return best;
}

function combinationOf(choices: readonly [Choice, ...Choice[]][], combination: number): Choice[] {
  let rest = combination;
  return choices.map((list) => {
    const pick = list[rest % list.length] ?? list[0];
    rest = Math.floor(rest / list.length);
    return pick;
  });
}

type Tally = { sum: number; borneOut: number; contradicted: number };

function tallyOf(chosen: readonly Choice[]): Tally {
  return chosen.reduce((tally, choice) => counted(tally, choice, 1), { sum: 0, borneOut: 0, contradicted: 0 });
}

function exchanged(tally: Tally, left: Choice, taken: Choice): Tally {
  return counted(counted(tally, left, -1), taken, 1);
}

function counted({ sum, borneOut, contradicted }: Tally, choice: Choice, by: 1 | -1): Tally {
  return {
    sum: sum + by * (choice.charge ?? Number.NaN),
    borneOut: borneOut + (choice.isBorneOut ? by : 0),
    contradicted: contradicted + (choice.isContradicted ? by : 0),
  };
}

function scoreOf({ sum, borneOut, contradicted }: Tally, rows: number, witnesses: ChargeWitnesses): number {
  const agreed = agreeing(sum, witnesses);
  // Against the rates a row's own word needs both witnesses.
  if (agreed < 2 && contradicted > 0) return -1;
  return agreed + (0.5 * borneOut) / Math.max(1, rows);
}

/** Where the rates bound one row only, its own word may be off within the bounds: both of the account's figures together say by how much. */
function settleInexact(charges: (number | null)[], byRates: readonly (ByRates | null)[], witnesses: ChargeWitnesses): void {
  const inexact = byRates.flatMap((rates, index) => (rates?.isExact === false ? [{ index, bounds: rates.charges }] : []));
  const [only] = inexact;
  const agreed = agreedTotal(witnesses);
  if (only === undefined || inexact.length > 1 || agreed === null) return;
  const own = charges[only.index] ?? Number.NaN;
  const left = agreed - sumOfCharges(charges, only.index);
  if (Math.abs(own - left) >= TO_THE_CENT && left > Math.min(...only.bounds) - SAME && left < Math.max(...only.bounds) + SAME)
    charges[only.index] = left;
}

/** Of rows whose rates are not known only the sum counts, and where both of the account's figures agree on another one than the rows' own words, it is theirs. */
function settleUndeclared(charges: (number | null)[], byRates: readonly (ByRates | null)[], witnesses: ChargeWitnesses): void {
  const at = byRates.indexOf(null);
  const agreed = agreedTotal(witnesses);
  if (at < 0 || agreed === null) return;
  const own = sumOfCharges(charges.filter((_, index) => byRates[index] === null));
  const left = agreed - sumOfCharges(charges.filter((_, index) => byRates[index] !== null));
  if (!(left > -TO_THE_CENT) || Math.abs(own - left) < TO_THE_CENT) return;
  for (const [index, rates] of byRates.entries()) if (rates === null) charges[index] = index === at ? left : 0;
}

/** The sum that both of the account's figures state; null where one is missing or they differ. */
function agreedTotal({ total, implied }: ChargeWitnesses): number | null {
  return total === undefined || implied === null || Math.abs(total - implied) >= TO_THE_CENT ? null : total;
}

type Choice = { charge: number | null; isBorneOut: boolean; isContradicted: boolean };

/** The likeliest first: the row's own word where the rates allow it, last where they do not. */
function choicesOf(own: number | undefined, byRates: ByRates | null): [Choice, ...Choice[]] {
  if (byRates === null) return [{ charge: own ?? null, isBorneOut: true, isContradicted: false }];
  if (byRates === NOTHING) return [{ charge: 0, isBorneOut: true, isContradicted: false }];
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
  const { openVolume, openAmount, closeVolume, closeAmount, ydPosition } = row;
  if (openVolume === 0 && closeVolume === 0 && openAmount === 0 && closeAmount === 0) return NOTHING;
  if (rate === null) return null;
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
  const long = { lots: row.longFrozen, amount: row.longFrozenAmount };
  const short = { lots: row.shortFrozen, amount: row.shortFrozenAmount };
  if ([long, short].every(({ lots, amount }) => lots === 0 && amount === 0)) return NOTHING;
  if (rate === null) return null;
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
