/** One account as a row: figures from the kernel's columns, null where unknown, with the reason. */
import type { AccountRow } from '#shared/contract/streams';
import type { Book } from '../book';
import type { AccountRecord } from '../things';

export function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

export function buildAccountRow(book: Book, account: AccountRecord): AccountRow {
  const { columns } = book.kernel;
  const { index, counter, master } = account;
  const balance = orNull(columns.balance[index]);
  const currMargin = orNull(columns.margin[index]);
  const departmentID = master?.departmentID ?? '';
  return {
    key: account.accountID,
    quality: book.qualityOf(index),
    reason: book.reasonOf(index),
    asOfMs: counter?.item.asOfMs ?? null,
    accountID: account.accountID,
    accountName: master?.accountName ?? '',
    departmentID,
    departmentName: book.reference.departments.get(departmentID)?.departmentName ?? departmentID,
    controlGroupID: book.reference.controlGroupOf(account.accountID),
    currencyID: counter?.item.currencyID ?? master?.currencyID ?? '',
    level: book.levelOf(index),
    riskDegree: orNull(columns.degree[index]),
    exchangeRiskDegree: orNull(columns.exchangeDegree[index]),
    balance,
    available: orNull(columns.available[index]),
    currMargin,
    exchangeMargin: orNull(columns.exchangeMargin[index]),
    positionProfit: orNull(columns.positionProfit[index]),
    closeProfit: counter?.item.closeProfit ?? null,
    commission: counter?.item.commission ?? null,
    preBalance: counter?.item.preBalance ?? null,
    marginCall: balance === null || currMargin === null ? null : Math.max(0, currMargin - balance),
    residual: account.residual,
  };
}
