/** What may be supplied, how files and forms are read, what a sequence of commands leaves behind, and which row a reason asks for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideReferenceRow, type ReferenceRowCommand } from '#shared/desk/reference-rows/decide';
import { missingRowOf } from '#shared/desk/reference-rows/missing-row';
import { type OwnRowDraft, ownRowDraftSchema, slotAndDayOf } from '#shared/desk/reference-rows/own-row';
import { readRowFile, readRowTexts } from '#shared/desk/reference-rows/row-file';
import { evolveOwnRow, rowForBook, type SavedOwnRow } from '#shared/desk/reference-rows/saved-row';

const SOURCED = { citation: 'notice 12', certainty: 'secondary' } as const;
const RATE = {
  kind: 'marginRate',
  layer: 'company',
  investorRange: 'broker',
  exchangeID: 'SHFE',
  productID: 'au',
  hedgeFlag: 'speculation',
  isRelative: false,
  longMarginRatioByMoney: 0.12,
  longMarginRatioByVolume: 0,
  shortMarginRatioByMoney: 0.12,
  shortMarginRatioByVolume: 0,
  effectiveFrom: '20261123',
  ...SOURCED,
} as const;

function fieldsOf(item: Record<string, unknown>): string[] {
  const parsed = ownRowDraftSchema.safeParse({ item, precedence: 'onlyWhereMissing' });
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.at(-1)?.toString() ?? '');
}

describe('a row of the desk’s own', () => {
  it.each([
    ['from the 32nd on', { ...RATE, effectiveFrom: '20261332' }, 'effectiveFrom'],
    ['without a notice', { ...RATE, citation: ' ' }, 'citation'],
    ['that ends before it begins', { ...RATE, effectiveTo: '20261101' }, 'effectiveTo'],
    ['of an investor nobody names', { ...RATE, investorRange: 'investor' }, 'investorID'],
    ['for the whole broker that names one', { ...RATE, investorID: 'A1' }, 'investorID'],
    ['with 12 where 12 % was meant', { ...RATE, longMarginRatioByMoney: 12 }, 'longMarginRatioByMoney'],
    ['below zero', { ...RATE, shortMarginRatioByMoney: -0.1 }, 'shortMarginRatioByMoney'],
    ['that adds to the exchange’s own rate', { ...RATE, layer: 'exchange', isRelative: true }, 'isRelative'],
    ['without a ratio', { ...RATE, longMarginRatioByMoney: undefined }, 'longMarginRatioByMoney'],
    ['of no certainty', { ...RATE, certainty: 'sure' }, 'certainty'],
    [
      'of a price of nothing',
      { kind: 'preSettlement', exchangeID: 'SHFE', instrumentID: 'au2612', preSettlementPrice: 0, effectiveFrom: '20261123', ...SOURCED },
      'preSettlementPrice',
    ],
    [
      'of a multiplier of nothing',
      {
        kind: 'instrument',
        exchangeID: 'SHFE',
        instrumentID: 'au2612',
        productID: 'au',
        productClass: 'futures',
        currencyID: 'CNY',
        volumeMultiple: 0,
        effectiveFrom: '20261123',
        ...SOURCED,
      },
      'volumeMultiple',
    ],
  ])('%s is refused at its field', (_what, item, field) => {
    expect(fieldsOf(item)).toContain(field);
  });

  it('may take away from the exchange’s rate where it is an addend of the company', () => {
    expect(fieldsOf({ ...RATE, isRelative: true, longMarginRatioByMoney: -0.01 })).toEqual([]);
  });
});

describe('a file of rows', () => {
  const NAMES = Object.keys(RATE);
  const piece = fc.constantFrom(
    '"',
    ',',
    '\n',
    '\r',
    '\u0000',
    '\uFEFF',
    '１',
    '-1e9',
    'NaN',
    '__proto__',
    ...NAMES,
    ...Object.values(RATE).map(String),
    'x',
  );
  const lineOf = (item: Record<string, unknown>): string => NAMES.map((name) => `"${String(item[name] ?? '').replaceAll('"', '""')}"`).join(',');

  it('gives back what was written, whatever stands in its words', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (words, ratio) => {
        const citation = words.replaceAll(/[\r\n]/g, ' ').trim();
        fc.pre(citation !== '');
        const item = { ...RATE, citation, longMarginRatioByMoney: ratio };
        const { rows, refusals } = readRowFile(`\uFEFF${NAMES.join(',')}\r\n${lineOf(item)}\r\n`);
        expect(refusals).toEqual([]);
        expect(rows[0]?.draft.item).toEqual({ ...item, longMarginRatioByMoney: Number(String(ratio)) });
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('never breaks, and names a line for each refusal', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { rows, refusals } = readRowFile(pieces.join(''));
        expect(rows.length + refusals.length).toBeGreaterThan(0);
        for (const { line } of refusals) expect(line).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 500, seed: 6 },
    );
  });

  it.each([
    ['an unknown column', 'kind,exchangeID,effectiveFrom,citation,certainty,colour', 'x', 1, 'colour'],
    ['a column twice', 'kind,exchangeID,effectiveFrom,citation,certainty,kind', 'x', 1, 'kind'],
    ['a column too few', 'kind,exchangeID,effectiveFrom,citation', 'x', 1, 'certainty'],
    ['a number with separators', NAMES.join(','), lineOf(RATE).replace('"0.12"', '"1,2"'), 2, 'longMarginRatioByMoney'],
    ['a number in other digits', NAMES.join(','), lineOf(RATE).replace('"0.12"', '"０.12"'), 2, 'longMarginRatioByMoney'],
    ['a word for a flag', NAMES.join(','), lineOf(RATE).replace('"false"', '"nein"'), 2, 'isRelative'],
    ['an open quotation mark', NAMES.join(','), '"marginRate', 2, ''],
    ['no rows', NAMES.join(','), '', 2, ''],
  ])('is refused for %s', (_what, head, line, at, field) => {
    expect(readRowFile(`${head}\n${line}`).refusals[0]).toMatchObject({ line: at, field });
  });

  it('takes what ties a company’s rate to the exchange’s, ratio by ratio, and refuses a part that is missing at its field', () => {
    const ratios = ['longMarginRatioByMoney', 'longMarginRatioByVolume', 'shortMarginRatioByMoney', 'shortMarginRatioByVolume'];
    const company = { ...RATE, layer: 'company' };
    const texts = (link: string, parts: readonly string[]) => [
      ...Object.entries(company).map(([name, value]) => [name, String(value)] as const),
      ...parts.map((ratio, at) => [`${link}.${ratio}`, String(at)] as const),
    ];
    for (const link of ['aboveExchange', 'ownTimes']) {
      const whole = Object.fromEntries(ratios.map((ratio, at) => [ratio, at]));
      expect(readRowTexts(texts(link, ratios))).toMatchObject({ ok: true, draft: { item: { [link]: whole } } });
      expect(readRowTexts(texts(link, ratios.slice(1)))).toMatchObject({ ok: false, faults: [{ field: `${link}.longMarginRatioByMoney` }] });
      const [head, line] = [texts(link, ratios).map(([name]) => name), texts(link, ratios).map(([, text]) => `"${text}"`)];
      expect(readRowFile(`${head.join(',')}\n${line.join(',')}`)).toMatchObject({ refusals: [], rows: [{ draft: { item: { [link]: whole } } }] });
    }
  });

  it('reads a form’s texts by the same rules', () => {
    const texts = Object.entries(RATE).map(([name, value]) => [name, String(value)] as const);
    expect(readRowTexts([...texts, ['precedence', 'insteadOf']])).toEqual({ ok: true, draft: { item: RATE, precedence: 'insteadOf' } });
    expect(readRowTexts(texts.map(([name, text]) => [name, name === 'effectiveFrom' ? '23.11.2026' : text]))).toMatchObject({
      ok: false,
      faults: [{ field: 'effectiveFrom' }],
    });
  });
});

describe('what commands leave behind', () => {
  const draft: fc.Arbitrary<OwnRowDraft> = fc
    .record({
      place: fc.constantFrom({ productID: 'au' }, { instrumentID: 'au2612' }, { productID: 'au', instrumentID: 'au2612' }),
      effectiveFrom: fc.constantFrom('20261123', '20261124'),
      longMarginRatioByMoney: fc.constantFrom(0.1, 0.12),
      precedence: fc.constantFrom('onlyWhereMissing' as const, 'insteadOf' as const),
    })
    .map(({ place, precedence, ...more }) => {
      const { productID: _product, ...bare } = RATE;
      return { item: { ...bare, ...place, ...more }, precedence };
    });
  const at = fc.nat(5);
  type Step = { type: 'supply'; rows: OwnRowDraft[] } | { type: 'change'; at: number; row: OwnRowDraft } | { type: 'withdraw'; at: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ type: fc.constant('supply' as const), rows: fc.array(draft, { minLength: 1, maxLength: 3 }) }),
    fc.record({ type: fc.constant('change' as const), at, row: draft }),
    fc.record({ type: fc.constant('withdraw' as const), at }),
  );

  it('is never two rows about one thing from one day on, and every change names what it replaced and who agreed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const saved = new Map<string, SavedOwnRow>();
        let sequence = 0;
        for (const one of steps) {
          const of = [...saved.values()][one.type === 'supply' ? 0 : one.at];
          const base = { rowId: of?.rowId ?? 'nobody', baseVersion: of?.versions[0]?.version ?? 1, reason: 'x' };
          const command: ReferenceRowCommand =
            one.type === 'supply'
              ? { type: 'supply', rows: one.rows, reason: 'x' }
              : one.type === 'change'
                ? { type: 'change', ...base, row: one.row }
                : { type: 'withdraw', ...base };
          const context = { nowMs: 1, actor: 'p-risk', newId: () => `r-${saved.size}-${++sequence}` };
          const decision = decideReferenceRow([...saved.values()], command, { approvalId: 'a', approvedBy: ['p-supervisor'] }, context);
          if (!Array.isArray(decision)) continue;
          for (const event of decision) {
            const { rowId } = event.payload;
            expect(event.payload.approvedBy).toEqual(['p-supervisor']);
            expect(event.payload.before).toEqual(saved.get(rowId)?.versions[0]?.draft ?? null);
            const evolved = evolveOwnRow(saved.get(rowId) ?? null, event, { actor: 'p-risk', mode: 'live', sequence: ++sequence });
            if (evolved !== null) saved.set(rowId, evolved);
          }
        }
        const inForce = [...saved.values()].flatMap((row) => rowForBook(row) ?? []).map(({ item }) => slotAndDayOf(item));
        expect(new Set(inForce).size).toBe(inForce.length);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('is refused where somebody was quicker, where it was withdrawn, and where it would be about something else', () => {
    const context = { nowMs: 1, actor: 'p', newId: () => 'r' };
    const row: OwnRowDraft = { item: RATE, precedence: 'onlyWhereMissing' };
    const signed = { by: 'p', approvedBy: [], approvalId: null, atMs: 1, reason: 'x' };
    const saved: SavedOwnRow = { rowId: 'r', versions: [{ version: 2, draft: row, ...signed, sequence: 1 }], withdrawn: null };
    const change = { type: 'change', rowId: 'r', baseVersion: 2, row, reason: 'x' } as const;
    expect(decideReferenceRow([saved], { ...change, baseVersion: 1 }, null, context)).toMatchObject({ code: 'CONFLICT', field: 'baseVersion' });
    expect(decideReferenceRow([saved], change, null, context)).toEqual([]);
    const other: OwnRowDraft = { ...row, item: { ...RATE, layer: 'exchange' } };
    expect(decideReferenceRow([saved], { ...change, row: other }, null, context)).toMatchObject({ code: 'INVALID' });
    const gone = { ...saved, withdrawn: signed };
    expect(decideReferenceRow([gone], change, null, context)).toMatchObject({ code: 'CONFLICT', field: 'rowId' });
    expect(decideReferenceRow([], change, null, context)).toMatchObject({ code: 'UNKNOWN' });
  });
});

describe('the row that a reason asks for', () => {
  it.each([
    ['noMultiplier:SHFE.au2612', { kind: 'instrument', exchangeID: 'SHFE', instrumentID: 'au2612', field: 'volumeMultiple' }],
    ['referenceRefused:SHFE.au2612 priceTick', { kind: 'instrument', field: 'priceTick' }],
    ['noPreSettlement:CZCE.SR701', { kind: 'preSettlement', instrumentID: 'SR701', field: 'preSettlementPrice' }],
    ['badPrice:SHFE.au2612 preSettlementPrice', { kind: 'preSettlement' }],
    ['noRate:SHFE.au2612 exchange hedge', { kind: 'marginRate', layer: 'exchange', hedgeFlag: 'hedge' }],
    ['rateRefused:SHFE.au2612 company speculation', { kind: 'marginRate', layer: 'company' }],
    ['noRate:SHFE.au2612 commission', { kind: 'commissionRate', instrumentID: 'au2612' }],
    ['noAggregation:SHFE.au', { kind: 'marginAggregation', productID: 'au', field: 'method' }],
    ['rateRefused:SHFE.au', { kind: 'marginAggregation', productID: 'au' }],
    ['noCombinationRule:DCE.LOCK', { kind: 'combinationMargin', combinationKind: 'LOCK', field: 'legMargin' }],
    ['rateRefused:DCE.SP combinationMargin', { kind: 'combinationMargin', combinationKind: 'SP', field: 'legMargin' }],
    ['rateRefused:SHFE.au2406 bigSideExclusion', { kind: 'bigSideExclusion', instrumentID: 'au2406', field: 'countedAs' }],
  ])('%s', (reason, row) => {
    expect(missingRowOf(reason)).toMatchObject(row);
  });

  it.each(['noCombinationRule:DCE.', 'rateRefused:DCE. combinationMargin'])('is one of the whole exchange for %s', (reason) => {
    const { field, ...known } = missingRowOf(reason) ?? {};
    const texts = { ...known, effectiveFrom: '20260105', citation: 'notice 7', certainty: 'verified' };
    expect(field).toBe('legMargin');
    expect(readRowTexts(Object.entries({ ...texts, legMargin: 'largerLeg' }))).toMatchObject({
      ok: true,
      draft: { item: { kind: 'combinationMargin', exchangeID: 'DCE', legMargin: 'largerLeg' } },
    });
    expect(known).not.toHaveProperty('combinationKind');
  });

  it.each(['noPrice:SHFE.au2612', 'badPrice:SHFE.au2612 lastPrice', 'twoRates:SHFE.au2612 company speculation', 'noAccount', null])(
    'is none for %s',
    (reason) => {
      expect(missingRowOf(reason)).toBeNull();
    },
  );
});
