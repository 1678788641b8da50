/** Daily prices on a real disk: refused with the line, kept over a restart, the later word counting; and value at risk made from them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { computeVar } from '#engine/reports/value-at-risk';
import { type DailyPrice, PriceHistory, parseDailyPrices } from '#engine/store/price-history';
import { FIXTURE_START_MS, itemsEvent, seededRandom } from '#tests/bench/book-fixture';
import { GOLD, lot, REFERENCE, smallBook } from '#tests/unit/book/small-book';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-prices-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const price = (date: string, settlementPrice: number, over: Partial<DailyPrice> = {}): DailyPrice => ({
  date,
  exchangeID: 'SHFE',
  instrumentID: 'au2612',
  settlementPrice,
  volume: 100,
  source: 'test',
  ...over,
});

/** Weekday after weekday from 2025-01-01, as YYYYMMDD. */
function dates(count: number): string[] {
  const days: string[] = [];
  for (let ms = Date.UTC(2025, 0, 1); days.length < count; ms += 86_400_000) {
    const day = new Date(ms);
    if (day.getUTCDay() % 6 !== 0) days.push(day.toISOString().slice(0, 10).replaceAll('-', ''));
  }
  return days;
}

describe('daily prices', () => {
  it.each([
    ['date,exchangeID,instrumentID\n', 'line 1: the column settlementPrice is missing'],
    ['date,exchangeID,instrumentID,settlementPrice\n20260101,SHFE,au2612,800\n2026-01-02,SHFE,au2612,801\n', 'line 3: date must be YYYYMMDD'],
    ['date,exchangeID,instrumentID,settlementPrice\n20260101,SHFE,au2612,-1\n', 'line 2: settlementPrice must be a price above zero'],
    [
      'date,exchangeID,instrumentID,settlementPrice\n20260101,SHFE,au2612,1.7976931348623157e308\n',
      'line 2: settlementPrice must be a price above zero',
    ],
    ['date,exchangeID,instrumentID,settlementPrice\n20260101,SHFE,au2612\n', 'line 2: line has 3 cells, the heading has 4'],
  ])('are refused with the line that does not fit', (text, message) => {
    expect(parseDailyPrices(text, 'import')).toMatchObject({ ok: false, message });
  });

  it('outlive a restart, the later word about a day counting', () => {
    const path = join(folder, 'prices', 'daily.csv');
    const first = new PriceHistory(path);
    expect(first.add([price('20260101', 800), price('20260102', 810)])).toBe(2);
    expect(first.add([price('20260102', 810)])).toBe(0);
    expect(first.add([price('20260102', 812)])).toBe(1);
    const second = new PriceHistory(path);
    expect(second.dates()).toEqual(['20260101', '20260102']);
    expect(second.of('SHFE', 'au2612').get('20260102')?.settlementPrice).toBe(812);
    expect(second.averageVolume('SHFE', 'au2612', '20260103')).toEqual({ average: 100, days: 2 });
    expect(readFileSync(path, 'utf8').split('\n')[0]).toContain('settlementPrice');
  });
});

describe('daily prices after a sudden end', () => {
  it('keep a volume that the desk of after no longer knows', () => {
    const path = join(folder, 'daily.csv');
    new PriceHistory(path).add([price('20260101', 800)]);
    const restarted = new PriceHistory(path);
    expect(restarted.add([price('20260101', 800, { volume: null })])).toBe(0);
    expect(restarted.add([price('20260101', 801, { volume: null })])).toBe(1);
    for (const history of [restarted, new PriceHistory(path)])
      expect(history.of('SHFE', 'au2612').get('20260101')).toMatchObject({ settlementPrice: 801, volume: 100 });
  });

  it('lose the line that was cut off and no other, and go on', () => {
    const path = join(folder, 'daily.csv');
    new PriceHistory(path).add([price('20260101', 800), price('20260102', 810), price('20260105', 820)]);
    const whole = readFileSync(path);
    const lineEnds = [...whole.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []));
    for (let kept = 0; kept <= whole.length; kept++) {
      writeFileSync(path, whole.subarray(0, kept));
      const wholeLines = Math.max(0, lineEnds.filter((end) => end <= kept).length - 1);
      const opened = new PriceHistory(path);
      expect(opened.dates().length, `cut after ${kept} bytes`).toBeGreaterThanOrEqual(wholeLines);
      for (const date of opened.dates()) expect(opened.of('SHFE', 'au2612').get(date)).toMatchObject({ settlementPrice: expect.closeTo(810, -2) });
      opened.add([price('20260106', 830)]);
      const later = new PriceHistory(path);
      expect(later.dates(), `cut after ${kept} bytes`).toEqual([...opened.dates()]);
      expect(later.of('SHFE', 'au2612').get('20260106')?.settlementPrice).toBe(830);
    }
  });

  it('lose only the line that a person has spoilt', () => {
    const path = join(folder, 'daily.csv');
    new PriceHistory(path).add([price('20260101', 800), price('20260102', 810)]);
    writeFileSync(path, readFileSync(path, 'utf8').replace('20260101', 'yesterday'));
    const log: unknown[] = [];
    const opened = new PriceHistory(path, (...said) => log.push(said));
    expect(opened.dates()).toEqual(['20260102']);
    expect(log).toEqual([['warn', 'priceHistoryUnreadable', { path, lines: 1, message: 'line 2: date must be YYYYMMDD' }]]);
  });
});

describe('value at risk', () => {
  const FIRM = { of: { type: 'firm' as const }, confidence: 0.99 as const, horizonDays: 1 };

  it('says how many days it has when they are too few', () => {
    const history = new PriceHistory(join(folder, 'daily.csv'));
    history.add(dates(30).map((date, at) => price(date, 800 + at)));
    expect(computeVar(smallBook(), history, FIRM)).toMatchObject({
      historical: { kind: 'notEnoughHistory', have: 30, need: 250 },
      backTest: { kind: 'notEnoughHistory' },
      leftOut: ['SHFE.au2612'],
    });
  });

  it('leaves options out by name, and calls an account that holds nothing else no account without risk', () => {
    const option = {
      ...GOLD,
      instrumentID: 'au2612C800',
      productClass: 'option' as const,
      optionsType: 'call' as const,
      strikePrice: 800,
      underlyingInstrID: 'au2612',
    };
    const book = smallBook({}, [...REFERENCE, option]);
    book.apply(
      itemsEvent('positions', [lot('A1', 'O1', { instrumentID: option.instrumentID, direction: 'short', openPrice: 20 })], { type: 'picture' }),
    );
    book.evaluate(FIXTURE_START_MS);
    const history = new PriceHistory(join(folder, 'daily.csv'));
    expect(computeVar(book, history, FIRM)).toMatchObject({ exposure: 0, leftOut: ['SHFE.au2612C800'], historical: { kind: 'notEnoughHistory' } });
  });

  it('is computed from the days there are, and tests itself on them', () => {
    const history = new PriceHistory(join(folder, 'daily.csv'));
    const random = seededRandom(5);
    let last = 800;
    history.add(
      dates(400).map((date) => {
        last *= 1 + (random() - 0.5) * 0.04;
        return price(date, Math.round(last * 100) / 100);
      }),
    );
    const answer = computeVar(smallBook(), history, FIRM);
    // Three lots of 1,000 g at 805: at most 2 % of that a day.
    expect(answer.exposure).toBe(3 * 805_000);
    if (answer.historical.kind !== 'value' || answer.parametric.kind !== 'value' || answer.backTest.kind !== 'zone')
      throw new Error('400 days suffice');
    expect(answer.historical.observations).toBe(250);
    expect(answer.historical.amount).toBeGreaterThan(0.015 * answer.exposure);
    expect(answer.historical.amount).toBeLessThan(0.0201 * answer.exposure);
    // Of 399 returns, each after the first 250 is tested against the 250 before it: the length that the figure is made of.
    expect([answer.backTest.window, answer.backTest.days]).toEqual([250, 149]);
    expect(answer.unknownAccounts).toBe(0);
  });
});
