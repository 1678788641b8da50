/** Our figures as they stood at the counter's own moment: the only ones that may be compared with what the counter said then. */
import { available, dynamicEquity, heldBack, marginCall, riskDegree } from '#shared/market/equity';
import { type Known, known, knownNumber, unknown } from '#shared/market/known';
import { type Reason, reasonFor } from '#shared/market/reason';
import { mortgageableFund, type WithdrawRule, withdrawQuota, withdrawRuleInForce, withdrawRulesSchema } from '#shared/market/withdraw-quota';
import withdrawFile from '../../../../resources/withdraw-quota.json' with { type: 'json' };
import { holdsOptions, profitAt } from '../accounts-money';
import type { Book } from '../book';
import { marginReason } from '../reasons';
import type { AccountRecord } from '../things';
import { dayCharges } from './day-charges';

const { rules } = withdrawRulesSchema.parse(withdrawFile);

export type WithdrawTerms = { isUntouched: boolean; rule: Known<WithdrawRule> };

/** An account is untouched while it holds nothing and has traded nothing today; brokers then let all of the fund go. */
export function withdrawTerms(book: Book, account: AccountRecord): WithdrawTerms {
  let isUntouched = true;
  for (const holding of account.holdings.values())
    for (const side of holding.sides) {
      if (side.lots.size > 0) isUntouched = false;
      for (const { item } of side.slices.values())
        if (item.position > 0 || (item.openVolume ?? 0) > 0 || (item.closeVolume ?? 0) > 0) isUntouched = false;
    }
  if (isUntouched && dayCharges(book, account).tradeCount > 0) isUntouched = false;
  return { isUntouched, rule: withdrawRuleInForce(rules, book.tradingDay ?? '') };
}

/** What may be withdrawn of `free` (available), by the dated rule; money in the account's currency. */
export function withdrawableOf(free: Known<number>, account: AccountRecord, { isUntouched, rule }: WithdrawTerms): Known<number> {
  if (!free.known) return free;
  const closeProfit = knownNumber(account.counter?.item.closeProfit, reasonFor('field', 'closeProfit'));
  if (!closeProfit.known) return closeProfit;
  const includeClose = account.master?.availIncludeCloseProfit;
  if (includeClose === undefined) return unknown('noAlgorithm');
  if (!rule.known) return rule;
  return known(withdrawQuota(mortgageableFund(free.value, closeProfit.value, includeClose), isUntouched, rule.value));
}

export type CounterMoment = Record<
  'currMargin' | 'exchangeMargin' | 'available' | 'withdrawQuota' | 'riskDegree' | 'exchangeRiskDegree' | 'marginCall',
  Known<number>
>;

const DIFFERENT_MOMENT = unknown('differentMoment');

/**
 * Unknown where the two cannot be of one moment: positions that came later than the account's figures, or a margin that follows the latest or
 * the average price, which were not kept for then.
 */
export function atCounterMoment(book: Book, account: AccountRecord, terms: WithdrawTerms): CounterMoment {
  const counter = account.counter?.item;
  const type = account.master?.marginPriceType;
  const isMarginSteady = type === 'open' || type === 'preSettlement' || !holdsToday(account);
  if (counter === undefined || !isMarginSteady || account.positionsAsOfMs > counter.asOfMs) {
    const none = counter === undefined ? unknown('noAccount') : DIFFERENT_MOMENT;
    return {
      currMargin: none,
      exchangeMargin: none,
      available: none,
      withdrawQuota: none,
      riskDegree: none,
      exchangeRiskDegree: none,
      marginCall: none,
    };
  }
  const { columns } = book.kernel;
  const marginOf = (column: Float64Array, layer: 'company' | 'exchange'): Known<number> =>
    knownNumber(column[account.index], (marginReason(account, layer) ?? 'noRate') as Reason);
  const currMargin = marginOf(columns.margin, 'company');
  const exchangeMargin = marginOf(columns.exchangeMargin, 'exchange');
  const positionProfit = profitAt(account, book.kernel, counter.asOfMs);
  const balance = dynamicEquity(counter, positionProfit, holdsOptions(account));
  const free = available({
    balance,
    currMargin,
    heldBack: heldBack(counter),
    positionProfit,
    closeProfit: knownNumber(counter.closeProfit, reasonFor('field', 'closeProfit')),
    algorithm: account.master?.algorithm,
    availIncludeCloseProfit: account.master?.availIncludeCloseProfit,
  });
  const degreeOf = (margin: Known<number>): Known<number> => {
    const degree = riskDegree(margin, balance);
    return degree.kind === 'degree' ? known(degree.value) : unknown(degree.kind === 'none' ? 'noDegree' : (degree.reason as Reason));
  };
  return {
    currMargin,
    exchangeMargin,
    available: free,
    withdrawQuota: withdrawableOf(free, account, terms),
    riskDegree: degreeOf(currMargin),
    exchangeRiskDegree: degreeOf(exchangeMargin),
    marginCall: marginCall(currMargin, balance),
  };
}

function holdsToday(account: AccountRecord): boolean {
  for (const holding of account.holdings.values()) for (const { sums } of holding.sides) if (sums !== null && sums.todayVolume > 0) return true;
  return false;
}
