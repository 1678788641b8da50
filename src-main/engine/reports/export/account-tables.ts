/** What the page of one account shows beside its lists, as rows of a file: counter against ours, the safe range, the risk budget, the history. */
import type { AccountBudget, AccountHistory, AccountInverse, Distance } from '#shared/contract/numbers-account';
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
        ...answer.inverse.sequence.flatMap(({ exchangeID, productID, ...move }) =>
          moveRows({ moves: 'sequence', product: `${exchangeID}.${productID}` }, move),
        ),
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

type Move = { target: string; direction: string; distance: Distance; contracts: AccountInverse['equal'][number]['contracts'] };

/** One row a contract; a level that no price reaches, or that is not known, is one row that says so. */
function moveRows(how: { moves: 'equal' | 'sequence'; product: string | null }, { target, direction, distance, contracts }: Move): object[] {
  const base = { ...how, moveDirection: direction, target, kind: distance.kind, percent: distance.kind === 'reached' ? distance.percent : null };
  if (contracts.length === 0) return [base];
  return contracts.map(({ exchangeID, instrumentID, longVolume, shortVolume, basePrice, limitPrice, ticks, limits, percentPerLimit }) => ({
    ...base,
    exchangeID,
    instrumentID,
    longVolume,
    shortVolume,
    priceNow: basePrice,
    priceThere: limitPrice,
    ticks,
    limits,
    percentPerLimit,
  }));
}
