/** The kernel's account figures as the rest of the engine reads them: by account number, without spare room. */
import type { AccountColumns } from './book-reader';
import type { Kernel } from './kernel/kernel';

/** Live until the kernel's memory moves or an account is added. What an evaluation leaves out is brought up to date when it is read. */
export function viewAccounts(kernel: Kernel, accountIDs: readonly string[]): AccountColumns {
  const { columns, accountCount } = kernel;
  const known = (column: Float64Array): Float64Array => column.subarray(0, accountCount);
  const settled = (column: Float64Array): Float64Array => {
    kernel.settle();
    return column;
  };
  const available = known(columns.available);
  const positionProfit = known(columns.positionProfit);
  const riskDegree = known(columns.degree);
  const exchangeRiskDegree = known(columns.exchangeDegree);
  return {
    count: accountCount,
    accountIDs,
    balance: known(columns.balance),
    currMargin: known(columns.margin),
    exchangeMargin: known(columns.exchangeMargin),
    get available() {
      return settled(available);
    },
    get positionProfit() {
      return settled(positionProfit);
    },
    get riskDegree() {
      return settled(riskDegree);
    },
    get exchangeRiskDegree() {
      return settled(exchangeRiskDegree);
    },
  };
}
