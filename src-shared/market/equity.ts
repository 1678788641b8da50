/** Equity, available funds, risk degree and margin call of one futures account, as the CTP documents state them (checked on real counter snapshots). */
import type { AccountMaster, CounterAccount } from '#shared/feed/items';
import { type Known, known, knownNumber, sumKnown, unknown } from './known';
import { reasonFor } from './reason';

export type MoneyFields = Pick<
  CounterAccount,
  'preBalance' | 'preCredit' | 'preMortgage' | 'mortgage' | 'deposit' | 'withdraw' | 'cashIn' | 'closeProfit' | 'commission'
>;

/**
 * Fields a counter without that facility (pledge, credit, options, delivery) leaves out; their term is then left out of the sum, and shown as such. Where
 * something says that the facility is in use, a missing field is unknown instead: yesterday's pledge or credit without today's, options without the premium.
 */
export const OPTIONAL_TERMS = ['preCredit', 'preMortgage', 'mortgage', 'cashIn', 'frozenCash', 'deliveryMargin', 'credit'] as const;

function required(fields: Partial<Record<string, unknown>>, name: string): Known<number> {
  return knownNumber(fields[name] as number | undefined, reasonFor('field', name));
}

/**
 * Equity before today's trading result, in the account's currency:
 * preBalance - preCredit - preMortgage + mortgage + deposit - withdraw. preBalance, deposit and withdraw must be known.
 */
export function staticEquity(fields: MoneyFields): Known<number> {
  const deposit = required(fields, 'deposit');
  const withdraw = required(fields, 'withdraw');
  if (!withdraw.known) return withdraw;
  // A pledge taken away and not put back would lower equity by all of it.
  if ((fields.preMortgage ?? 0) !== 0 && fields.mortgage === undefined) return unknown(reasonFor('field', 'mortgage'));
  return sumKnown([
    required(fields, 'preBalance'),
    deposit,
    known(-withdraw.value - (fields.preCredit ?? 0) - (fields.preMortgage ?? 0) + (fields.mortgage ?? 0)),
  ]);
}

/**
 * Everything in the dynamic equity except the position profit: static equity + cashIn + closeProfit - commission. `holdsOptions`: the premium of an
 * account with options has moved as cash, so its cashIn must be known.
 */
export function equityBeforePositions(fields: MoneyFields, holdsOptions = false): Known<number> {
  const commission = required(fields, 'commission');
  if (!commission.known) return commission;
  if (holdsOptions && fields.cashIn === undefined) return unknown(reasonFor('field', 'cashIn'));
  return sumKnown([staticEquity(fields), required(fields, 'closeProfit'), known((fields.cashIn ?? 0) - commission.value)]);
}

/** Dynamic equity (Balance). `positionProfit` is by date, from the marks of the moment. */
export function dynamicEquity(fields: MoneyFields, positionProfit: Known<number>, holdsOptions = false): Known<number> {
  return sumKnown([equityBeforePositions(fields, holdsOptions), positionProfit]);
}

export type Algorithm = NonNullable<AccountMaster['algorithm']>;
export type AvailIncludeCloseProfit = NonNullable<AccountMaster['availIncludeCloseProfit']>;

/**
 * The part of the day's profit that may not be used. Algorithm works on the account's net position profit (netting across products is real
 * counter behaviour): `all` counts gains and losses, `onlyLost` counts losses only, `onlyGain` gains only, `none` neither.
 * availIncludeCloseProfit `notInclude` takes away a net realised gain; a realised loss always counts.
 */
export function excludedProfit(algorithm: Algorithm, includeClose: AvailIncludeCloseProfit, positionProfit: number, closeProfit: number): number {
  const ofPositions =
    algorithm === 'all'
      ? 0
      : algorithm === 'onlyLost'
        ? Math.max(positionProfit, 0)
        : algorithm === 'onlyGain'
          ? Math.min(positionProfit, 0)
          : positionProfit;
  return ofPositions + (includeClose === 'include' ? 0 : Math.max(closeProfit, 0));
}

export type HeldBackFields = Pick<CounterAccount, 'frozenMargin' | 'frozenCommission' | 'frozenCash' | 'deliveryMargin' | 'credit' | 'preCredit'>;

/** What is held back apart from margin: frozenMargin + frozenCommission + frozenCash + deliveryMargin - credit. The first two must be known. */
export function heldBack(fields: HeldBackFields): Known<number> {
  if ((fields.preCredit ?? 0) !== 0 && fields.credit === undefined) return unknown(reasonFor('field', 'credit'));
  return sumKnown([
    required(fields, 'frozenMargin'),
    required(fields, 'frozenCommission'),
    known((fields.frozenCash ?? 0) + (fields.deliveryMargin ?? 0) - (fields.credit ?? 0)),
  ]);
}

export type AvailableInput = {
  balance: Known<number>;
  currMargin: Known<number>;
  heldBack: Known<number>;
  positionProfit: Known<number>;
  closeProfit: Known<number>;
  algorithm: Algorithm | undefined;
  availIncludeCloseProfit: AvailIncludeCloseProfit | undefined;
};

/** Available = balance - currMargin - what is held back - excluded profit. */
export function available(input: AvailableInput): Known<number> {
  if (input.algorithm === undefined || input.availIncludeCloseProfit === undefined) return unknown('noAlgorithm');
  if (!input.balance.known) return input.balance;
  if (!input.currMargin.known) return input.currMargin;
  if (!input.heldBack.known) return input.heldBack;
  if (!input.positionProfit.known) return input.positionProfit;
  if (!input.closeProfit.known) return input.closeProfit;
  const excluded = excludedProfit(input.algorithm, input.availIncludeCloseProfit, input.positionProfit.value, input.closeProfit.value);
  return known(input.balance.value - input.currMargin.value - input.heldBack.value - excluded);
}

/** `none` means equity is zero or below: there is no degree to speak of, and it is never shown as 0 % or as a negative number. */
export type RiskDegree = { kind: 'degree'; value: number } | { kind: 'none' } | { kind: 'unknown'; reason: string };

/** The canonical risk degree: margin / balance (CTP and CFMMC statements). The company degree takes currMargin, the exchange degree exchangeMargin. */
export function riskDegree(margin: Known<number>, balance: Known<number>): RiskDegree {
  if (!balance.known) return { kind: 'unknown', reason: balance.reason };
  if (!margin.known) return { kind: 'unknown', reason: margin.reason };
  if (balance.value <= 0) return { kind: 'none' };
  return { kind: 'degree', value: margin.value / balance.value };
}

/** What must be paid in for margin to be covered (the statement's margin call): max(0, currMargin - balance). */
export function marginCall(currMargin: Known<number>, balance: Known<number>): Known<number> {
  if (!currMargin.known) return currMargin;
  if (!balance.known) return balance;
  return known(Math.max(0, currMargin.value - balance.value));
}

/** The deposit that brings the degree to `target` (for example 0.8): currMargin / target - balance, not below zero. */
export function depositToReach(target: number, currMargin: number, balance: number): number {
  return Math.max(0, currMargin / target - balance);
}

/** The margin to release that brings the degree to `target`, before the fees and slippage of doing so: currMargin - target x balance, not below zero. */
export function releaseToReach(target: number, currMargin: number, balance: number): number {
  return Math.max(0, currMargin - target * balance);
}
