/** What a person asks of one account: under a scenario, how far to each level, what locked limits would do. Long searches let the engine breathe between their parts. */
import type {
  AccountBudget,
  AccountInverse,
  AccountStress,
  InverseContract,
  InverseMove,
  InverseQueueAnswer,
  QueueCrossingAnswer,
} from '#shared/contract/numbers-account';
import type { AccountModel } from '#shared/market/what-if/account-model';
import { lotsToKeep, riskBudget } from '#shared/market/what-if/budget';
import { type ContractMove, contractMove, contractMoves, type InverseMode, type InverseTarget, safeMove } from '#shared/market/what-if/inverse';
import { type ContractPercent, inverseQueue, type LockedDays } from '#shared/market/what-if/inverse-queue';
import { type Scenario, shockedPrice, stressAccount } from '#shared/market/what-if/scenario';
import { valueAccount } from '#shared/market/what-if/value-account';
import { figureSet } from './figure-set';

const TARGETS: readonly InverseTarget[] = ['warn', 'call', 'force', 'negative'];
const DIRECTIONS = ['up', 'down'] as const;

/** Lets what waits (messages, ticks) go first. */
export type Pause = () => Promise<void>;

export function stressOne(model: AccountModel, scenario: Scenario): AccountStress {
  return {
    accountID: model.accountID,
    before: figureSet(valueAccount(model)),
    after: figureSet(stressAccount(model, scenario)),
    contracts: model.holdings.map((holding) => {
      const { latest } = holding.marks;
      const shocked = shockedPrice(holding, scenario.price);
      const net = holding.lots.reduce((sum, lot) => sum + (lot.direction === 'long' ? lot.volume : -lot.volume), 0);
      const { multiplier } = holding;
      const change = holding.isOption
        ? 0
        : latest.known && shocked.known && multiplier.known
          ? net * multiplier.value * (shocked.value - latest.value)
          : null;
      return {
        exchangeID: holding.exchangeID,
        instrumentID: holding.instrumentID,
        price: latest.known ? latest.value : null,
        shockedPrice: shocked.known ? shocked.value : null,
        profitChange: holding.lotsReason === null ? change : null,
      };
    }),
  };
}

function contractOf({ lockedLimits, ...move }: ContractMove, percent: number): InverseContract {
  return { ...move, percent, limits: lockedLimits, isWithinLimit: lockedLimits === null ? null : lockedLimits === 0 };
}

function moves(model: AccountModel, mode: InverseMode): InverseMove[] {
  return DIRECTIONS.flatMap((direction) =>
    TARGETS.map((target): InverseMove => {
      const distance = safeMove(model, target, direction, mode);
      const contracts =
        distance.kind === 'reached' ? contractMoves(model, distance.percent, mode).map((move) => contractOf(move, distance.percent)) : [];
      return { target, direction, distance, contracts };
    }),
  );
}

function queueOne(model: AccountModel, days: LockedDays): InverseQueueAnswer {
  const { steps, still, crossings, reason } = inverseQueue(model, days);
  const contractsAt = (at: readonly ContractPercent[]): InverseContract[] =>
    at.map(({ holding, percent }) => contractOf(contractMove(holding, percent), percent));
  return {
    days,
    steps: steps.map(({ after, atBound, ...step }) => ({ ...step, after: figureSet(after), contracts: contractsAt(atBound) })),
    still: [...still],
    crossings: TARGETS.map((target): QueueCrossingAnswer => {
      const crossing = crossings[target];
      if (crossing.kind !== 'reached') return { target, kind: crossing.kind, step: null, share: null, contracts: [] };
      const step = crossing.step === null ? undefined : steps[crossing.step];
      const own = crossing.at.filter(({ holding }) => holding.exchangeID === step?.exchangeID && holding.productID === step.productID);
      return { target, kind: 'reached', step: crossing.step, share: crossing.share, contracts: contractsAt(own) };
    }),
    reason,
  };
}

export async function inverseOne(model: AccountModel, pause: Pause, days: LockedDays): Promise<AccountInverse> {
  const equal = moves(model, { type: 'equal' });
  const products = new Map(model.holdings.map(({ exchangeID, productID }) => [`${exchangeID}|${productID}`, { exchangeID, productID }]));
  const alone: AccountInverse['alone'] = [];
  for (const product of products.values()) {
    await pause();
    alone.push(...moves(model, { type: 'alone', ...product }).map((move) => ({ ...move, ...product })));
  }
  await pause();
  return { accountID: model.accountID, figures: figureSet(valueAccount(model)), equal, alone, queue: queueOne(model, days) };
}

export async function budgetOne(model: AccountModel, pause: Pause): Promise<AccountBudget> {
  const days = riskBudget(model);
  const keep: AccountBudget['keep'] = [];
  for (const day of [1, 2, 3, 4] as const) {
    await pause();
    keep.push({ day, contracts: lotsToKeep(model, day) });
  }
  return { accountID: model.accountID, figures: figureSet(valueAccount(model)), days, keep };
}
