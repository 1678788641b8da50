/** The liquidation worklist: it reaches its target whenever that can be reached, by the rules of the desk and at the account's own fees. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommissionRate } from '#shared/feed/items';
import { type Known, known, unknown } from '#shared/market/known';
import type { AccountModel, HeldLot } from '#shared/market/what-if/account-model';
import { chooseCloses } from '#shared/market/what-if/choose-closes';
import type { CloseTerms } from '#shared/market/what-if/closing-fee';
import { cutCloses, type FrozenVolume } from '#shared/market/what-if/frozen-lots';
import { scenarioSchema, stressAccount } from '#shared/market/what-if/scenario';
import { type AccountFigures, closeLots, valueAccount } from '#shared/market/what-if/value-account';
import { makeWorklist, type Worklist, type WorklistRules, worklistRulesSchema } from '#shared/market/what-if/worklist';
import { heldInstrument, modelArbitrary, modelOf } from '#tests/helpers/account-models';

const AG = { exchangeID: 'SHFE', productID: 'ag', instrumentID: 'ag2702', multiplier: 15, tick: 1, price: 15_800, method: 'productBigSide' as const };
const LOT_MARGIN = 15_800 * 15 * 0.16;
const RULES: WorklistRules = {
  standard: 'broker',
  targetDegree: 1,
  order: 'largeMarginFirst',
  hedge: 'last',
  dates: 'historyFirst',
  skipLocked: true,
  price: 'latest',
  offsetTicks: 0,
};

function lot(direction: 'long' | 'short', volume: number, openPrice = 15_800): HeldLot {
  return {
    direction,
    volume,
    openPrice,
    isToday: true,
    preSettlementPrice: known(15_800),
    hedgeFlag: 'speculation',
    openDate: '20260915',
    tradeID: `${direction}${volume}`,
  };
}

function amountOf(figure: Known<number>): number {
  if (!figure.known) throw new Error(figure.reason);
  return figure.value;
}

function listOf(list: Worklist): Extract<Worklist, { kind: 'list' }> {
  if (list.kind !== 'list') throw new Error('the account is short of margin');
  return list;
}

/** Accounts whose sides margin each other exactly or nearly, in one contract or across months. */
const balancedArbitrary: fc.Arbitrary<AccountModel> = fc
  .record({
    volumes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
    extra: fc.integer({ min: 0, max: 3 }),
    ticks: fc.integer({ min: 0, max: 3 }),
    equity: fc.integer({ min: 10_000, max: 600_000 }),
    isHedged: fc.boolean(),
  })
  .map(({ volumes, extra, ticks, equity, isHedged }) => {
    const lots = (side: 'long' | 'short', volume: number[]): HeldLot[] =>
      volume.map((each, at) => ({
        ...lot(side, each),
        tradeID: `${side}-${at}`,
        ...(isHedged && side === 'short' ? { hedgeFlag: 'hedge' as const } : {}),
      }));
    const total = volumes.reduce((sum, each) => sum + each, extra);
    return modelOf(
      [heldInstrument(AG, lots('long', volumes)), heldInstrument({ ...AG, instrumentID: 'ag2704', price: AG.price + ticks }, lots('short', [total]))],
      equity,
    );
  });

describe('the liquidation worklist', () => {
  it('reaches the target whenever closing everything that may be closed does, and never closes more than is held', () => {
    fc.assert(
      fc.property(
        fc.oneof(modelArbitrary, balancedArbitrary),
        fc.constantFrom('broker' as const, 'exchange' as const),
        fc.constantFrom('largeMarginFirst' as const, 'smallMarginFirst' as const, 'longFirst' as const, 'shortFirst' as const),
        fc.constantFrom('last' as const, 'never' as const, 'alike' as const),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        (model, standard, order, hedge, targetDegree) => {
          const rules: WorklistRules = { ...RULES, standard, order, hedge, targetDegree };
          const list = makeWorklist(model, rules, 0);
          if (list.kind !== 'list') return;
          const held = new Map(
            model.holdings.flatMap((holding) => holding.lots.map((own) => [`${holding.instrumentID} ${own.tradeID}`, own.volume])),
          );
          for (const line of list.lines) {
            expect(line.volume).toBeGreaterThan(0);
            expect(line.volume).toBeLessThanOrEqual(held.get(`${line.instrumentID} ${line.tradeID}`) ?? 0);
            expect(line.orders.reduce((sum, volume) => sum + volume, 0)).toBe(line.volume);
            // Only lots that are closed with others may release nothing by themselves.
            if (line.together === undefined) expect(line.releaseMargin).toBeGreaterThan(0);
          }
          const names = list.lines.map((line) => `${line.instrumentID} ${line.tradeID}`);
          expect(new Set(names).size).toBe(names.length);
          const isUnder = ({ currMargin, exchangeMargin, balance }: AccountFigures, slack: number): boolean =>
            amountOf(standard === 'broker' ? currMargin : exchangeMargin) <= targetDegree * amountOf(balance) + slack;
          expect(isUnder(list.after, 1e-6)).toBe(list.isEnough);
          const closable = model.holdings.flatMap(({ lots }) => lots.filter((own) => hedge !== 'never' || own.hedgeFlag !== 'hedge'));
          const all = valueAccount(closeLots(model, new Map(closable.map((own) => [own, own.volume]))));
          if (isUnder(all, -1e-6)) expect(list.isEnough).toBe(true);
          // What is left open of the lines that are not enough would release nothing more.
          if (!list.isEnough)
            expect(amountOf(list.after[standard === 'broker' ? 'currMargin' : 'exchangeMargin'])).toBeLessThanOrEqual(
              amountOf(all[standard === 'broker' ? 'currMargin' : 'exchangeMargin']) + 0.1,
            );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes both sides of a balanced spread, for neither releases anything without the other', () => {
    const spread = (side: 'long' | 'short', month: string) => heldInstrument({ ...AG, instrumentID: month }, [lot(side, 10)]);
    const list = listOf(makeWorklist(modelOf([spread('long', 'ag2702'), spread('short', 'ag2612')], 300_000), { ...RULES, targetDegree: 0.8 }, 0));
    expect(list.lines.map((line) => [line.instrumentID, line.direction, line.volume, line.together, line.releaseMargin])).toEqual([
      ['ag2702', 'long', 4, 1, 0],
      ['ag2612', 'short', 4, 1, 4 * LOT_MARGIN],
    ]);
    expect(list).toMatchObject({ isEnough: true, skipped: [] });
    // Three of each would not be.
    expect(7 * LOT_MARGIN).toBeGreaterThan(0.8 * 300_000);
    expect(6 * LOT_MARGIN).toBeLessThanOrEqual(0.8 * 300_000);
  });

  it('goes on after the larger side has come down to the smaller one, over several lots of one row', () => {
    const long = heldInstrument(AG, [lot('long', 10), { ...lot('long', 10), tradeID: 'second' }]);
    const short = heldInstrument({ ...AG, instrumentID: 'ag2612' }, [lot('short', 10)]);
    const list = listOf(makeWorklist(modelOf([long, short], 200_000), { ...RULES, targetDegree: 0.8 }, 0));
    expect(list.isEnough).toBe(true);
    expect(list.lines.map((line) => [line.tradeID, line.volume, line.orders])).toEqual([
      ['long10', 10, [7, 3]],
      ['second', 6, [6]],
      ['short10', 6, [6]],
    ]);
    expect(amountOf(list.after.currMargin)).toBe(4 * LOT_MARGIN);
  });

  it('takes a spread together that is balanced to less than a lot, in whatever share', () => {
    // 10 lots against 10.6 lots' worth: the first of the larger side releases six tenths of its margin, and the next nothing.
    const dear = (volume: number) => ({ ...lot('short', volume, 16_748), tradeID: `dear${volume}`, preSettlementPrice: known(16_748) });
    const short = heldInstrument({ ...AG, instrumentID: 'ag2612', price: 16_748 }, [dear(1), dear(9)]);
    const rules: WorklistRules = { ...RULES, targetDegree: 0.5, order: 'smallMarginFirst' };
    const list = listOf(makeWorklist(modelOf([heldInstrument(AG, [lot('long', 10)]), short], 300_000), rules, 0));
    expect(list.isEnough).toBe(true);
    expect(list.lines.map(({ tradeID, together }) => [tradeID, together])).toEqual([
      ['long10', 1],
      ['dear1', 1],
      ['dear9', 1],
    ]);
  });

  it('values the account some times for each lot, and not for each lot once more with every lot it takes', () => {
    const products = Array.from({ length: 40 }, (_, at) => {
      const own = { ...AG, productID: `p${at}`, instrumentID: `p${at}01` };
      return heldInstrument(own, [lot('long', 4), { ...lot('short', 2), tradeID: 'smaller' }]);
    });
    const model = modelOf(products, 100_000);
    const candidates = products
      .flatMap((holding) => holding.lots.map((own) => ({ holding, lots: [{ lot: own, closable: own.volume, margin: own.volume * LOT_MARGIN }] })))
      // The smaller sides first: they release nothing, however often they are asked.
      .sort((a, b) => (a.lots[0]?.closable ?? 0) - (b.lots[0]?.closable ?? 0));
    let valuations = 0;
    const { closes } = chooseCloses(candidates, [() => true], (tried) => {
      valuations += 1;
      const figures = valueAccount(closeLots(model, tried));
      return { margin: amountOf(figures.currMargin), isUnder: amountOf(figures.currMargin) <= 0 };
    });
    expect([...closes.values()].reduce((sum, volume) => sum + volume, 0)).toBe(40 * 6);
    expect(valuations).toBeLessThan(candidates.length * 16);
  });

  it('closes the oldest lots of a side first, as the exchange does whatever a list names', () => {
    const soya = { exchangeID: 'DCE', productID: 'm', instrumentID: 'm2701', multiplier: 10, tick: 1, price: 3400, method: 'plainSum' as const };
    const bean = (isToday: boolean, openPrice: number): HeldLot => ({
      ...lot('long', 10, openPrice),
      isToday,
      openDate: isToday ? '20260915' : '20260910',
      preSettlementPrice: known(3400),
      tradeID: isToday ? 'new' : 'old',
    });
    // By money at the open price today's lots need more than yesterday's at the settlement price, and so would release more.
    const account = (closeTerms?: CloseTerms) => {
      const holding = heldInstrument(soya, [bean(true, 3650), bean(false, 3500)], 250);
      return modelOf([closeTerms === undefined ? holding : { ...holding, closeTerms }], 85_000 - 10 * 10 * 250);
    };
    const rate = unknown('noRate' as const);
    const together = listOf(makeWorklist(account({ rate, closeToday: { long: 0, short: 0 } }), { ...RULES, targetDegree: 0.8 }, 0));
    expect(together.lines.map(({ tradeID }) => tradeID)).toEqual(['old']);
    expect(together.isEnough).toBe(true);
    const apart = listOf(makeWorklist(account({ rate, closeToday: 'ownDay' }), { ...RULES, targetDegree: 0.8 }, 0));
    expect(apart.lines.map(({ tradeID }) => tradeID)).toEqual(['new']);
  });

  it('leaves no older lot of a side behind a younger one, on random accounts', () => {
    fc.assert(
      fc.property(modelArbitrary, fc.constantFrom(...worklistRulesSchema.shape.order.options), (model, order) => {
        const list = makeWorklist(model, { ...RULES, order }, 0);
        if (list.kind !== 'list') return;
        const closed = new Map(list.lines.map((line) => [`${line.instrumentID} ${line.tradeID}`, line.volume]));
        for (const { instrumentID, lots } of model.holdings)
          for (const older of lots)
            for (const younger of lots) {
              const isSameSide = older.direction === younger.direction && older.hedgeFlag === younger.hedgeFlag;
              if (!isSameSide || !(older.openDate < younger.openDate) || !closed.has(`${instrumentID} ${younger.tradeID}`)) continue;
              expect(closed.get(`${instrumentID} ${older.tradeID}`)).toBe(older.volume);
            }
      }),
    );
  });

  it('leaves the side alone that stands against a locked one, and a hedge that may not be touched', () => {
    const locked = heldInstrument({ ...AG, instrumentID: 'ag2612' }, [lot('short', 10)], 1_580);
    const held = modelOf([heldInstrument(AG, [lot('long', 10)]), locked], 100_000);
    expect(listOf(makeWorklist(held, RULES, 0))).toMatchObject({
      isEnough: false,
      lines: [],
      skipped: [{ why: 'locked' }, { why: 'releasesNothing' }],
    });
    const hedge = heldInstrument({ ...AG, instrumentID: 'ag2612' }, [{ ...lot('short', 10), hedgeFlag: 'hedge' }]);
    const both = modelOf([heldInstrument(AG, [lot('long', 10)]), hedge], 100_000);
    const named = (hedgeRule: WorklistRules['hedge']) =>
      listOf(makeWorklist(both, { ...RULES, hedge: hedgeRule }, 0)).lines.map((line) => [line.direction, line.volume]);
    // The hedge's rate is lower: two long lots release by themselves, and no more.
    expect(named('never')).toEqual([['long', 2]]);
    expect(named('last').map(([direction]) => direction)).toEqual(['long', 'short']);
  });

  it('ranks by the margin a lot needs on the chosen standard, not by what it is worth', () => {
    const copper = {
      exchangeID: 'SHFE',
      productID: 'cu',
      instrumentID: 'cu2702',
      multiplier: 5,
      tick: 10,
      price: 80_000,
      method: 'productBigSide' as const,
    };
    const rate = (byMoney: number) => ({ speculation: known({ longByMoney: byMoney, longByVolume: 0, shortByMoney: byMoney, shortByVolume: 0 }) });
    const silver = heldInstrument(AG, [lot('long', 10)]);
    const dear = {
      ...heldInstrument(copper, [{ ...lot('long', 5, 80_000), tradeID: 'cu', preSettlementPrice: known(80_000) }]),
      companyRate: rate(0.3),
      exchangeRate: rate(0.05),
    };
    const first = (over: Partial<WorklistRules>) =>
      listOf(makeWorklist(modelOf([silver, dear], 100_000), { ...RULES, ...over }, 0)).lines[0]?.instrumentID;
    // Worth 2.37 and 2.0 million; 379,200 and 600,000 of broker margin, 284,400 and 100,000 of exchange margin.
    expect([first({}), first({ standard: 'exchange' })]).toEqual(['cu2702', 'ag2702']);
    expect([first({ order: 'smallMarginFirst' }), first({ order: 'smallMarginFirst', standard: 'exchange' })]).toEqual(['ag2702', 'cu2702']);
  });

  it('knows that closing the smaller side of a big-side product releases nothing', () => {
    const model = modelOf([heldInstrument(AG, [lot('long', 10), lot('short', 4)])], 200_000);
    const list = listOf(makeWorklist(model, { ...RULES, order: 'shortFirst' }));
    expect(list.lines.map((line) => [line.direction, line.volume])).toEqual(
      [
        ['long', 5],
        ['short', 0],
      ].slice(0, 1),
    );
    expect(list.isEnough).toBe(true);
  });

  it('leaves out what cannot be sold at a locked limit, keeps hedges for last, and splits by the largest order', () => {
    const locked = heldInstrument(AG, [lot('long', 10)], -1_580);
    const skipped = makeWorklist(modelOf([locked], 400_000), RULES);
    expect(skipped).toMatchObject({ kind: 'list', isEnough: false, lines: [], skipped: [{ why: 'locked', volume: 10 }] });

    const hedge = { ...lot('long', 20), hedgeFlag: 'hedge' as const, tradeID: 'hedge' };
    const list = listOf(makeWorklist(modelOf([heldInstrument(AG, [hedge, lot('long', 9)])], 400_000), RULES));
    expect(list.lines[0]).toMatchObject({ tradeID: 'long9', volume: 9, orders: [7, 2] });
    expect(list.lines[1]).toMatchObject({ tradeID: 'hedge' });
  });

  it('names every lot that it leaves alone: a sold option costs premium to close', () => {
    const option = { ...heldInstrument({ ...AG, instrumentID: 'ag2702C16000', productID: 'ag_o' }, [lot('short', 2)]), isOption: true };
    const perLot = known(60_000);
    const sold = { ...option, sellerMargin: { company: { speculation: perLot }, exchange: { speculation: perLot } } };
    const list = listOf(makeWorklist(modelOf([sold, heldInstrument(AG, [lot('long', 1)])], 50_000), RULES));
    expect(list).toMatchObject({ kind: 'list', isEnough: false, skipped: [{ instrumentID: 'ag2702C16000', why: 'option', volume: 2 }] });
  });

  describe('of lots that resting close orders have frozen', () => {
    const older = { ...lot('long', 4), isToday: false, openDate: '20260910', tradeID: 'older' };
    const frozenBy = (frozen: FrozenVolume[], lots = [older, lot('long', 6)]) => modelOf([{ ...heldInstrument(AG, lots), frozen }], 100_000);
    const order = (over: Partial<FrozenVolume> = {}): FrozenVolume => ({
      ...{ direction: 'long', hedgeFlag: 'speculation', days: 'any', volume: 5, orders: ['81'] },
      ...over,
    });
    const listed = (frozen: FrozenVolume[]) => {
      const list = listOf(makeWorklist(frozenBy(frozen), { ...RULES, targetDegree: 0.2 }, 0));
      return {
        lines: Object.fromEntries(list.lines.map(({ tradeID, volume }) => [tradeID, volume])),
        frozen: list.skipped.flatMap(({ why, tradeID, volume, orders }) => (why === 'frozen' ? [[tradeID, volume, orders]] : [])),
        isEnough: list.isEnough,
      };
    };

    it('closes only the rest, names the orders, and is not enough where only the frozen ones were left', () => {
      expect(listed([])).toMatchObject({ lines: { older: 4, long6: 6 }, frozen: [] });
      // First in, first out: the order closes the four older ones and one of today.
      expect(listed([order()])).toEqual({
        lines: { long6: 5 },
        frozen: [
          ['older', 4, ['81']],
          ['long6', 1, ['81']],
        ],
        isEnough: false,
      });
      expect(listed([order({ direction: 'short' }), order({ hedgeFlag: 'hedge' })]).frozen).toEqual([]);
      expect(listed([order({ volume: 10, orders: [] })])).toMatchObject({ lines: {}, isEnough: false });
    });

    it('takes the day that an order names, and what names none from the rest', () => {
      const today = order({ days: 'today', volume: 2, orders: ['82'] });
      expect(listed([today]).frozen).toEqual([['long6', 2, ['82']]]);
      expect(listed([order({ days: 'history', volume: 9 })])).toMatchObject({ lines: { long6: 6 }, frozen: [['older', 4, ['81']]] });
      expect(listed([order(), today]).frozen).toEqual([
        ['older', 4, ['81']],
        ['long6', 3, ['82', '81']],
      ]);
    });

    it('never closes more of a lot than is closable, on random accounts', () => {
      fc.assert(
        fc.property(modelArbitrary, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }), (model, volumes) => {
          const frozen = {
            ...model,
            holdings: model.holdings.map((held, at) => ({ ...held, frozen: [order({ volume: volumes[at % volumes.length] ?? 1 })] })),
          };
          const list = makeWorklist(frozen, { ...RULES, targetDegree: 0.2 }, 0);
          if (list.kind !== 'list') return;
          for (const [at, { instrumentID, lots }] of frozen.holdings.entries()) {
            const held = lots.filter(({ direction, hedgeFlag }) => direction === 'long' && hedgeFlag === 'speculation');
            const closed = list.lines.filter(
              (line) => line.instrumentID === instrumentID && line.direction === 'long' && line.hedgeFlag === 'speculation',
            );
            const sum = (all: readonly { volume: number }[]) => all.reduce((total, { volume }) => total + volume, 0);
            expect(sum(closed)).toBeLessThanOrEqual(Math.max(0, sum(held) - (volumes[at % volumes.length] ?? 1)));
          }
        }),
        { numRuns: 100 },
      );
    });

    it('are not closed by a scenario either, which says how many of those asked for it closes', () => {
      const model = frozenBy([order()]);
      const close = { accountID: model.accountID, exchangeID: 'SHFE', instrumentID: 'ag2702', direction: 'long' as const };
      const scenario = (volume: number) =>
        scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, price: { type: 'latest' }, closes: [{ ...close, volume }] });
      expect(amountOf(stressAccount(model, scenario(4)).currMargin)).toBeCloseTo(6 * LOT_MARGIN, 6);
      expect(amountOf(stressAccount(model, scenario(10)).currMargin)).toBeCloseTo(5 * LOT_MARGIN, 6);
      expect(cutCloses(model, scenario(5).closes)).toEqual([]);
      expect(cutCloses(model, [...scenario(4).closes, ...scenario(6).closes])).toEqual([{ ...close, asked: 10, closed: 5, frozen: 5 }]);
      expect(cutCloses(frozenBy([]), scenario(11).closes)).toEqual([{ ...close, asked: 11, closed: 10, frozen: 0 }]);
    });
  });

  it('asks for the latest price, for one that gives way within the day, or for the limit on the side that is filled', () => {
    const pricesOf = (side: 'long' | 'short', rules: Partial<WorklistRules>): (number | null | undefined)[] => {
      const list = listOf(makeWorklist(modelOf([heldInstrument(AG, [lot(side, 10)])], 300_000), { ...RULES, ...rules }));
      return list.lines.map((line) => line.orderPrice);
    };
    expect(pricesOf('long', {})).toEqual([15_800]);
    expect(pricesOf('long', { offsetTicks: 3 })).toEqual([15_797]);
    expect(pricesOf('short', { offsetTicks: 3 })).toEqual([15_803]);
    // No further than the limits of the day, 10 % away in these models.
    expect(pricesOf('long', { offsetTicks: 1000 })).toEqual([14_800]);
    expect(pricesOf('long', { price: 'limit' })).toEqual([14_220]);
    expect(pricesOf('short', { price: 'limit' })).toEqual([17_380]);
    const unlimited = heldInstrument(AG, [lot('long', 10)]);
    const held = { ...unlimited, marks: { ...unlimited.marks, lowerLimit: unknown('noPriceLimit' as const) } };
    const list = listOf(makeWorklist(modelOf([held], 300_000), { ...RULES, price: 'limit' }));
    expect(list).toMatchObject({ kind: 'list', lines: [{ orderPrice: null, price: 15_800 }] });
  });

  it('proposes nothing when nothing is needed, and nothing when a figure is unknown', () => {
    expect(makeWorklist(modelOf([heldInstrument(AG, [lot('long', 1)])], 1_000_000), RULES).kind).toBe('notNeeded');
    const held = heldInstrument(AG, [lot('long', 1)]);
    const unpriced = { ...held, marks: { ...held.marks, latest: unknown('noPrice' as const) } };
    expect(makeWorklist(modelOf([unpriced], 1), RULES)).toEqual({ kind: 'unknown', reason: 'noPrice' });
  });

  describe('what closing costs', () => {
    const rate = (over: Partial<CommissionRate> = {}): Known<CommissionRate> =>
      known({
        kind: 'commissionRate',
        investorRange: 'broker',
        exchangeID: 'SHFE',
        productID: 'ag',
        openRatioByMoney: 0.01,
        openRatioByVolume: 99,
        closeRatioByMoney: 0.0001,
        closeRatioByVolume: 2,
        closeTodayRatioByMoney: 0,
        closeTodayRatioByVolume: 30,
        effectiveFrom: '20260101',
        citation: 'test',
        certainty: 'demonstration',
        ...over,
      });
    const held = (lots: HeldLot[], closeTerms: CloseTerms | undefined) => {
      const holding = heldInstrument(AG, lots);
      return modelOf([closeTerms === undefined ? holding : { ...holding, closeTerms }], 300_000);
    };
    const older = { ...lot('long', 4), isToday: false, openDate: '20260910', tradeID: 'older' };
    const byLots = (list: ReturnType<typeof listOf>) => list.lines.map((line) => [line.tradeID, line.volume, line.fee]);

    it('is the account’s own close and close-today rates by money and by volume, and lowers the equity after the list', () => {
      const model = held([older, lot('long', 6)], { rate: rate(), closeToday: 'ownDay' });
      const list = listOf(makeWorklist(model, { ...RULES, order: 'longFirst' }));
      const closeFee = 4 * (15_800 * 15 * 0.0001 + 2);
      // Seven lots remain under 300,000; three of yesterday's are enough.
      expect(byLots(list)).toEqual([['older', 3, (closeFee / 4) * 3]]);
      expect(amountOf(list.after.balance)).toBe(300_000 - (closeFee / 4) * 3);
      const todayFirst = listOf(makeWorklist(model, { ...RULES, dates: 'todayFirst', order: 'longFirst' }));
      expect(byLots(todayFirst)).toEqual([['long6', 3, 3 * 30]]);
      expect(todayFirst.fee).toEqual(known(90));
    });

    it('takes the close-today rate for as many lots as were opened today where days are not kept apart, whichever lot is closed', () => {
      const list = listOf(
        makeWorklist(held([older, lot('long', 6)], { rate: rate(), closeToday: { long: 2, short: 0 } }), { ...RULES, targetDegree: 0.6 }),
      );
      const close = 15_800 * 15 * 0.0001 + 2;
      expect(byLots(list)).toEqual([
        ['older', 4, 2 * 30 + 2 * close],
        ['long6', 2, 2 * close],
      ]);
    });

    it('makes a fee that decides whether the list is enough part of the choice', () => {
      const close = { rate: rate({ closeRatioByVolume: 20_000, closeTodayRatioByVolume: 20_000 }), closeToday: 'ownDay' as const };
      const dear = listOf(makeWorklist(held([lot('long', 10)], close), RULES));
      // Each close frees 37,920 and costs 20,237 or 20,000: three are enough without it, five with it.
      expect(dear.lines.map((line) => line.volume)).toEqual([5]);
      expect(amountOf(dear.after.currMargin)).toBeLessThanOrEqual(amountOf(dear.after.balance));
    });

    it('is unknown, and so are equity and degree after the list, where no rate is in force; a fee given by hand takes its place', () => {
      const none = held([lot('long', 10)], undefined);
      const list = listOf(makeWorklist(none, RULES));
      expect(list.fee).toEqual({ known: false, reason: 'noRate:SHFE.ag2702 commission' });
      expect(list.lines).toMatchObject([{ volume: 3, fee: null, degreeAfter: null, releaseMargin: 3 * LOT_MARGIN }]);
      expect(list.after).toMatchObject({ level: 'unknown', balance: { known: false }, currMargin: { known: true } });
      const typed = listOf(makeWorklist(none, RULES, 10));
      expect(typed).toMatchObject({ fee: known(30), lines: [{ volume: 3, fee: 30 }] });
      expect(amountOf(typed.after.balance)).toBe(300_000 - 30);
    });
  });
});
