/** The funds of a made-up counter's account, from its rows, in exact decimals. */
import { cutAt, type Decimal, decimal, larger, roundedAt, smaller, sum, times, ZERO } from './decimal';
import type { RowTruth } from './rows';

export type MoneyInputs = Record<
  'preBalance' | 'deposit' | 'withdraw' | 'cashIn' | 'deliveryMargin' | 'preCredit' | 'preMortgage' | 'mortgage' | 'credit' | 'frozenCash',
  Decimal
>;
export type AccountTruth = Record<
  | 'closeProfit'
  | 'positionProfit'
  | 'commission'
  | 'balance'
  | 'currMargin'
  | 'exchangeMargin'
  | 'frozenMargin'
  | 'frozenCommission'
  | 'available'
  | 'mortgageableFund'
  | 'withdrawQuota'
  | 'preMargin',
  Decimal
>;

/** `skew`: how much further the marks had gone when the account was asked. */
export function accountTruth(
  rows: readonly RowTruth[],
  money: MoneyInputs,
  params: { algorithm: string; availIncludeCloseProfit: string },
  skew: Decimal,
): AccountTruth {
  const of = (field: keyof RowTruth['figures']): Decimal => sum(rows.map(({ figures }) => figures[field]));
  const positionProfit = of('positionProfit') + skew;
  const closeProfit = of('closeProfit');
  const currMargin = marginOf(rows, ({ figures }) => figures.useMargin);
  const staticEquity = money.preBalance - money.preCredit - money.preMortgage + money.mortgage - money.withdraw + money.deposit;
  const balance = staticEquity + money.cashIn + closeProfit + positionProfit - of('commission');
  const counted = {
    '1': positionProfit,
    '2': smaller(positionProfit, ZERO),
    '3': larger(positionProfit, ZERO),
    '4': ZERO,
  }[params.algorithm as '1' | '2' | '3' | '4'];
  const countedClose = params.availIncludeCloseProfit === '2' ? smaller(closeProfit, ZERO) : closeProfit;
  const available =
    staticEquity +
    money.cashIn +
    counted +
    countedClose -
    of('commission') -
    currMargin -
    of('frozenMargin') -
    of('frozenCommission') -
    money.frozenCash -
    money.deliveryMargin +
    money.credit;
  const mortgageableFund = params.availIncludeCloseProfit === '2' ? available : available - larger(closeProfit, ZERO);
  const isUntouched = rows.every(({ raw }) => raw.ydPosition === undefined && raw.openVolume === undefined && raw.closeVolume === undefined);
  const quota = isUntouched ? mortgageableFund : cutAt(roundedAt(times(decimal('0.8'), mortgageableFund), 4), 2);
  return {
    closeProfit,
    positionProfit,
    commission: of('commission'),
    balance,
    currMargin,
    exchangeMargin: currMargin,
    frozenMargin: of('frozenMargin'),
    frozenCommission: of('frozenCommission'),
    available,
    mortgageableFund,
    withdrawQuota: larger(quota, ZERO),
    preMargin: ZERO,
  };
}

/** The larger side per product on SHFE, INE and CFFEX, per contract on CZCE; on DCE everything. */
function marginOf(rows: readonly RowTruth[], marginOfRow: (row: RowTruth) => Decimal): Decimal {
  const groups = new Map<string, { long: Decimal; short: Decimal }>();
  for (const [index, row] of rows.entries()) {
    const { contract, direction } = row.side;
    const { exchange, product } = contract.product;
    const name =
      contract.option !== null || exchange === 'CZCE'
        ? contract.instrument
        : exchange === 'DCE' || exchange === 'GFEX'
          ? `${contract.instrument}/${index}`
          : `${exchange}.${product}`;
    const group = groups.get(name) ?? { long: ZERO, short: ZERO };
    group[direction] += marginOfRow(row);
    groups.set(name, group);
  }
  return sum([...groups.values()].map(({ long, short }) => larger(long, short)));
}
