/** Figures as people read them: by language, with their decimals, and never a number for what is not known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalsOfTick, formattersFor, UNKNOWN_MARK } from '../../../../src-renderer/components/format/formatters';

const en = formattersFor('en');
const zh = formattersFor('zh-CN');

describe('formatters', () => {
  it('shows unknown as unknown, never as 0', () => {
    for (const format of [en, zh]) {
      for (const missing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(format.number(missing)).toBe(UNKNOWN_MARK);
        expect(format.money(missing, 'CNY')).toBe(UNKNOWN_MARK);
        expect(format.percent(missing)).toBe(UNKNOWN_MARK);
        expect(format.duration(missing)).toBe(UNKNOWN_MARK);
      }
    }
  });

  it('fails over no moment and no zone that an entry or a feed may hold, and shows what no calendar has as unknown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.maxSafeInteger()), fc.oneof(fc.constantFrom(null, 'Asia/Shanghai', 'UTC'), fc.string()), (atMs, zone) => {
        for (const format of [en, zh])
          for (const shown of [format.time(atMs), format.dateTime(atMs), format.marketTime(atMs, zone), format.marketDateTime(atMs, zone)])
            expect(shown).not.toBe('');
      }),
      { numRuns: 200, seed: 3 },
    );
    for (const atMs of [8.64e15 + 1, Number.MAX_SAFE_INTEGER, 1e308, -1e300]) expect(en.dateTime(atMs)).toBe(UNKNOWN_MARK);
    expect(en.marketTime(0, 'Nowhere/Land')).toBe(UNKNOWN_MARK);
    expect(en.marketTime(0, 'Asia/Shanghai')).toBe('08:00:00');
  });

  it('shows a price with the decimals of its tick', () => {
    expect(en.price(934.4, 0.02)).toBe('934.40');
    expect(en.price(11548, 1)).toBe('11,548');
    expect(en.price(101.275, 0.005)).toBe('101.275');
    expect(en.price(101.5, null)).toBe('101.5');
  });

  it('finds the fewest decimals that hold every multiple of a tick', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.constantFrom(1, 2, 5), (decimals, digit) => {
        expect(decimalsOfTick(digit / 10 ** decimals)).toBe(decimals);
      }),
    );
  });

  it('says money with its currency and survives a currency it does not know', () => {
    expect(en.money(1234.5, 'CNY')).toContain('CNY');
    expect(en.money(1234.5, 'not a code')).toBe('1,234.50');
    expect(en.money(-0, null)).toBe('0.00');
  });

  it('gives no sign to what rounds to nothing: remains of binary fractions are no loss', () => {
    for (const nothing of [-0, -1e-12, -0.004]) {
      expect([en.number(nothing, 2), zh.number(nothing, 2), en.signed(nothing), en.money(nothing, null), en.price(nothing, 0.02)]).toEqual(
        Array(5).fill('0.00'),
      );
      expect([en.money(nothing, 'CNY'), en.percent(nothing / 100, 2)]).toEqual([en.money(0, 'CNY'), '0.00%']);
    }
    expect([en.number(-0.006, 2), en.signed(0.006), en.percent(-0.01, 0)]).toEqual(['-0.01', '+0.01', '-1%']);
  });

  it('counts down and past zero', () => {
    expect(en.countdown(65_000)).toBe('1:05');
    expect(en.countdown(-12_000)).toBe('-0:12');
    expect(en.countdown(3_661_000)).toBe('1:01:01');
  });

  it('shows a trading day by locale and leaves alone what is none', () => {
    expect(zh.tradingDay('20261123')).toBe('2026/11/23');
    expect(en.tradingDay('20261123')).toBe('11/23/2026');
    expect(en.tradingDay('soon')).toBe('soon');
    expect(en.tradingDay(null)).toBe(UNKNOWN_MARK);
  });

  it('speaks of lengths of time in two units', () => {
    expect(en.duration(42_000)).toBe('42s');
    expect(en.duration(125_000)).toBe('2m 5s');
    expect(en.duration(3 * 3_600_000 + 60_000)).toBe('3h 1m');
    expect(en.duration(50 * 3_600_000)).toBe('2d 2h');
    expect([42_000, 125_000, 3 * 3_600_000 + 60_000, 50 * 3_600_000].map(en.roughDuration)).toEqual(['42s', '2m', '3h', '2d']);
  });
});
