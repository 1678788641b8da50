/** The words and columns of the bilingual CTP settlement statement: which label or heading means which field. */

/** Account summary labels by their English half; `Initial Margin` is CTP's Reserve. */
export const SUMMARY_LABELS = {
  'Balance b/f': 'balanceBroughtForward',
  'Initial Margin': 'reserve',
  'Deposit/Withdrawal': 'depositWithdrawal',
  'Balance c/f': 'balanceCarriedForward',
  'Realized P/L': 'realizedProfit',
  'Pledge Amount': 'pledgeAmount',
  'MTM P/L': 'mtmProfit',
  'Accum. P/L': 'floatingProfit',
  'Client Equity': 'clientEquity',
  'Exercise P/L': 'exerciseProfit',
  'FX Pledge Occ.': 'fxPledgeOccupied',
  Commission: 'commission',
  'Margin Occupied': 'marginOccupied',
  'Exercise Fee': 'exerciseFee',
  'Delivery Margin': 'deliveryMargin',
  'Delivery Fee': 'deliveryFee',
  'Market value(long)': 'optionValueLong',
  'New FX Pledge': 'newFxPledge',
  'Market value(short)': 'optionValueShort',
  'FX Redemption': 'fxRedemption',
  'Market value(equity)': 'marketValueEquity',
  'Chg in Pledge Amt': 'pledgeChange',
  'Fund Avail.': 'fundAvailable',
  'Premium received': 'premiumReceived',
  'Risk Degree': 'riskDegree',
  'Premium paid': 'premiumPaid',
  'Margin Call': 'marginCall',
  'Delivery P/L': 'deliveryProfit',
  'Chg in FX Pledge': 'fxPledgeChange',
} as const;
export type SummaryField = (typeof SUMMARY_LABELS)[keyof typeof SUMMARY_LABELS];

/** Without these, and the floating profit of its basis, a statement says nothing that could be checked. */
export const REQUIRED_SUMMARY: readonly SummaryField[] = [
  'balanceBroughtForward',
  'depositWithdrawal',
  'balanceCarriedForward',
  'realizedProfit',
  'clientEquity',
  'commission',
  'marginOccupied',
  'fundAvailable',
  'riskDegree',
  'marginCall',
];

/** `account` is text that must be the account the summary is of. */
export type ColumnKind = 'text' | 'account' | 'money' | 'price' | 'lots' | 'date' | 'exchange' | 'direction' | 'hedge' | 'offset';
type Columns = Readonly<Record<string, readonly [field: string, kind: ColumnKind]>>;

/** Sections by the English words of their title line; columns by the English heading without spaces. */
export const SECTIONS = {
  transactions: {
    title: 'Transaction Record',
    columns: {
      Date: ['tradeDate', 'date'],
      Exchange: ['exchangeID', 'exchange'],
      Instrument: ['instrumentID', 'text'],
      'B/S': ['direction', 'direction'],
      'S/H': ['hedgeFlag', 'hedge'],
      Price: ['price', 'price'],
      Lots: ['volume', 'lots'],
      Turnover: ['turnover', 'money'],
      'O/C': ['offsetFlag', 'offset'],
      Fee: ['commission', 'money'],
      'RealizedP/L': ['closeProfit', 'money'],
      'Trans.No.': ['tradeID', 'text'],
    },
    optional: { 'PremiumReceived/Paid': ['premium', 'money'], AccountID: ['accountID', 'account'] },
    totals: { Lots: 'volume', Turnover: 'turnover', Fee: 'commission', 'RealizedP/L': 'closeProfit', 'PremiumReceived/Paid': 'premium' },
  },
  closes: {
    title: 'Position Closed',
    columns: {
      CloseDate: ['closeDate', 'date'],
      Exchange: ['exchangeID', 'exchange'],
      Instrument: ['instrumentID', 'text'],
      OpenDate: ['openDate', 'date'],
      'S/H': ['hedgeFlag', 'hedge'],
      'B/S': ['direction', 'direction'],
      Lots: ['volume', 'lots'],
      'Pos.OpenPrice': ['openPrice', 'price'],
      'Prev.Sttl': ['preSettlementPrice', 'price'],
      'Trans.Price': ['closePrice', 'price'],
      'RealizedP/L': ['closeProfit', 'money'],
    },
    optional: { 'PremiumReceived/Paid': ['premium', 'money'], AccountID: ['accountID', 'account'] },
    totals: { Lots: 'volume', 'RealizedP/L': 'closeProfit', 'PremiumReceived/Paid': 'premium' },
  },
  positionsDetail: {
    title: 'Positions Detail',
    columns: {
      Exchange: ['exchangeID', 'exchange'],
      Instrument: ['instrumentID', 'text'],
      OpenDate: ['openDate', 'date'],
      'S/H': ['hedgeFlag', 'hedge'],
      'B/S': ['direction', 'direction'],
      Positon: ['volume', 'lots'],
      'Pos.OpenPrice': ['openPrice', 'price'],
      'Prev.Sttl': ['preSettlementPrice', 'price'],
      SettlementPrice: ['settlementPrice', 'price'],
      'Accum.P/L': ['positionProfitByTrade', 'money'],
      'MTMP/L': ['positionProfitByDate', 'money'],
      Margin: ['margin', 'money'],
    },
    optional: { 'MarketValue(Options)': ['optionValue', 'money'], AccountID: ['accountID', 'account'] },
    totals: {
      Positon: 'volume',
      'Accum.P/L': 'positionProfitByTrade',
      'MTMP/L': 'positionProfitByDate',
      Margin: 'margin',
      'MarketValue(Options)': 'optionValue',
    },
  },
  positions: {
    title: 'Positions',
    columns: {
      Instrument: ['instrumentID', 'text'],
      'LongPos.': ['longVolume', 'lots'],
      AvgBuyPrice: ['longAveragePrice', 'price'],
      'ShortPos.': ['shortVolume', 'lots'],
      AvgSellPrice: ['shortAveragePrice', 'price'],
      'Prev.Sttl': ['preSettlementPrice', 'price'],
      SttlToday: ['settlementPrice', 'price'],
      'MTMP/L': ['positionProfitByDate', 'money'],
      MarginOccupied: ['marginOccupied', 'money'],
      'S/H': ['hedgeFlag', 'hedge'],
    },
    optional: {
      'MarketValue(Long)': ['optionValueLong', 'money'],
      'MarketValue(Short)': ['optionValueShort', 'money'],
      AccountID: ['accountID', 'account'],
    },
    totals: {
      'LongPos.': 'longVolume',
      'ShortPos.': 'shortVolume',
      'MTMP/L': 'positionProfitByDate',
      MarginOccupied: 'marginOccupied',
      'MarketValue(Long)': 'optionValueLong',
      'MarketValue(Short)': 'optionValueShort',
    },
  },
} as const satisfies Record<string, { title: string; columns: Columns; optional: Columns; totals: Readonly<Record<string, string>> }>;
export type SectionName = keyof typeof SECTIONS;

/** Sections of other kinds (deposits, delivery, exercise, pledge): recognised so that their tables are read past, not refused. */
export const OTHER_SECTION_TITLES: readonly string[] = [
  'Deposit/Withdrawal',
  'Delivery',
  'Exercise',
  'Pledge',
  'Assignment',
  'Expired',
  'Combination',
];

export const EXCHANGES: Readonly<Record<string, string>> = {
  上期所: 'SHFE',
  能源中心: 'INE',
  中金所: 'CFFEX',
  大商所: 'DCE',
  郑商所: 'CZCE',
  广期所: 'GFEX',
};
export const DIRECTIONS: Readonly<Record<string, 'buy' | 'sell'>> = { 买: 'buy', 卖: 'sell', Buy: 'buy', Sell: 'sell' };
export const HEDGE_FLAGS: Readonly<Record<string, string>> = {
  投机: 'speculation',
  套保: 'hedge',
  套利: 'arbitrage',
  一般: 'general',
  交易: 'trade',
  做市商: 'marketMaker',
};
export const OFFSET_FLAGS: Readonly<Record<string, string>> = {
  开: 'open',
  平: 'close',
  平今: 'closeToday',
  平昨: 'closeYesterday',
  强平: 'forceClose',
  强减: 'forceOff',
  本地强平: 'localForceClose',
};
