/** A settlement statement as data: what the counter stated for one client and one day, field by field. Money in `currencyID`, volumes in lots. */
import type { SummaryField } from '#shared/market/statement/layout';

export type StatementTransaction = {
  line: number;
  tradeDate: string;
  exchangeID: string;
  instrumentID: string;
  direction: 'buy' | 'sell';
  hedgeFlag: string;
  price: number;
  volume: number;
  turnover: number;
  offsetFlag: string;
  commission: number;
  closeProfit: number;
  /** Of options: received above zero, paid below; left out where the statement has no such column. */
  premium?: number;
  tradeID: string;
};
/** `direction` is that of the closing trade: a sell closes a long lot. */
export type StatementClose = {
  line: number;
  closeDate: string;
  exchangeID: string;
  instrumentID: string;
  openDate: string;
  hedgeFlag: string;
  direction: 'buy' | 'sell';
  volume: number;
  openPrice: number;
  preSettlementPrice: number;
  closePrice: number;
  closeProfit: number;
  premium?: number;
};
export type StatementLot = {
  line: number;
  exchangeID: string;
  instrumentID: string;
  openDate: string;
  hedgeFlag: string;
  direction: 'buy' | 'sell';
  volume: number;
  openPrice: number;
  preSettlementPrice: number;
  settlementPrice: number;
  positionProfitByTrade: number;
  positionProfitByDate: number;
  margin: number;
  optionValue?: number;
};
export type StatementPosition = {
  line: number;
  instrumentID: string;
  longVolume: number;
  longAveragePrice: number;
  shortVolume: number;
  shortAveragePrice: number;
  preSettlementPrice: number;
  settlementPrice: number;
  positionProfitByDate: number;
  marginOccupied: number;
  hedgeFlag: string;
  optionValueLong?: number;
  optionValueShort?: number;
};

export type Statement = {
  clientID: string;
  clientName: string;
  date: string;
  /** `mtm` by date, `trade` by trade: which profit the summary is made of. */
  basis: 'mtm' | 'trade';
  currencyID: string;
  account: Partial<Record<SummaryField, number>>;
  transactions: StatementTransaction[];
  closes: StatementClose[];
  positionsDetail: StatementLot[];
  positions: StatementPosition[];
};
