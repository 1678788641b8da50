/**
 * The safe range with products moving one after another (mode Sequence of the CTP risk terminal): each product goes against the account to a stated bound, so
 * many locked limits, before the next begins. The product that could cost most goes first, and the answer says which of them takes the account to which level.
 */
import type { RiskLevel } from '#shared/contract/streams';
import { groupBy } from '#shared/group-by';
import { type Known, known } from '#shared/market/known';
import type { AccountModel, HeldInstrument } from '#shared/market/what-if/account-model';
import { type InverseTarget, SEVERITY } from '#shared/market/what-if/inverse';
import { lockedLimitPrice } from '#shared/market/what-if/locked-limits';
import type { Scenario } from '#shared/market/what-if/scenario';
import { type AccountFigures, type Shock, valueAccount } from '#shared/market/what-if/value-account';

export type LockedDays = 1 | 2 | 3 | 4;

/** Where a contract stands, in percent of its latest price; signed. */
export type ContractPercent = { holding: HeldInstrument; percent: number };
export type QueueStep = {
  exchangeID: string;
  productID: string;
  direction: 'up' | 'down';
  /** What equity loses while this product alone goes to its bound: the order of the queue. Above zero. */
  lossAtBound: number;
  atBound: readonly ContractPercent[];
  /** The account when this product and all before it stand at their bounds. */
  after: AccountFigures;
};
export type QueueCrossing =
  /** `step` counts from 0; `share` is how far that product has gone to its bound, on a grid of a hundred-millionth. At once when the account is there already. */
  { kind: 'reached'; step: number | null; share: number; at: readonly ContractPercent[] } | { kind: 'never' } | { kind: 'unknown' };
export type InverseQueue = {
  days: LockedDays;
  steps: readonly QueueStep[];
  /** Products that cost nothing either way. */
  still: readonly { exchangeID: string; productID: string }[];
  crossings: Readonly<Record<InverseTarget, QueueCrossing>>;
  /** Why no order can be told: a contract's bound, or a figure of the account, is unknown. */
  reason: string | null;
};

/** Parts of the way to a product's bound; the answer is the first of them at which the account is at the level. */
const SHARES = 100_000_000;
const TARGETS: readonly InverseTarget[] = ['warn', 'call', 'force', 'negative'];

/** `queueShock` of a crossing's moves values the account exactly as the search did. */
export function inverseQueue(model: AccountModel, days: LockedDays): InverseQueue {
  const now = valueAccount(model);
  const everywhere = (crossing: (target: InverseTarget) => QueueCrossing): InverseQueue['crossings'] =>
    Object.fromEntries(TARGETS.map((target) => [target, crossing(target)])) as InverseQueue['crossings'];
  const asUnknown = (reason: string): InverseQueue => ({
    days,
    steps: [],
    still: [],
    crossings: everywhere(() => ({ kind: 'unknown' })),
    reason,
  });
  if (now.level === 'unknown' || !now.balance.known) return asUnknown(now.balance.known ? reasonOf(now) : now.balance.reason);
  const { moving, still, reason } = orderedProducts(model, days, now.balance.value);
  if (reason !== null) return asUnknown(reason);
  const steps: QueueStep[] = [];
  const gone: ContractPercent[] = [];
  for (const product of moving) {
    gone.push(...product.atBound);
    steps.push({ ...product, after: valueAccount(model, queueShock(gone)) });
  }
  const crossings = everywhere((target) => crossingOf(model, now.level, steps, target));
  return { days, steps, still, crossings, reason: null };
}

function reasonOf(figures: AccountFigures): string {
  return figures.currMargin.known ? 'noDegree' : figures.currMargin.reason;
}

type Ordered = Omit<QueueStep, 'after'>;

function orderedProducts(
  model: AccountModel,
  days: LockedDays,
  balance: number,
): { moving: Ordered[]; still: InverseQueue['still']; reason: string | null } {
  const moving: Ordered[] = [];
  const still: { exchangeID: string; productID: string }[] = [];
  const futures = model.holdings.filter((holding) => !holding.isOption && holding.lots.length > 0);
  for (const holdings of groupBy(futures, ({ exchangeID, productID }) => `${exchangeID}|${productID}`).values()) {
    const [{ exchangeID, productID }] = holdings as [HeldInstrument, ...HeldInstrument[]];
    const ways = (['down', 'up'] as const).map((direction) => ({ direction, bounds: holdings.map((holding) => boundOf(holding, direction, days)) }));
    const told: Ordered[] = [];
    for (const { direction, bounds } of ways) {
      const atBound: ContractPercent[] = [];
      for (const [index, bound] of bounds.entries()) {
        if (!bound.known) return { moving: [], still: [], reason: bound.reason };
        atBound.push({ holding: holdings[index] as HeldInstrument, percent: bound.value });
      }
      const after = valueAccount(model, queueShock(atBound)).balance;
      if (!after.known) return { moving: [], still: [], reason: after.reason };
      told.push({ exchangeID, productID, direction, lossAtBound: balance - after.value, atBound });
    }
    const worst = told.reduce((one, other) => (other.lossAtBound > one.lossAtBound ? other : one));
    if (worst.lossAtBound > 0) moving.push(worst);
    else still.push({ exchangeID, productID });
  }
  const name = ({ exchangeID, productID }: Ordered): string => `${exchangeID}.${productID}`;
  moving.sort((one, other) => other.lossAtBound - one.lossAtBound || name(one).localeCompare(name(other)));
  return { moving, still, reason: null };
}

/** In percent of the latest price. A price that has passed the bound already stays where it is. */
function boundOf(holding: HeldInstrument, direction: 'up' | 'down', days: LockedDays): Known<number> {
  const { latest } = holding.marks;
  if (!latest.known) return latest;
  const bound = lockedLimitPrice(holding, direction, days, 'exchange');
  if (!bound.known) return bound;
  const percent = (bound.value / latest.value - 1) * 100;
  return known(direction === 'up' ? Math.max(0, percent) : Math.min(0, percent));
}

/** Each contract named stands at its percentage; all others stay. */
export function queueShock(at: readonly ContractPercent[]): Shock {
  const percents = new Map(at.map(({ holding, percent }) => [holding, percent]));
  return {
    priceOf(holding) {
      const { latest } = holding.marks;
      const percent = percents.get(holding);
      return latest.known && percent !== undefined ? known(latest.value * (1 + percent / 100)) : latest;
    },
  };
}

function partOf(step: QueueStep, share: number): ContractPercent[] {
  return step.atBound.map(({ holding, percent }) => ({ holding, percent: percent * share }));
}

/** Within a step prices are lines in the share, so what decides a level is convex: not reached at either end means not reached between. */
function crossingOf(model: AccountModel, levelNow: RiskLevel, steps: readonly QueueStep[], target: InverseTarget): QueueCrossing {
  const isAt = (level: RiskLevel): boolean => SEVERITY[level] >= SEVERITY[target];
  if (isAt(levelNow)) return { kind: 'reached', step: null, share: 0, at: [] };
  const gone: ContractPercent[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.after.level === 'unknown') return { kind: 'unknown' };
    if (isAt(step.after.level)) {
      const reaches = (parts: number): boolean => isAt(valueAccount(model, queueShock([...gone, ...partOf(step, parts / SHARES)])).level);
      let [below, above] = [0, SHARES];
      while (above - below > 1) {
        const middle = Math.floor((below + above) / 2);
        if (reaches(middle)) above = middle;
        else below = middle;
      }
      const share = above / SHARES;
      return { kind: 'reached', step: index, share, at: [...gone, ...partOf(step, share)] };
    }
    gone.push(...step.atBound);
  }
  return { kind: 'never' };
}

/** The moves as prices of a scenario: stressing it values the account exactly as the queue did. */
export function queueScenarioPrice(at: readonly ContractPercent[]): Scenario['price'] {
  return {
    type: 'custom',
    moves: at.map(({ holding: { exchangeID, instrumentID }, percent }) => ({ exchangeID, instrumentID, percent })),
  };
}
