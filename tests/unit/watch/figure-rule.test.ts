/** A rule that a person wrote must speak when its figures say so, once, and never fall silent because data did. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '#engine/watch/condition';
import { LinkClocks } from '#engine/watch/link-clocks';
import type { MarketReadings, Reading } from '#engine/watch/readings';
import type { WatchMoment } from '#engine/watch/rule';
import { FigureWatchRule } from '#engine/watch/rules/figure-rule';
import type { FigureRule } from '#shared/desk/rules/rule';
import { ColumnBook } from '#tests/unit/watch/column-book';

type Seen = { entity: string; dimensions?: Record<string, string>; figures: Record<string, number>; isOpen?: boolean; isStale?: boolean };

const base: FigureRule = {
  watches: 'figures',
  ruleId: 'own',
  version: 3,
  kind: 'ownRule',
  name: { 'zh-CN': '规则', en: 'rule' },
  mode: 'live',
  response: { 'zh-CN': '处理', en: 'act' },
  scope: {},
  effectiveFrom: '20000101',
  session: 'always',
  offDelayMs: 0,
  subject: 'account',
  combine: 'separate',
  isPerDimension: true,
  onDelayMs: 0,
  unknownAfterMs: 1000,
  parameters: {},
  rungs: [
    {
      name: 'noted',
      step: 'ignore',
      enter: { metric: 'riskDegree', is: 'atLeast', value: 0.8 },
      exit: { metric: 'riskDegree', is: 'below', value: 0.7 },
      severity: 'low',
      citation: 'test',
      certainty: 'demonstration',
    },
    {
      name: 'high',
      step: 'warn',
      enter: {
        all: [
          { metric: 'riskDegree', is: 'atLeast', value: 1 },
          { metric: 'available', is: 'below', value: 0 },
        ],
      },
      exit: {
        any: [
          { metric: 'riskDegree', is: 'below', value: 0.9 },
          { metric: 'available', is: 'above', value: 100 },
        ],
      },
      severity: 'high',
      citation: 'test',
      certainty: 'demonstration',
    },
  ],
};

function desk(rule: FigureRule = base, knows: (entity: string) => boolean = () => true) {
  let seen: Seen[] = [];
  const readings: MarketReadings = {
    partsOf: () => 1,
    isKnown: knows,
    each: (_rule, _part, _moment, see) => {
      for (const one of seen) {
        const reading: Reading = {
          entity: one.entity,
          dimensions: one.dimensions ?? {},
          isOpen: one.isOpen ?? true,
          isStale: one.isStale ?? false,
          value: (metric) => one.figures[metric] ?? Number.NaN,
          params: () => ({}),
        };
        see(reading);
      }
    },
  };
  const book = new ColumnBook([]);
  const watched = new FigureWatchRule(rule);
  const moment = (nowMs: number, isDataLive: boolean): WatchMoment => ({
    nowMs,
    book,
    columns: book.accountColumns(),
    links: new LinkClocks().readings(),
    isDataLive,
    readings,
    sessionOf: () => 'open',
  });
  return {
    rule: watched,
    at(nowMs: number, now: Seen[], isDataLive = true): Condition[] {
      seen = now;
      const out: Condition[] = [];
      watched.onTick(moment(nowMs, isDataLive), out);
      return out;
    },
  };
}
const account = (riskDegree: number, available: number, more: Partial<Seen> = {}): Seen[] => [
  { entity: 'account:A', figures: { riskDegree, available }, ...more },
];

describe('a rule of several figures', () => {
  it('speaks when all of them say so, names the figure and its row, and ends only by its own exit', () => {
    const it = desk();
    expect(it.at(0, account(1.2, 50))).toEqual([]);
    expect(it.at(250, account(1.2, -1))).toMatchObject([
      {
        transition: 'raised',
        entity: 'account:A',
        severity: 'high',
        quality: 'good',
        crossed: [{ step: 'noted' }, { step: 'high' }],
        reason: { ruleVersion: 3, metric: 'riskDegree', value: 1.2, enterThreshold: 1, exitThreshold: 0.9 },
      },
    ]);
    expect(it.at(500, account(0.95, 50))).toEqual([]);
    expect(it.at(750, account(0.95, 101))).toMatchObject([{ transition: 'cleared' }]);
  });

  it('keeps a step that is only noted to itself', () => {
    const it = desk();
    expect(it.at(0, account(0.85, 50))).toEqual([]);
    expect(it.at(250, account(0.1, 50))).toEqual([]);
  });

  it('says that data is missing instead of ending, stands on stale figures but does not fall by them, and rests between sessions', () => {
    const it = desk({ ...base, session: 'open' });
    it.at(0, account(1.2, -1));
    expect(it.at(250, account(Number.NaN, Number.NaN))).toEqual([]);
    expect(it.at(2000, account(Number.NaN, Number.NaN))).toMatchObject([{ transition: 'unknown', quality: 'missing' }]);
    expect(it.at(2250, account(0.1, 500, { isStale: true }))).toEqual([]);
    expect(it.at(2500, account(0.1, 500, { isOpen: false }))).toEqual([]);
    expect(it.at(2750, account(0.1, 500))).toMatchObject([{ transition: 'cleared' }]);
  });

  it('loses sight of what the book does not know any more, and lets a closed position be over', () => {
    const gone = desk(base, () => false);
    gone.at(0, account(1.2, -1));
    expect([...gone.at(250, []), ...gone.at(2000, [])]).toMatchObject([{ transition: 'unknown' }]);
    const position: FigureRule = {
      ...base,
      subject: 'position',
      rungs: [
        {
          ...base.rungs[0],
          name: 'near',
          step: 'warn',
          enter: { metric: 'limitUse', is: 'atLeast', value: 0.8 },
          exit: { metric: 'limitUse', is: 'below', value: 0.7 },
        },
      ] as FigureRule['rungs'],
    };
    const closed = desk(position);
    expect(closed.at(0, [{ entity: 'controlGroup:G', dimensions: { instrument: 'SHFE.au' }, figures: { limitUse: 0.9 } }])).toMatchObject([
      { transition: 'raised', dimensions: { instrument: 'SHFE.au' } },
    ]);
    expect(closed.at(250, [])).toMatchObject([{ transition: 'cleared' }]);
  });

  it('makes one alert of all contracts of a customer when it is told to, with the worst in it', () => {
    const it = desk({ ...base, isPerDimension: false });
    const both = [
      { entity: 'account:A', dimensions: { instrument: 'x' }, figures: { riskDegree: 1.1, available: -1 } },
      { entity: 'account:A', dimensions: { instrument: 'y' }, figures: { riskDegree: 1.5, available: -1 } },
    ];
    expect(it.at(0, both)).toMatchObject([{ dimensions: {}, reason: { value: 1.5, params: { instrument: 'y' } } }]);
    expect(it.at(250, both)).toEqual([]);
  });
});

describe('one alert of many readings', () => {
  const over = (metric: string, at: number) =>
    ({ enter: { metric, is: 'atLeast', value: at }, exit: { metric, is: 'below', value: at * 0.9 } }) as const;
  const rung = { step: 'warn', severity: 'high', citation: 'test', certainty: 'demonstration' } as const;
  const both = { ...base, isPerDimension: false, rungs: [{ ...rung, name: 'use', ...over('limitUse', 0.8) }] } as FigureRule;
  const at = (instrument: string, limitUse: number): Seen => ({ entity: 'account:A', dimensions: { instrument }, figures: { limitUse } });

  it('is not hidden by a reading that nobody can tell', () => {
    const it = desk(both);
    expect(it.at(0, [at('nobody knows', Number.NaN), at('x', 0.9)])).toMatchObject([{ transition: 'raised', reason: { value: 0.9 } }]);
  });

  it('is not hidden by a reading that is worse in a figure of a lower step', () => {
    const two = { ...both, rungs: [...both.rungs, { ...rung, name: 'interest', step: 'ban', ...over('openInterestShare', 0.2) }] } as FigureRule;
    const it = desk(two);
    const said = it.at(0, [
      { entity: 'account:A', dimensions: { instrument: 'x' }, figures: { limitUse: 1.2, openInterestShare: 0 } },
      { entity: 'account:A', dimensions: { instrument: 'y' }, figures: { limitUse: 0.1, openInterestShare: 0.5 } },
    ]);
    expect(said).toMatchObject([{ transition: 'raised', reason: { metric: 'openInterestShare', value: 0.5 } }]);
  });

  it('turns unknown, not over, when the reading it was told of is lost while the others are mild', () => {
    const it = desk(both);
    it.at(0, [at('x', 0.9), at('y', 0.2)]);
    expect([...it.at(250, [at('x', Number.NaN), at('y', 0.2)]), ...it.at(2000, [at('x', Number.NaN), at('y', 0.2)])]).toMatchObject([
      { transition: 'unknown' },
    ]);
    expect([...it.at(2250, [at('x', 0.2), at('y', 0.2)]), ...it.at(2500, [at('x', 0.2), at('y', 0.2)])]).toMatchObject([{ transition: 'cleared' }]);
  });
});

describe('hysteresis', () => {
  it('never speaks again while figures stay between exit and enter, whatever they do there', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.91, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 40 }), fc.boolean(), (values, isOn) => {
        const it = desk();
        const said = isOn ? it.at(0, account(1.2, -1)) : it.at(0, account(0.95, -1));
        expect(said).toHaveLength(isOn ? 1 : 0);
        for (const [no, value] of values.entries()) expect(it.at(250 * (no + 1), account(value, -1))).toEqual([]);
      }),
    );
  });

  it('never clears by anything that is missing, in any order of known and unknown figures', () => {
    const figure = fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 2, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(figure, figure, fc.boolean()), { minLength: 1, maxLength: 60 }), (series) => {
        const it = desk();
        let nowMs = 0;
        for (const [riskDegree, money, isLive] of series) {
          nowMs += 250;
          const said = it.at(nowMs, account(riskDegree, (money - 1) * 300), isLive);
          for (const one of said) if (one.transition === 'cleared') expect(isLive && !(Number.isNaN(riskDegree) && Number.isNaN(money))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('all pairs of settings', () => {
  it('raise at least once when the figures stay beyond the threshold for long enough', () => {
    const options = {
      onDelayMs: [0, 3000],
      offDelayMs: [0, 5000],
      unknownAfterMs: [0, 1000],
      session: ['always', 'open'],
      isPerDimension: [true, false],
      step: ['warn', 'ban'],
      severity: ['critical', 'low'],
      direction: ['above', 'below'],
      compound: [false, true],
    } as const;
    fc.assert(
      fc.property(
        fc.record(
          Object.fromEntries(
            Object.entries(options).map(([name, values]) => [name, fc.constantFrom(...(values as readonly (string | number | boolean)[]))]),
          ),
        ),
        (chosen) => {
          const isAbove = chosen.direction === 'above';
          const enter = { metric: 'available', is: isAbove ? 'atLeast' : 'below', value: 10 } as const;
          const exit = { metric: 'available', is: isAbove ? 'below' : 'above', value: isAbove ? 5 : 15 } as const;
          const rung = {
            ...base.rungs[1],
            name: 'r',
            step: chosen.step,
            severity: chosen.severity,
            enter: chosen.compound ? { any: [enter, { all: [enter] }] } : enter,
            exit,
          };
          const { onDelayMs, offDelayMs, unknownAfterMs, session, isPerDimension } = chosen;
          const rule = { ...base, onDelayMs, offDelayMs, unknownAfterMs, session, isPerDimension, rungs: [rung] } as FigureRule;
          const it = desk(rule);
          const said: Condition[] = [];
          // Off, on for ten seconds with one blink of missing data, off again.
          for (let step = 0; step < 120; step += 1) {
            const isOn = step >= 20 && step < 60;
            const value = step === 45 ? Number.NaN : isOn === isAbove ? 20 : 1;
            said.push(...it.at(step * 250, [{ entity: 'account:A', dimensions: { instrument: 'i' }, figures: { available: value } }]));
          }
          const raised = said.filter((one) => one.transition === 'raised');
          expect(raised).toHaveLength(1);
          expect(said.at(-1)?.transition).toBe('cleared');
        },
      ),
      { numRuns: 512 },
    );
  });
});
