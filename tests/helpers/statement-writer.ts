/** Writes a settlement statement in the bilingual CTP layout from plain trades, so that tests need no real client's paper. */

export type WrittenTrade = { instrumentID: string; direction: 'buy' | 'sell'; isOpen: boolean; price: number; volume: number; fee: number };
export type WrittenLot = { instrumentID: string; direction: 'buy' | 'sell'; volume: number; openPrice: number };

const DATE = '20260915';
const CONTRACTS: Record<string, { multiplier: number; preSettlement: number; settlement: number; rate: number }> = {
  ag2702: { multiplier: 15, preSettlement: 15724, settlement: 15891, rate: 0.19 },
  au2702: { multiplier: 1000, preSettlement: 812.4, settlement: 809.96, rate: 0.16 },
};
export const WRITTEN_INSTRUMENTS = Object.keys(CONTRACTS);

/** Runs the day's trades over lots, first in first out; every figure of the statement follows from the lots. Throws for a trade that closes what nobody holds. */
export function writeStatement(trades: readonly WrittenTrade[], broughtForward: number): string {
  const lots: WrittenLot[] = [];
  const closes: (WrittenLot & { closePrice: number; profit: number })[] = [];
  for (const trade of trades) {
    if (trade.isOpen) lots.push({ instrumentID: trade.instrumentID, direction: trade.direction, volume: trade.volume, openPrice: trade.price });
    else closeLots(lots, closes, trade);
  }
  const held = lots.filter((lot) => lot.volume > 0);
  const lotRows = held.map((lot) => {
    const contract = contractOf(lot.instrumentID);
    const profit = (lot.direction === 'buy' ? 1 : -1) * (contract.settlement - lot.openPrice) * contract.multiplier * lot.volume;
    return { lot, contract, profit, margin: contract.settlement * contract.multiplier * lot.volume * contract.rate };
  });
  const realized = sum(closes.map((close) => close.profit));
  const mtm = sum(lotRows.map((row) => row.profit));
  const fees = sum(trades.map((trade) => trade.fee));
  const equity = broughtForward + realized + mtm - fees;
  const positions = WRITTEN_INSTRUMENTS.map((instrumentID) =>
    positionRow(
      instrumentID,
      lotRows.filter((row) => row.lot.instrumentID === instrumentID),
    ),
  ).filter((row) => row !== null);
  const margin = sum(positions.map((row) => row.margin));

  return [
    '                            测试期货                            ',
    `                              制表时间 Creation Date：${DATE}`,
    '-'.repeat(100),
    '            交易结算单(盯市) Settlement Statement(MTM)            ',
    '客户号 Client ID：  900001          客户名称 Client Name：测试客户',
    `日期 Date：${DATE}`,
    '',
    '   资金状况   资金账号：900001  币种：人民币  Account Summary AccountID：900001 Currency：CNY  ',
    '-'.repeat(100),
    pair('期初结存 Balance b/f', broughtForward, '基础保证金 Initial Margin', 0),
    pair('出 入 金 Deposit/Withdrawal', 0, '期末结存 Balance c/f', equity),
    pair('平仓盈亏 Realized P/L', realized, '质 押 金 Pledge Amount', 0),
    pair('持仓盯市盈亏 MTM P/L', mtm, '客户权益 Client Equity', equity),
    pair('手 续 费 Commission', fees, '保证金占用 Margin Occupied', margin),
    pair('行权盈亏 Exercise P/L', 0, '货币质押保证金占用 FX Pledge Occ.', 0),
    pair('行权手续费 Exercise Fee', 0, '交割保证金 Delivery Margin', 0),
    pair('交割手续费 Delivery Fee', 0, '权利金收入 Premium received', 0),
    pair('权利金支出 Premium paid', 0, '货币质入 New FX Pledge', 0),
    `可用资金 Fund Avail.：${money(equity - margin)}  风 险 度 Risk Degree：${((margin / equity) * 100).toFixed(2)}%`,
    pair('应追加资金 Margin Call', Math.max(0, margin - equity), '交割盈亏 Delivery P/L', 0),
    '',
    ...section(
      '成交记录 Transaction Record',
      'Date|Exchange|Instrument|B/S|S/H|Price|Lots|Turnover|O/C|Fee|Realized P/L|Trans.No.',
      trades.map((trade, index) => [
        DATE,
        '上期所',
        trade.instrumentID,
        side(trade.direction),
        '投机',
        String(trade.price),
        String(trade.volume),
        money(trade.price * trade.volume * contractOf(trade.instrumentID).multiplier),
        trade.isOpen ? '开' : '平今',
        money(trade.fee),
        '0.00',
        String(index + 1),
      ]),
      [
        String(sum(trades.map((trade) => trade.volume))),
        money(sum(trades.map((trade) => trade.price * trade.volume * contractOf(trade.instrumentID).multiplier))),
        money(fees),
        '0.00',
      ],
    ),
    ...section(
      '平仓明细 Position Closed',
      'Close Date|Exchange|Instrument|Open Date|S/H|B/S|Lots|Pos. Open Price|Prev. Sttl|Trans. Price|Realized P/L',
      closes.map((close) => [
        DATE,
        '上期所',
        close.instrumentID,
        DATE,
        '投机',
        side(close.direction === 'buy' ? 'sell' : 'buy'),
        String(close.volume),
        String(close.openPrice),
        String(contractOf(close.instrumentID).preSettlement),
        String(close.closePrice),
        money(close.profit),
      ]),
      [String(sum(closes.map((close) => close.volume))), money(realized)],
    ),
    ...section(
      '持仓明细 Positions Detail',
      'Exchange|Instrument|Open Date|S/H|B/S|Positon|Pos. Open Price|Prev. Sttl|Settlement Price|Accum. P/L|MTM P/L|Margin',
      lotRows.map(({ lot, contract, profit, margin: own }) => [
        '上期所',
        lot.instrumentID,
        DATE,
        '投机',
        side(lot.direction),
        String(lot.volume),
        String(lot.openPrice),
        String(contract.preSettlement),
        String(contract.settlement),
        money(profit),
        money(profit),
        money(own),
      ]),
      [String(sum(held.map((lot) => lot.volume))), money(mtm), money(mtm), money(sum(lotRows.map((row) => row.margin)))],
    ),
    ...section(
      '持仓汇总 Positions',
      'Instrument|Long Pos.|Avg Buy Price|Short Pos.|Avg Sell Price|Prev. Sttl|Sttl Today|MTM P/L|Margin Occupied|S/H',
      positions.map((row) => [
        row.instrumentID,
        String(row.long),
        row.longAverage.toFixed(3),
        String(row.short),
        row.shortAverage.toFixed(3),
        String(contractOf(row.instrumentID).preSettlement),
        String(contractOf(row.instrumentID).settlement),
        money(row.profit),
        money(row.margin),
        '投机',
      ]),
      [
        String(sum(positions.map((row) => row.long))),
        String(sum(positions.map((row) => row.short))),
        money(sum(positions.map((row) => row.profit))),
        money(margin),
      ],
    ),
  ].join('\r\n');
}

function closeLots(lots: WrittenLot[], closes: (WrittenLot & { closePrice: number; profit: number })[], trade: WrittenTrade): void {
  let left = trade.volume;
  for (const lot of lots) {
    if (left === 0 || lot.volume === 0 || lot.instrumentID !== trade.instrumentID || lot.direction === trade.direction) continue;
    const volume = Math.min(left, lot.volume);
    const profit = (lot.direction === 'buy' ? 1 : -1) * (trade.price - lot.openPrice) * contractOf(lot.instrumentID).multiplier * volume;
    closes.push({ ...lot, volume, closePrice: trade.price, profit });
    lot.volume -= volume;
    left -= volume;
  }
  if (left > 0) throw new Error(`${left} lots of ${trade.instrumentID} are closed that nobody holds`);
}

/** The trades without those that close more lots than there are just then. */
export function possibleTrades(trades: readonly WrittenTrade[]): WrittenTrade[] {
  const held = new Map<string, number>();
  return trades.filter(({ instrumentID, direction, isOpen, volume }) => {
    const side = isOpen ? direction : direction === 'buy' ? 'sell' : 'buy';
    const lots = (held.get(`${instrumentID} ${side}`) ?? 0) + (isOpen ? volume : -volume);
    if (lots >= 0) held.set(`${instrumentID} ${side}`, lots);
    return lots >= 0;
  });
}

type LotRow = { lot: WrittenLot; profit: number; margin: number };

/** SHFE charges the larger side of a product; each product here has one contract. */
function positionRow(
  instrumentID: string,
  rows: readonly LotRow[],
): { instrumentID: string; long: number; short: number; longAverage: number; shortAverage: number; profit: number; margin: number } | null {
  if (rows.length === 0) return null;
  const of = (direction: 'buy' | 'sell') => rows.filter((row) => row.lot.direction === direction);
  const marginOf = (side: readonly LotRow[]) => sum(side.map((row) => Number(row.margin.toFixed(2))));
  const averageOf = (side: readonly LotRow[]) =>
    sum(side.map((row) => row.lot.openPrice * row.lot.volume)) / Math.max(1, sum(side.map((row) => row.lot.volume)));
  return {
    instrumentID,
    longAverage: averageOf(of('buy')),
    shortAverage: averageOf(of('sell')),
    long: sum(of('buy').map((row) => row.lot.volume)),
    short: sum(of('sell').map((row) => row.lot.volume)),
    profit: sum(rows.map((row) => row.profit)),
    margin: Math.max(marginOf(of('buy')), marginOf(of('sell'))),
  };
}

function section(title: string, heading: string, rows: readonly string[][], totals: readonly string[]): string[] {
  if (rows.length === 0) return [];
  const rule = '-'.repeat(140);
  const bar = (cells: readonly string[]) => `|${cells.join('|')}|`;
  return [
    `          ${title}`,
    rule,
    bar(heading.split('|')),
    bar(heading.split('|')),
    rule,
    ...rows.map(bar),
    rule,
    bar([`共 ${rows.length}条`, '', ...totals, '']),
    rule,
    '买---Buy 卖---Sell',
    '',
  ];
}

function contractOf(instrumentID: string): { multiplier: number; preSettlement: number; settlement: number; rate: number } {
  const contract = CONTRACTS[instrumentID];
  if (contract === undefined) throw new Error(`the writer knows no contract ${instrumentID}`);
  return contract;
}

function pair(left: string, leftValue: number, right: string, rightValue: number): string {
  return `${left}：          ${money(leftValue)}  ${right}：          ${money(rightValue)}`;
}

function money(value: number): string {
  return value.toFixed(2);
}

function side(direction: 'buy' | 'sell'): string {
  return direction === 'buy' ? '买' : '卖';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
