import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkStatement, disagreements } from '#shared/market/statement/check';
import { parseStatement } from '#shared/market/statement/parse';
import type { Statement } from '#shared/market/statement/statement';
import { hasSharedMaterial, sharedFile } from '#tests/helpers/shared-material';
import { possibleTrades, WRITTEN_INSTRUMENTS, type WrittenTrade, writeStatement } from '#tests/helpers/statement-writer';
import { tables } from '#tests/unit/market/counter/reconcile-tables';

const rules = tables.aggregation;

const tradeArbitrary: fc.Arbitrary<WrittenTrade> = fc.record({
  instrumentID: fc.constantFrom(...WRITTEN_INSTRUMENTS),
  direction: fc.constantFrom('buy' as const, 'sell' as const),
  isOpen: fc.boolean(),
  price: fc.integer({ min: 700, max: 16_000 }),
  volume: fc.integer({ min: 1, max: 9 }),
  fee: fc.integer({ min: 0, max: 900 }).map((cents) => cents / 100),
});

function parsed(text: string): Statement {
  const outcome = parseStatement(text);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

const sample = writeStatement(
  [
    { instrumentID: 'ag2702', direction: 'buy', isOpen: true, price: 15700, volume: 3, fee: 7.07 },
    { instrumentID: 'ag2702', direction: 'sell', isOpen: false, price: 15745, volume: 1, fee: 0 },
    { instrumentID: 'ag2702', direction: 'sell', isOpen: true, price: 15800, volume: 1, fee: 2.37 },
    { instrumentID: 'au2702', direction: 'sell', isOpen: true, price: 812, volume: 2, fee: 4 },
  ],
  10_000_000,
);

describe('reading a settlement statement', () => {
  it('does not recompute a sum when the statement lacks one of its lines, and names the line', () => {
    const statement = parsed(sample);
    delete statement.account.reserve;
    delete statement.account.premiumPaid;
    const unknown = checkStatement(statement, rules).filter(({ subject, computed }) => subject === 'account' && computed === null);
    expect(unknown.map(({ field, difference, reason }) => [field, difference, reason])).toEqual([
      ['balanceCarriedForward', null, 'the statement has no line premiumPaid'],
      ['fundAvailable', null, 'the statement has no line reserve'],
    ]);
  });

  it('finds every trade, close, lot and position, and its figures follow from its lots, whatever was traded', () => {
    fc.assert(
      fc.property(fc.array(tradeArbitrary, { maxLength: 20 }), fc.integer({ min: 50_000_000, max: 90_000_000 }), (wanted, broughtForward) => {
        const trades = possibleTrades(wanted);
        const statement = parsed(writeStatement(trades, broughtForward));
        expect(statement.transactions.length).toBe(trades.length);
        expect(statement.account.balanceBroughtForward).toBe(broughtForward);
        expect(disagreements(checkStatement(statement, rules))).toEqual([]);
      }),
    );
  });

  it('sees a figure that does not follow from the lots, and names it', () => {
    const statement = parsed(sample);
    const [close] = statement.closes;
    if (close === undefined) throw new Error('the sample has no close');
    close.closeProfit += 0.01;
    statement.account.clientEquity = (statement.account.clientEquity ?? 0) - 1;
    expect(disagreements(checkStatement(statement, rules)).map((check) => `${check.subject}.${check.field}`)).toEqual([
      'ag2702.closeProfit',
      'account.realizedProfit',
      'account.clientEquity',
      'account.fundAvailable',
    ]);
  });

  it('ties the trades of the day to the lots that are left and to those that were closed', () => {
    const faultsAfter = (change: (statement: Statement) => void): string[] => {
      const statement = parsed(sample);
      change(statement);
      return disagreements(checkStatement(statement, rules)).map(
        ({ subject, field, stated, computed }) => `${subject} ${field} ${stated}/${computed}`,
      );
    };
    expect(faultsAfter(({ transactions: [trade] }) => Object.assign(trade ?? {}, { instrumentID: 'ag2703' }))).toEqual([
      'ag2703 openedVolume 3/0',
      'ag2702 openedVolume 0/3',
    ]);
    expect(faultsAfter(({ transactions: [, trade] }) => Object.assign(trade ?? {}, { direction: 'buy' }))).toEqual([
      'ag2702 closedVolume 1/0',
      'ag2702 closedVolume 0/1',
    ]);
    // Exercised lots come and go without a trade.
    const exercised = (statement: Statement): void => {
      statement.transactions.shift();
      statement.account.exerciseFee = 1;
    };
    expect(faultsAfter(exercised).filter((fault) => fault.includes('Volume'))).toEqual([]);
  });

  it.each([
    ['a day that no calendar has', '20260932', /is not a day YYYYMMDD/],
    ['a day after its own', '20260916', /later than 20260915, the day of the statement/],
  ])('refuses a trade of %s, with the line', (_, day, reason) => {
    const line = sample.split('\r\n').findIndex((each) => each.startsWith('|20260915|'));
    const changed = sample.replace('|20260915|', `|${day}|`);
    expect(parseStatement(changed)).toMatchObject({ ok: false, field: `line ${line + 1}`, message: expect.stringMatching(reason) });
  });

  it('takes the multiplier of a contract that was not traded from two figures that agree, and from one that stands alone never', () => {
    const statement = parsed(sample);
    statement.transactions = statement.transactions.filter((trade) => trade.instrumentID !== 'au2702');
    const unknown = () => checkStatement(statement, rules).filter((check) => check.computed === null);
    expect(unknown()).toEqual([]);
    const lot = statement.positionsDetail.find(({ instrumentID }) => instrumentID === 'au2702');
    if (lot === undefined) throw new Error('the sample has no gold');
    lot.positionProfitByTrade += 1;
    expect(unknown().map((check) => [check.subject, check.field, check.reason])).toEqual([
      ['au2702', 'positionProfitByTrade', 'nothing else in the statement shows the multiplier of au2702'],
      ['au2702', 'positionProfitByDate', 'nothing else in the statement shows the multiplier of au2702'],
    ]);
  });

  it('does not guess how the profit of an option is stated', () => {
    const statement = parsed(sample);
    const [lot] = statement.positionsDetail;
    if (lot === undefined) throw new Error('the sample holds nothing');
    statement.positionsDetail.push({
      ...lot,
      instrumentID: 'ag2702C16000',
      settlementPrice: 300,
      volume: 3,
      positionProfitByTrade: 0,
      positionProfitByDate: 0,
      optionValue: 13_500,
    });
    const ofOption = checkStatement(statement, rules).filter(({ subject }) => subject === 'ag2702C16000');
    expect(ofOption.map(({ field, computed }) => [field, computed])).toEqual([
      ['positionProfitByTrade', null],
      ['positionProfitByDate', null],
      ['optionValue', 13_500],
      // Opened today, and no trade says so.
      ['openedVolume', 3],
    ]);
  });

  it('reads a statement by trade, whose floating profit is not carried forward', () => {
    const byTrade = sample.replace('(盯市)', '(逐笔)').replace('(MTM)', '(Trade)').replace('持仓盯市盈亏 MTM P/L', '浮动盈亏 Accum. P/L');
    const statement = parsed(byTrade);
    const { floatingProfit = 0, balanceCarriedForward = 0 } = statement.account;
    statement.account.balanceCarriedForward = balanceCarriedForward - floatingProfit;
    expect(statement.basis).toBe('trade');
    expect(floatingProfit).not.toBe(0);
    expect(disagreements(checkStatement(statement, rules))).toEqual([]);
    expect(parseStatement(byTrade.replace('Accum. P/L', 'MTM P/L'))).toMatchObject({ ok: false, message: expect.stringContaining('floatingProfit') });
  });

  it('refuses a file cut anywhere before its last totals, naming the line', () => {
    const lines = sample.split('\r\n');
    const lastTotals = lines.findLastIndex((line) => line.startsWith('|共'));
    for (let kept = 0; kept <= lastTotals; kept++) {
      const outcome = parseStatement(lines.slice(0, kept).join('\r\n'));
      expect(outcome, `cut after line ${kept}`).toMatchObject({ ok: false, code: 'INVALID', message: expect.stringMatching(/^line \d+: /) });
    }
  });

  it.each([
    ['15700', '1570O', 'Price "1570O" is not a number'],
    ['|买|', '|多|', 'B/S "多" is not a known word'],
    ['共 4条', '共 5条', 'the table says 5 rows and has 4'],
    ['|上期所|ag2702|卖|', '|上期所|卖|', '11 cells where the heading has 12'],
    ['Account Summary', 'Account', 'the file ends without an account summary'],
    ['|7.07|', '|9.07|', 'Fee says 13.44 in all, its rows add up to 15.44'],
  ])('refuses %s written as %s', (from, to, message) => {
    expect(parseStatement(sample.replace(from, to))).toMatchObject({ ok: false, message: expect.stringContaining(message) });
  });

  it('never throws on disturbed text', () => {
    fc.assert(
      fc.property(fc.nat(sample.length - 1), fc.string({ maxLength: 6 }), (at, noise) => {
        const outcome = parseStatement(sample.slice(0, at) + noise + sample.slice(at + noise.length));
        expect(typeof outcome.ok).toBe('boolean');
      }),
    );
  });
});

describe.skipIf(!hasSharedMaterial)('a real settlement statement (skipped when it is not beside the checkout)', () => {
  it('agrees with the structured source it was printed from, and with itself to the cent', () => {
    const statement = parsed(readFileSync(sharedFile('settlement', 'statement-2023-02-15.txt'), 'utf8'));
    const source = JSON.parse(readFileSync(sharedFile('settlement', 'statement-2023-02-15.source.json'), 'utf8'));
    expect(
      statement.transactions.map((trade) => [trade.exchangeID, trade.instrumentID, trade.price, trade.volume, trade.turnover, trade.tradeID]),
    ).toEqual(
      source.Transactions.map((trade: Record<string, unknown>) => [
        trade.ExchangeID,
        trade.InstrumentID,
        trade.Price,
        trade.Volume,
        trade.Turnover,
        trade.TradeID,
      ]),
    );
    expect(
      statement.positionsDetail.map((lot) => [lot.instrumentID, lot.openDate, lot.volume, lot.openPrice, lot.settlementPrice, lot.margin]),
    ).toEqual(
      source.PositionsDetail.map((lot: Record<string, unknown>) => [
        lot.InstrumentID,
        lot.OpenDate,
        lot.Volume,
        lot.OpenPrice,
        lot.SettlementPrice,
        lot.Margin,
      ]),
    );
    const checks = checkStatement(statement, rules);
    expect(checks.filter((check) => check.difference !== 0)).toEqual([]);
    expect(checks.length).toBeGreaterThan(20);
  });
});
