/** What the page of one account shows beside its lists, as rows of a file: counter against ours, the safe range, the risk budget, the history. */
import type { AccountBudget, AccountHistory, AccountInverse, Distance, InverseContract, InverseQueueAnswer } from '#shared/contract/numbers-account';
import type { ExportName } from '#shared/contract/numbers-desk';
import type { AccountPicture } from '#shared/contract/streams';

export type AccountAnswer =
  | { table: 'accountFigures'; picture: AccountPicture }
  | { table: 'inverse'; inverse: AccountInverse }
  | { table: 'budget'; budget: AccountBudget }
  | { table: 'history'; history: AccountHistory };
export type AccountTableName = AccountAnswer['table'];

const NAMES: readonly AccountTableName[] = ['accountFigures', 'inverse', 'budget', 'history'];

export function accountTableOf(table: ExportName): AccountTableName | null {
  return NAMES.find((name) => name === table) ?? null;
}

export function accountRows(answer: AccountAnswer): object[] {
  switch (answer.table) {
    case 'accountFigures':
      return answer.picture.figures.map(({ field, counter, ours, residual, reason }) => ({ figure: field, counter, ours, residual, reason }));
    case 'inverse':
      return [
        ...answer.inverse.equal.flatMap((move) => moveRows({ moves: 'equal', product: null }, move)),
        ...answer.inverse.alone.flatMap(({ exchangeID, productID, ...move }) =>
          moveRows({ moves: 'alone', product: `${exchangeID}.${productID}` }, move),
        ),
        ...queueRows(answer.inverse.queue),
      ];
    case 'budget':
      return answer.budget.days.flatMap((day) => {
        const contracts = answer.budget.keep.find((each) => each.day === day.day)?.contracts ?? [];
        const { day: days, ...figures } = day;
        return (contracts.length === 0 ? [null] : contracts).map((contract) => ({ days, ...figures, ...contract }));
      });
    case 'history': {
      const { atMs, riskDegree, exchangeRiskDegree, balance, currMargin } = answer.history;
      const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
      return Array.from(atMs, (at, index) => ({
        atMs: at,
        riskDegree: known(riskDegree[index]),
        exchangeRiskDegree: known(exchangeRiskDegree[index]),
        balance: known(balance[index]),
        currMargin: known(currMargin[index]),
      }));
    }
  }
}

type Move = { target: string; direction: string; distance: Distance; contracts: InverseContract[] };

/** One row a contract; a level that no price reaches, or that is not known, is one row that says so. */
function moveRows(how: { moves: 'equal' | 'alone'; product: string | null }, { target, direction, distance, contracts }: Move): object[] {
  const base = { ...how, moveDirection: direction, target, kind: distance.kind, percent: distance.kind === 'reached' ? distance.percent : null };
  return withContracts(base, contracts);
}

/** The queue's steps in their order, each with its contracts at the bound, then what takes the account to each level. */
function queueRows({ days, steps, crossings }: InverseQueueAnswer): object[] {
  const product = (step: InverseQueueAnswer['steps'][number] | undefined): string | null =>
    step === undefined ? null : `${step.exchangeID}.${step.productID}`;
  return [
    ...steps.flatMap((step, index) => {
      const { balance, riskDegree, level } = step.after;
      const after = { lossAtBound: step.lossAtBound, balanceAfter: balance, degreeAfter: riskDegree, levelAfter: level };
      const base = { moves: 'queueStep', product: product(step), order: index + 1, moveDirection: step.direction, lockedDays: days, ...after };
      return withContracts(base, step.contracts);
    }),
    ...crossings.flatMap(({ target, kind, step: at, share, contracts }) => {
      const step = at === null ? undefined : steps[at];
      const order = at === null ? null : at + 1;
      const moveDirection = step?.direction ?? null;
      return withContracts(
        { moves: 'queue', product: product(step), order, moveDirection, lockedDays: days, target, kind, shareOfWay: share },
        contracts,
      );
    }),
  ];
}

function withContracts(base: object, contracts: readonly InverseContract[]): object[] {
  if (contracts.length === 0) return [base];
  return contracts.map(({ exchangeID, instrumentID, longVolume, shortVolume, basePrice, limitPrice, percent, ticks, limits, percentPerLimit }) => ({
    ...base,
    exchangeID,
    instrumentID,
    longVolume,
    shortVolume,
    priceNow: basePrice,
    priceThere: limitPrice,
    percent,
    ticks,
    limits,
    percentPerLimit,
  }));
}
