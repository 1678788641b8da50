/** What leaves the desk as a file has a name in the reader's language over every column, and words in place of codes. */
import { readdirSync, readFileSync } from 'node:fs';
import { createInstance, type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Book } from '#engine/book/book';
import { buildLimitsPicture } from '#engine/book/limits/limits-picture';
import { budgetOne, inverseOne } from '#engine/book/what-if/account-answers';
import { buildDistancePicture, runDistance } from '#engine/book/what-if/distance-picture';
import { explainInputs } from '#engine/book/what-if/explain-inputs';
import { buildStressPicture } from '#engine/book/what-if/stress-picture';
import { runStress } from '#engine/book/what-if/stress-run';
import { type AccountAnswer, accountTableOf } from '#engine/reports/export/account-tables';
import { exportTable } from '#engine/reports/export/export-tables';
import type { ExplainedField, Explanation } from '#shared/contract/numbers-account';
import {
  type ExportName,
  exportNameSchema,
  exportParamsSchema,
  type StatementComparison,
  type StatementView,
  type WorklistView,
} from '#shared/contract/numbers-desk';
import type { VarAnswer } from '#shared/contract/numbers-stress';
import { explainAccount } from '#shared/market/explain/explain-account';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { exportWordsOf } from '../../../../src-renderer/components/export-words';
import { GOLD, money, REFERENCE, smallBook } from '../../book/small-book';

const CLOCK = { nowMs: () => FIXTURE_START_MS, monotonicMs: () => 0 };
const FOLDER = new URL('../../../../src-renderer/i18n/', import.meta.url);

async function textsOf(language: string): Promise<TFunction<'export'>> {
  const resources: Record<string, unknown> = {};
  for (const file of readdirSync(new URL(`${language}/`, FOLDER)))
    resources[file.replace('.json', '')] = JSON.parse(readFileSync(new URL(`${language}/${file}`, FOLDER), 'utf8'));
  const instance = createInstance();
  await instance.init({ lng: language, resources: { [language]: resources as never }, defaultNS: 'app', returnNull: false });
  return instance.getFixedT(language, 'export') as unknown as TFunction<'export'>;
}

function bookWithEverything(): Book {
  const book = smallBook({}, REFERENCE);
  book.apply(itemsEvent('accounts', [money('A2', { preBalance: -5_000_000 })]));
  book.evaluate(FIXTURE_START_MS);
  return book;
}

const WORKLIST = {
  worklistId: 'w',
  accountID: 'A1',
  state: 'made',
  madeBy: 'tester',
  inputsHash: 'h',
  lines: [
    {
      exchangeID: 'SHFE',
      instrumentID: 'au2612',
      direction: 'long',
      hedgeFlag: 'speculation',
      openDate: '20260914',
      tradeID: 'T1',
      volume: 1,
      orders: [1],
      price: 805,
      closeProfit: 1,
      releaseMargin: 1,
      degreeAfter: 0.5,
    },
  ],
} as unknown as WorklistView;

const STATEMENT = {
  statementId: 's',
  clientID: 'A1',
  clientName: 'One',
  date: '20260914',
  basis: 'mtm',
  currencyID: 'CNY',
  sha256: 'h',
  importedBy: 'tester',
  importedAtMs: FIXTURE_START_MS,
  checkCount: 12,
  disagreements: [{ subject: 'summary', field: 'balance', line: 9, stated: 2, computed: 1, difference: 1 }],
  notRecomputed: 1,
  close: {},
} satisfies StatementView;
const COMPARISON: StatementComparison = {
  statement: STATEMENT,
  accountID: 'A1',
  relation: 'dayBefore',
  fields: [{ field: 'balance', stated: 2, ours: null, counter: 2, residual: null, reason: 'noPrice:SHFE.au2612' }],
  positions: [
    {
      exchangeID: 'SHFE',
      instrumentID: 'au2612',
      direction: 'long',
      statedVolume: 2,
      volume: 2,
      statedPrice: 800,
      price: 801,
      reason: null,
    },
  ],
};
const VALUE_AT_RISK: VarAnswer = {
  historical: { kind: 'value', amount: 120_000, observations: 250 },
  parametric: { kind: 'notEnoughHistory', have: 12, need: 100 },
  backTest: { kind: 'zone', zone: 'yellow', window: 250, exceptions: 6, days: 250, firstDate: '20250901', lastDate: '20260911' },
  exposure: 1e6,
  leftOutExposure: 5_000,
  leftOut: ['SHFE.ag2702'],
  currencies: ['CNY'],
  unknownAccounts: 1,
  historyFrom: '20250101',
  historyTo: '20260914',
  sources: ['import'],
  basis: [{ name: 'historyDays', value: 250, effectiveFrom: '20000101', citation: 'test', certainty: 'secondary' }],
};
/** What the tables about one answer are asked of. */
const ABOUT = {
  statementId: 's',
  figure: 'currMargin',
  of: { of: { type: 'firm' }, confidence: 0.99, horizonDays: 1 },
} as const;

function explanationOf(book: Book, accountID: string, field: ExplainedField): Explanation | null {
  const account = book.records.findAccount(accountID);
  if (account === null) return null;
  const root = explainAccount(explainInputs(book, account), field);
  return { accountID, field, root, counter: null, marketAsOfMs: book.marketTimeMs, tradingDay: book.tradingDay };
}

const NEVER = async (): Promise<void> => undefined;

async function answerOf(book: Book, table: ExportName): Promise<AccountAnswer | null> {
  const [accountID, name] = ['A1', accountTableOf(table)];
  const model = book.accountModel(accountID);
  if (model === null || name === null) return null;
  switch (name) {
    case 'accountFigures':
      return { table: name, picture: book.account({ accountID }) };
    case 'inverse':
      return { table: name, inverse: await inverseOne(model, NEVER, 3) };
    case 'budget':
      return { table: name, budget: await budgetOne(model, NEVER) };
    case 'history': {
      const history = { atMs: Float64Array.of(FIXTURE_START_MS), riskDegree: Float64Array.of(0.5), exchangeRiskDegree: Float64Array.of(Number.NaN) };
      return { table: name, history: { accountID, everyMs: 1, ...history, balance: Float64Array.of(1), currMargin: Float64Array.of(1) } };
    }
  }
}

async function exported(book: Book, table: ExportName, t: TFunction<'export'>) {
  const params = exportParamsSchema.parse({
    table,
    format: 'csv',
    ...exportWordsOf(table, t),
    worklistId: 'w',
    ...ABOUT,
    scope: table === 'explanation' ? { accountID: 'A1' } : {},
  });
  const stress = runStress(book, [{ key: 'percent:-2', label: '-2 %', percent: -2, scenario: null }], CLOCK);
  return exportTable(
    {
      account: await answerOf(book, table),
      book: () => book,
      stress: ({ scope, filter }) =>
        buildStressPicture(
          book,
          stress,
          {
            columns: { type: 'ladder', stepPercent: 2, count: 1 },
            rows: 'account',
            measure: 'balance',
            scope,
            filter,
            order: 'worst',
            first: 0,
            maxRows: 10,
          },
          [],
        ),
      distance: (wanted, first, count) =>
        buildDistancePicture(book, runDistance(book, CLOCK), {
          target: 'call',
          direction: 'nearest',
          measure: 'percent',
          scope: {},
          filter: '',
          sort: wanted.sort,
          first,
          count,
        }),
      limits: (_, view, first, count) =>
        buildLimitsPicture(book, { view, by: 'account', scope: {}, filter: '', sort: null, first, count }, () => null, FIXTURE_START_MS),
      worklist: () => WORKLIST,
      statements: () => [STATEMENT],
      comparison: () => COMPARISON,
      valueAtRisk: () => VALUE_AT_RISK,
      explanation: (accountID, field) => explanationOf(book, accountID, field),
    },
    params,
  );
}

describe.each(['zh-CN', 'en'])('an export read in %s', (language) => {
  let t: TFunction<'export'>;
  beforeAll(async () => {
    t = await textsOf(language);
  });

  it.each(exportNameSchema.options.filter((name) => name !== 'orders' && name !== 'trades'))(
    '%s: every column has a name, and no cell is JSON',
    async (name) => {
      const table = await exported(bookWithEverything(), name, t);
      expect(table?.rows.length).toBeGreaterThan(0);
      for (const { field, heading } of table?.columns ?? []) expect(heading, `${name} ${field}`).not.toBe(field);
      for (const cell of table?.rows.flat() ?? []) if (typeof cell === 'string') expect(cell).not.toMatch(/^[[{]/);
    },
  );

  it('leaves a sum over accounts of which none is known empty, and never writes it as nothing lost', async () => {
    const book = bookWithEverything();
    const { volumeMultiple: _, ...withoutMultiplier } = GOLD;
    book.apply(itemsEvent('reference', [withoutMultiplier]));
    book.evaluate(FIXTURE_START_MS);
    const table = await exported(book, 'stressSummary', t);
    const cellsOf = (wanted: string) => (table?.rows ?? []).map((row) => row[table?.columns.findIndex(({ field }) => field === wanted) ?? -1]);
    expect(cellsOf('firmLoss')).toEqual([null, null]);
    expect(cellsOf('callAmount')).toEqual([null, null]);
    expect(cellsOf('unknown')).toEqual([2, 2]);
  });

  it('says levels and reasons in words, and times as a person reads them', async () => {
    const accounts = await exported(bookWithEverything(), 'accounts', t);
    const cells = (accounts?.rows ?? []).flat();
    expect(cells).toContain(language === 'en' ? 'Normal' : '正常');
    expect(cells).not.toContain('normal');
    expect(cells.some((cell) => typeof cell === 'string' && /^\d{4}-\d\d-\d\dT/.test(cell))).toBe(true);
    const limits = await exported(bookWithEverything(), 'largeTraders', t);
    expect((limits?.rows ?? []).flat()).toContain(language === 'en' ? 'No position limit is known: SHFE.au2612' : '无持仓限额数据: SHFE.au2612');
  });

  it('says where a figure comes from line by line, with source and rule rows, and of value at risk why there is none', async () => {
    const wordsIn = (table: Awaited<ReturnType<typeof exported>>, field: string) => {
      const at = table?.columns.findIndex((column) => column.field === field) ?? -1;
      return (table?.rows ?? []).map((row) => row[at]);
    };
    const explanation = await exported(bookWithEverything(), 'explanation', t);
    expect(wordsIn(explanation, 'figure')[0]).toBe(language === 'en' ? 'Margin occupied' : '保证金占用');
    expect(Math.max(...wordsIn(explanation, 'depth').map(Number))).toBeGreaterThan(2);
    expect(wordsIn(explanation, 'ruleRows').some((cell) => typeof cell === 'string' && /\d{8}/.test(cell))).toBe(true);
    expect(wordsIn(explanation, 'asOfMs').some((cell) => typeof cell === 'string' && cell.endsWith('Z'))).toBe(true);
    const risk = await exported(bookWithEverything(), 'valueAtRisk', t);
    expect(wordsIn(risk, 'amount')).toEqual([120_000, null, null, null]);
    expect(wordsIn(risk, 'reason')[1]).toMatch(language === 'en' ? /^Not enough days of prices.*12\/100/ : /^价格历史天数不足.*12\/100/);
    const comparison = await exported(bookWithEverything(), 'statementComparison', t);
    expect(wordsIn(comparison, 'part')).toHaveLength(3);
    expect(wordsIn(comparison, 'ours')).toEqual([1, null, null]);
  });
});
