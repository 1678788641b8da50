/** One account as a row: figures from the kernel's columns, null where unknown, with the reason. */
import type { AccountRow } from '#shared/contract/streams';
import { roundHalfUp } from '#shared/market/money';
import type { Book } from '../book';
import type { AccountRecord } from '../things';

export function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Sums of cents in binary end in 0.6799999999: beyond six decimals there is only the noise of representation. */
function money(value: number | undefined): number | null {
  const known = orNull(value);
  return known === null ? null : roundHalfUp(known, 6);
}

export function buildAccountRow(book: Book, account: AccountRecord): AccountRow {
  const { columns } = book.kernel;
  const { index, counter, master } = account;
  const balance = money(columns.balance[index]);
  const currMargin = money(columns.margin[index]);
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
    levelReason: book.levelReasonOf(index),
    riskDegree: orNull(columns.degree[index]),
    exchangeRiskDegree: orNull(columns.exchangeDegree[index]),
    balance,
    available: money(columns.available[index]),
    currMargin,
    exchangeMargin: money(columns.exchangeMargin[index]),
    positionProfit: money(columns.positionProfit[index]),
    closeProfit: counter?.item.closeProfit ?? null,
    commission: counter?.item.commission ?? null,
    preBalance: counter?.item.preBalance ?? null,
    marginCall: balance === null || currMargin === null ? null : roundHalfUp(Math.max(0, currMargin - balance), 6),
    residual: account.residual,
  };
}
