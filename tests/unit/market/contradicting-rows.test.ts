/** Two rows of one table that begin on one date and differ are nobody's to choose: what they rule is unknown, and the first does not count silently. */
import { describe, expect, it } from 'vitest';
import { buildLimitsPicture } from '#engine/book/limits/limits-picture';
import type { LimitsParams } from '#shared/contract/numbers-limits';
import { concentrationTableSchema, daysToExit, limitTier, parameterInForce } from '#shared/market/concentration';
import { type AggregationRule, aggregateAccountMargin } from '#shared/market/counter/aggregation';
import { optionMarginRow } from '#shared/market/option-margin';
import { withdrawRuleInForce } from '#shared/market/withdraw-quota';
import { FIXTURE_DAY, FIXTURE_START_MS } from '#tests/bench/book-fixture';
import table from '../../../resources/concentration.json' with { type: 'json' };
import { REFERENCE, smallBook } from '../book/small-book';
import { tables } from './counter/reconcile-tables';

const SOURCED = { effectiveFrom: '20260101', citation: 'test', certainty: 'demonstration' } as const;
const NEWER = { ...SOURCED, effectiveFrom: '20260901' };
const DAY = '20260914';

describe('two rows of one date that differ', () => {
  it('make the share that may be withdrawn unknown, until a newer one says', () => {
    const rule = { ...SOURCED, shareWhileTrading: 0.8, shareUntouched: 1 };
    const other = { ...rule, shareWhileTrading: 0.7 };
    expect(withdrawRuleInForce([rule, { ...rule }], DAY)).toMatchObject({ known: true });
    for (const rules of [
      [rule, other],
      [other, rule],
    ])
      expect(withdrawRuleInForce(rules, DAY)).toEqual({ known: false, reason: 'twoRates:withdrawQuota' });
    expect(withdrawRuleInForce([rule, other, { ...other, ...NEWER }], DAY)).toMatchObject({ value: { shareWhileTrading: 0.7 } });
    expect(withdrawRuleInForce([], DAY)).toEqual({ known: false, reason: 'noWithdrawRule' });
  });

  it('make the margin of a sold option unknown, but not where a row of its product says', () => {
    const option = { exchangeID: 'SHFE', productID: 'au_o', instrumentID: 'au2612C840' };
    const row = { ...SOURCED, exchangeID: 'SHFE', outOfTheMoneyShare: 0.5, floorShare: 0.5 };
    const other = { ...row, floorShare: 0.4 };
    expect(optionMarginRow([row, other], option, DAY)).toEqual({ known: false, reason: 'twoRates:SHFE.au2612C840 optionMargin' });
    expect(optionMarginRow([row, other, { ...row, productID: 'au_o', floorShare: 0.3 }], option, DAY)).toMatchObject({ value: { floorShare: 0.3 } });
  });

  it('make a counter’s margin unknown where both sides are held, and cost nothing where one is', () => {
    const rule: AggregationRule = { ...SOURCED, exchangeID: 'SHFE', method: 'productBigSide' };
    const rules: AggregationRule[] = [rule, { ...rule, method: 'plainSum' }];
    const side = (direction: 'long' | 'short') => ({ exchangeID: 'SHFE', instrumentID: 'ag2702', direction, margin: 100 });
    expect(aggregateAccountMargin([side('long'), side('short')], rules, DAY)).toEqual({ known: false, reason: 'twoAggregations:SHFE.ag' });
    expect(aggregateAccountMargin([side('long')], rules, DAY)).toEqual({ known: true, value: 100 });
    expect(aggregateAccountMargin([side('long'), side('short')], [...rules, { ...rule, ...NEWER }], DAY)).toEqual({ known: true, value: 100 });
  });

  it('make the tiers of limit use and the days of an exit unknown, with the reason, and leave nobody out of the report list', () => {
    const shipped = concentrationTableSchema.parse(table);
    const twice = (name: string) => ({
      ...shipped,
      parameters: shipped.parameters.flatMap((row) => (row.name === name ? [row, { ...row, value: row.value / 2 }] : [row])),
    });
    expect(parameterInForce(twice('limitNear'), 'limitNear', DAY)).toEqual({ known: false, reason: 'twoRates:limitNear' });
    expect(limitTier(0.5, { near: Number.NaN, high: 0.9, reached: 1 })).toBe('unknown');
    expect(daysToExit(5, 100, Number.NaN)).toBeNull();
    const limit = { kind: 'positionLimit' as const, exchangeID: 'SHFE', instrumentID: 'au2612', limitVolume: 100, ...SOURCED };
    const book = smallBook({}, [...REFERENCE, limit]);
    const shown = (view: LimitsParams['view'], name: string) => {
      const params: LimitsParams = { view, by: 'account', scope: {}, filter: '', sort: null, first: 0, count: 50 };
      const picture = buildLimitsPicture(book, params, () => ({ average: 10, days: 5 }), FIXTURE_START_MS, name === '' ? shipped : twice(name));
      return picture.rows.map(({ holderID, tier, daysToExit: days, reason }) => [holderID, tier, days !== null, reason]).sort();
    };
    expect(shown('positions', '')).toEqual([
      ['A1', 'below', true, null],
      ['A2', 'below', true, null],
    ]);
    expect(shown('positions', 'limitNear')).toEqual([
      ['A1', 'unknown', true, 'twoRates:limitNear'],
      ['A2', 'unknown', true, 'twoRates:limitNear'],
    ]);
    expect(shown('positions', 'exitShareOfVolume').map(([, , hasDays, reason]) => [hasDays, reason])).toEqual(
      Array(2).fill([false, 'twoRates:exitShareOfVolume']),
    );
    expect(shown('largeTraders', '')).toEqual([]);
    expect(shown('largeTraders', 'largeTrader').map(([holder, , , reason]) => [holder, reason])).toEqual([
      ['A1', 'twoRates:largeTrader'],
      ['A2', 'twoRates:largeTrader'],
    ]);
  });

  it('are in none of the tables that ship', () => {
    expect(withdrawRuleInForce(tables.withdraw, FIXTURE_DAY).known).toBe(true);
    for (const { name } of concentrationTableSchema.parse(table).parameters)
      expect(parameterInForce(concentrationTableSchema.parse(table), name, FIXTURE_DAY).known, name).toBe(true);
  });
});
