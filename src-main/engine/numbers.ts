/** The numbers room: joins the book, the desk and the reports behind the streams and requests of stress, inverse, worklists, limits, statements and exports. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AccountHistories } from '#engine/book/account-history';
import type { Book } from '#engine/book/book';
import { budgetOne, inverseOne, stressOne } from '#engine/book/what-if/account-answers';
import { explainInputs } from '#engine/book/what-if/explain-inputs';
import { frozenVolumes, withFrozen } from '#engine/book/what-if/frozen-volumes';
import { LOCKED_LIMIT_ROWS } from '#engine/book/what-if/priced-contract';
import { scenarioRefusal } from '#engine/book/what-if/scenario-rows';
import type { Clock } from '#engine/clock';
import type { Recorder } from '#engine/desk/record';
import { ScenarioDesk } from '#engine/desk/scenarios/scenario-desk';
import type { SecondPerson } from '#engine/desk/second-person';
import { StatementDesk } from '#engine/desk/statements/statement-desk';
import { WorklistDesk } from '#engine/desk/worklists/worklist-desk';
import { NumbersMarket } from '#engine/numbers-market';
import type { NumbersRequests, NumbersView } from '#engine/port/numbers-view';
import { DailyPriceSampler } from '#engine/reports/daily-prices';
import { type AccountAnswer, accountTableOf } from '#engine/reports/export/account-tables';
import { exportTable } from '#engine/reports/export/export-tables';
import { writeTable } from '#engine/reports/export/table-file';
import { compareStatement, decodeStatement, readStatement } from '#engine/reports/statements';
import { computeVar } from '#engine/reports/value-at-risk';
import type { Log } from '#engine/store/log';
import { PriceHistory, parseDailyPrices } from '#engine/store/price-history';
import { createWorklistRoom } from '#engine/worklist-room';
import type { ExplainedField, Explanation } from '#shared/contract/numbers-account';
import type { ExportMade, ExportParams } from '#shared/contract/numbers-desk';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import { explainAccount } from '#shared/market/explain/explain-account';
import type { AccountModel } from '#shared/market/what-if/account-model';
import { type Scenario, scenarioSchema } from '#shared/market/what-if/scenario';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

export type NumbersParts = {
  clock: Clock;
  log: Log;
  recorder: Recorder;
  dataDir: string;
  /** The book on screen: the live one, or a replay's. */
  book: () => Book;
  liveBook: () => Book;
  isDataLive: (nowMs: number) => boolean;
  secondPerson: SecondPerson;
  /** Prices of a demonstration are kept apart: they must never become the history of real contracts. */
  isDemonstration: () => boolean;
};

export type Numbers = {
  view: NumbersView;
  requests: NumbersRequests;
  /** Rows that this export would write now; null where there is no such table. */
  exportedRows: (params: ExportParams) => number | null;
  /** Once a second, off the hot path: histories, daily prices, and worklists that no longer hold. */
  tick(nowMs: number): void;
};

const PRICES_EVERY_MS = 10_000;
const MAX_IMPORT_BYTES = 256 * 1024 * 1024;

export function createNumbers(parts: NumbersParts): Numbers {
  const { clock, recorder, log } = parts;
  const scenarios = new ScenarioDesk(recorder);
  const worklists = new WorklistDesk(recorder);
  const room = createWorklistRoom(parts, worklists);
  const statements = new StatementDesk(recorder);
  const histories = new AccountHistories();
  const realPrices = new PriceHistory(join(parts.dataDir, 'prices', 'daily.csv'), log);
  const demonstrationPrices = new PriceHistory(join(parts.dataDir, 'prices', 'daily-demonstration.csv'), log);
  const prices = (): PriceHistory => (parts.isDemonstration() ? demonstrationPrices : realPrices);
  const sampler = new DailyPriceSampler();
  const market = new NumbersMarket({
    clock,
    book: parts.book,
    findScenario: (id) => scenarios.find(id),
    volumes: (exchangeID, instrumentID) => prices().averageVolume(exchangeID, instrumentID, parts.book().tradingDay),
  });
  const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const exportFolder = join(parts.dataDir, 'exports');

  function withModel<Answer>(
    accountID: string,
    answer: (model: AccountModel) => Outcome<Answer> | Promise<Outcome<Answer>>,
  ): Outcome<Answer> | Promise<Outcome<Answer>> {
    const model = parts.book().accountModel(accountID);
    return model === null ? refuse('UNKNOWN', `there is no account ${accountID}`, 'accountID') : answer(model);
  }

  function explain(accountID: string, field: ExplainedField): Outcome<Explanation> {
    const book = parts.book();
    const account = book.records.findAccount(accountID);
    if (account === null || !book.records.isPresent(account)) return refuse('UNKNOWN', `there is no account ${accountID}`, 'accountID');
    const said = account.counter?.item[field as keyof typeof account.counter.item];
    return accept({
      accountID,
      field,
      root: explainAccount(explainInputs(book, account), field),
      counter: account.counter !== null && typeof said === 'number' ? { value: said, asOfMs: account.counter.item.asOfMs } : null,
      marketAsOfMs: book.marketTimeMs,
      tradingDay: book.tradingDay,
    });
  }

  function scenarioOf({ scenarioId, draft }: RequestPayload<'stress.account'>): Outcome<Scenario> {
    if (draft !== undefined)
      return scenarioRefusal(parts.book(), draft) ?? accept(scenarioSchema.parse({ ...draft, scenarioId: 'draft', version: 1 }));
    const found = scenarioId === undefined ? null : scenarios.find(scenarioId);
    return found === null ? refuse('UNKNOWN', `there is no scenario ${scenarioId ?? ''}`, 'scenarioId') : accept(found);
  }

  /** Of the account that the scope names; null where it names none that is there. */
  async function accountAnswer(params: ExportParams): Promise<AccountAnswer | null> {
    const table = accountTableOf(params.table);
    const book = parts.book();
    const { accountID } = params.scope;
    const model = accountID === undefined ? null : book.accountModel(accountID);
    if (table === null || accountID === undefined || model === null) return null;
    switch (table) {
      case 'accountFigures':
        return { table, picture: book.account({ accountID }) };
      case 'inverse':
        return { table, inverse: await inverseOne(model, pause, params.lockedDays) };
      case 'budget':
        return { table, budget: await budgetOne(model, pause) };
      case 'history':
        return { table, history: histories.of(parts.liveBook(), accountID) };
    }
  }

  function tableOf(params: ExportParams, account: AccountAnswer | null = null): ReturnType<typeof exportTable> {
    return exportTable(
      {
        account,
        book: parts.book,
        stress: (wanted) => market.stressForExport(wanted),
        distance: (wanted, first, count) => market.distanceForExport(wanted, first, count),
        limits: (wanted, view, first, count) => market.limitsForExport(wanted, view, first, count),
        worklist: (worklistId) => {
          const list = worklists.get(worklistId);
          return list.ok ? list.value : null;
        },
        statements: () => statements.list(),
        comparison: (statementId) => {
          const statement = statements.get(statementId);
          return statement.ok ? compareStatement(parts.book(), statement.value) : null;
        },
        valueAtRisk: (of) => computeVar(parts.book(), prices(), of),
        explanation: (accountID, field) => {
          const answer = explain(accountID, field);
          return answer.ok ? answer.value : null;
        },
      },
      params,
    );
  }

  async function exportFile(params: ExportParams): Promise<Outcome<ExportMade>> {
    const table = tableOf(params, await accountAnswer(params));
    if (table === null) {
      return recorder.refused('export.table', nothingToExport(params.table));
    }
    const stamp = new Date(clock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
    const { headSequence, headFingerprint } = recorder.journal;
    const fingerprint = `${headSequence}:${headFingerprint}`;
    let made: ExportMade;
    try {
      made = await writeTable(
        table,
        params.format,
        { folder: exportFolder, file: params.file ?? `${params.table}-${stamp}`, exists: existsSync },
        fingerprint,
      );
    } catch (error) {
      return recorder.refused('export.table', refuse('FAILED', `the file could not be written: ${messageOf(error)}`));
    }
    const { table: name, format, scope, filter, sort } = params;
    const payload = {
      table: name,
      format,
      scope,
      filter,
      sort,
      file: made.path,
      sha256: made.sha256,
      rowCount: made.rowCount,
      fingerprint,
      atMs: clock.nowMs(),
    };
    const recorded = recorder.record('export.table', [{ type: 'export.made', subject: `export:${made.file}`, payload }]);
    return recorded.ok ? accept(made) : recorded;
  }

  async function exportWorklist({
    worklistId,
    format,
    headings,
    words,
  }: RequestPayload<'worklist.export'>): Promise<Outcome<RequestAnswer<'worklist.export'>>> {
    const refused = worklists.exportRefusal(worklistId);
    if (refused !== null) return refused;
    const params = {
      table: 'worklist',
      format,
      worklistId,
      scope: {},
      filter: '',
      sort: null,
      lockedDays: 3,
      limitsBy: 'account',
      headings,
      words,
    } as const;
    const made = await exportFile(params);
    if (!made.ok) return made;
    const worklist = worklists.exported(worklistId, made.value.path, made.value.sha256);
    return worklist.ok ? accept({ worklist: worklist.value, made: made.value }) : worklist;
  }

  function textOf(request: string, { path, text }: { path?: string | undefined; text?: string | undefined }): Outcome<string> {
    if (text !== undefined) return accept(text);
    if (path === undefined) return recorder.refused(request, refuse('INVALID', 'path or text is needed', 'path'));
    try {
      const file = statSync(path);
      // A pipe or a device has no end to wait for: reading one would stop the engine for good.
      if (!file.isFile()) return recorder.refused(request, refuse('INVALID', 'is not a file', 'path'));
      if (file.size > MAX_IMPORT_BYTES) return recorder.refused(request, refuse('INVALID', 'the file is too large', 'path'));
      return accept(decodeStatement(readFileSync(path)));
    } catch (error) {
      return recorder.refused(request, refuse('FAILED', `the file cannot be read: ${messageOf(error)}`, 'path'));
    }
  }

  function importStatement(payload: RequestPayload<'statement.import'>): ReturnType<NumbersRequests['statement.import']> {
    const text = textOf('statement.import', payload);
    if (!text.ok) return text;
    const read = readStatement(text.value);
    if (!read.ok) return recorder.refused('statement.import', read);
    const recorded = statements.record(read.value.imported);
    if (recorded.ok) keepPrices(() => realPrices.add(read.value.prices));
    return recorded;
  }

  function importPrices(payload: RequestPayload<'prices.import'>): ReturnType<NumbersRequests['prices.import']> {
    const text = textOf('prices.import', payload);
    if (!text.ok) return text;
    const parsed = parseDailyPrices(text.value, 'import');
    if (!parsed.ok) return recorder.refused('prices.import', parsed);
    try {
      prices().add(parsed.value);
    } catch (error) {
      return recorder.refused('prices.import', refuse('FAILED', `the prices could not be kept: ${messageOf(error)}`));
    }
    const days = new Set(parsed.value.map(({ date }) => date)).size;
    const answer = { days, prices: parsed.value.length, sha256: createHash('sha256').update(text.value).digest('hex') };
    const recorded = recorder.record('prices.import', [{ type: 'prices.imported', subject: 'prices', payload: { ...answer, atMs: clock.nowMs() } }]);
    return recorded.ok ? accept(answer) : recorded;
  }

  /** A full disk must not stop what the prices came along with; the log says it. */
  function keepPrices(add: () => number): void {
    try {
      add();
    } catch (error) {
      log('warn', 'dailyPricesNotKept', { message: messageOf(error) });
    }
  }

  let pricesAtMs = Number.NEGATIVE_INFINITY;
  let watchedVersion = -1;
  return {
    tick(nowMs) {
      const live = parts.liveBook();
      const isLive = parts.isDataLive(nowMs);
      histories.sample(live, nowMs, isLive);
      worklists.expire();
      if (!isLive) return;
      if (nowMs - pricesAtMs >= PRICES_EVERY_MS || nowMs < pricesAtMs) {
        pricesAtMs = nowMs;
        keepPrices(() => prices().add(sampler.sample(live)));
      }
      if (live.version !== watchedVersion) {
        watchedVersion = live.version;
        room.review();
      }
    },
    view: {
      marketVersion: (nowMs) => market.version(nowMs),
      limitsVersion: (nowMs) => market.limitsVersion(nowMs),
      stress: (params, nowMs) => market.stress(params, nowMs),
      distance: (params, nowMs) => market.distance(params, nowMs),
      limits: (params, nowMs) => market.limits(params, nowMs),
      scenarios: () => ({ scenarios: scenarios.list(), lockedLimits: LOCKED_LIMIT_ROWS }),
      worklists: ({ accountID }) => ({ worklists: worklists.list(accountID) }),
    },
    // What is asked about one account is never a large export, and takes too long to be made just to be counted.
    exportedRows: (params) =>
      accountTableOf(params.table) !== null || params.table === 'valueAtRisk' || params.table === 'explanation'
        ? 0
        : (tableOf(params)?.rows.length ?? null),
    requests: {
      'explain.account': ({ accountID, field }) => explain(accountID, field),
      'scenario.list': () => accept({ scenarios: scenarios.list() }),
      'scenario.save': (payload) => {
        const refused = scenarioRefusal(parts.book(), payload.scenario);
        return refused === null ? scenarios.save(payload) : recorder.refused('scenario.save', refused);
      },
      'scenario.remove': (payload) => scenarios.remove(payload),
      'stress.account': (payload) => {
        const scenario = scenarioOf(payload);
        const book = parts.book();
        const account = book.records.findAccount(payload.accountID);
        const frozen = account === null ? new Map() : frozenVolumes(book, account);
        return scenario.ok ? withModel(payload.accountID, (model) => accept(stressOne(withFrozen(model, frozen), scenario.value))) : scenario;
      },
      'inverse.account': ({ accountID, days }) => withModel(accountID, async (model) => accept(await inverseOne(model, pause, days))),
      'budget.account': ({ accountID }) => withModel(accountID, async (model) => accept(await budgetOne(model, pause))),
      'worklist.preview': room['worklist.preview'],
      'worklist.make': room['worklist.make'],
      'worklist.get': ({ worklistId }) => worklists.get(worklistId),
      'worklist.export': exportWorklist,
      'worklist.withdraw': ({ worklistId, reason }) => worklists.withdraw(worklistId, reason),
      'var.compute': (payload) => accept(computeVar(parts.book(), prices(), payload)),
      'prices.import': importPrices,
      'statement.import': importStatement,
      'statement.list': ({ clientID }) => accept({ statements: statements.list(clientID) }),
      'statement.compare': ({ statementId }) => {
        const statement = statements.get(statementId);
        return statement.ok ? accept(compareStatement(parts.book(), statement.value)) : statement;
      },
      'account.history': ({ accountID }) => accept(histories.of(parts.liveBook(), accountID)),
      'export.table': exportFile,
    },
  };
}

function nothingToExport(table: ExportParams['table']): Refusal {
  if (table === 'valueAtRisk') return refuse('INVALID', 'says not of what', 'of');
  if (table === 'statementComparison') return refuse('UNKNOWN', 'there is no such statement', 'statementId');
  if (table === 'worklist') return refuse('UNKNOWN', 'there is no such worklist', 'worklistId');
  return refuse('UNKNOWN', 'there is no such account or figure', 'scope');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
