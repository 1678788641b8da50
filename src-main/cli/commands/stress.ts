/** `desk stress FILE --scenario …`: the accounts of a recording under scenarios, as the stress workbench computes them. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CliIo, CliRefusal, EXIT } from '#cli/cli-io';
import { readInput } from '#cli/inputs';
import { parseOptions, pathFrom } from '#cli/options';
import { playBook } from '#cli/played-book';
import type { CliCommand } from '#cli/program';
import { currenciesOf, currencyOf } from '#engine/book/views/scope';
import { scenarioRefusal, unmatchedInBook } from '#engine/book/what-if/scenario-rows';
import { amountsOf, runStress, type StressColumn, type StressRun } from '#engine/book/what-if/stress-run';
import { systemClock } from '#engine/clock';
import { BUNDLED_SCENARIOS } from '#engine/desk/scenarios/scenario-desk';
import { RISK_LEVELS, type StressSummary } from '#shared/contract/numbers-stress';
import { scenarioSchema } from '#shared/market/what-if/scenario';
import { refuseSchemaIssue } from '#shared/refusal';
import { unreadField } from '#shared/unread-field';

const optionsSchema = z.object({ json: z.boolean().default(false), scenario: z.array(z.string().min(1).max(1000)).max(50).default([]) });
const MAX_SCENARIO_BYTES = 16 * 1024 * 1024;
const SHOWN_ACCOUNTS = 10;
const LADDER_PERCENTS = [-10, -8, -6, -4, -2, 2, 4, 6, 8, 10] as const;

export const stressCommand: CliCommand = {
  name: 'stress',
  describe(command) {
    command
      .description('value the accounts of a recording under scenarios')
      .argument('<file>', 'a recording made by `desk record`, `desk import` or the app')
      .option(
        '--scenario <scenario...>',
        'an id that comes with the product, a move of all prices in percent, or a JSON file (default: a ladder of moves)',
      );
  },
  async run(io, args, given) {
    const options = parseOptions(optionsSchema, given);
    const columns = options.scenario.length === 0 ? LADDER_PERCENTS.map(percentColumn) : options.scenario.map((wanted) => columnOf(io, wanted));
    const played = await playBook(io, pathFrom(io, args[0] ?? ''));
    if (played === null) return EXIT.interrupted;
    const { book, source, isWhole } = played;
    for (const [at, { scenario }] of columns.entries()) {
      // What comes with the product may name metals that a recording does not have; a file's rows are somebody's own.
      if (scenario === null || BUNDLED_SCENARIOS.includes(scenario)) continue;
      const refused = scenarioRefusal(book, scenario);
      if (refused !== null) throw new CliRefusal(EXIT.input, `${options.scenario[at]}: ${refused.message}`, refused.field ?? 'scenario');
    }
    const run = runStress(book, columns, systemClock);
    const figure = (column: Float64Array, index: number): number | null =>
      Number.isNaN(column[index] ?? Number.NaN) ? null : (column[index] ?? null);
    const accounts = book.records.accounts
      .filter((account) => book.records.isPresent(account))
      .sort((a, b) => a.accountID.localeCompare(b.accountID))
      .map((account) => {
        const { accountID, index } = account;
        const at = (figures: StressRun['now']) => ({
          level: RISK_LEVELS[figures.level[index] ?? -1] ?? 'unknown',
          balance: figure(figures.balance, index),
          currMargin: figure(figures.currMargin, index),
          exchangeMargin: figure(figures.exchangeMargin, index),
          available: figure(figures.available, index),
        });
        return { accountID, currencyID: currencyOf(account) ?? null, reason: book.reasonOf(index), now: at(run.now), under: run.figures.map(at) };
      });
    const scenarios = columns.map(({ key, label, percent, scenario }) => ({
      key,
      label,
      percent,
      version: scenario?.version ?? null,
      unmatched: scenario === null ? [] : unmatchedInBook(book, scenario),
      cutCloses: run.cutCloses.find((cut) => cut.key === key)?.rows ?? [],
    }));
    const currencies = currenciesOf(book, (account) => book.records.isPresent(account));
    const withAmounts = (summary: StressSummary) => ({ ...summary, ...amountsOf(summary, currencies) });
    const { nowSummary: now, summaries, marketAsOfMs } = run;
    const { tradingDay } = book;
    const answer = {
      ok: isWhole,
      source,
      tradingDay,
      marketAsOfMs,
      currencies,
      scenarios,
      now: withAmounts(now),
      summaries: summaries.map(withAmounts),
      accounts,
    };
    if (options.json) io.out(JSON.stringify(answer));
    else report(io, run, accounts, currencies);
    return isWhole ? EXIT.ok : EXIT.findings;
  },
};

function percentColumn(percent: number): StressColumn {
  return { key: `percent:${percent}`, label: `${percent > 0 ? '+' : ''}${percent} %`, percent, scenario: null };
}

function columnOf(io: CliIo, wanted: string): StressColumn {
  const percent = Number(wanted.replace(/%$/, ''));
  if (Number.isFinite(percent)) {
    if (percent < -100 || percent > 1000)
      throw new CliRefusal(EXIT.usage, `--scenario: a move of ${wanted} % is not between -100 and 1000`, 'scenario');
    return percentColumn(percent);
  }
  const bundled = BUNDLED_SCENARIOS.find(({ scenarioId }) => scenarioId === wanted);
  if (bundled !== undefined) return { key: bundled.scenarioId, label: bundled.name, percent: null, scenario: bundled };
  const file = pathFrom(io, wanted);
  if (!existsSync(file)) {
    const known = BUNDLED_SCENARIOS.map(({ scenarioId }) => scenarioId).join(', ');
    throw new CliRefusal(EXIT.usage, `--scenario: ${wanted} is no percentage, no file and none of ${known}`, 'scenario');
  }
  return fileColumn(file);
}

function fileColumn(file: string): StressColumn {
  let json: unknown;
  try {
    json = JSON.parse(readInput(file, MAX_SCENARIO_BYTES, (path) => readFileSync(path, 'utf8')));
  } catch (fault) {
    if (fault instanceof CliRefusal) throw fault;
    throw new CliRefusal(EXIT.input, `${file} is not JSON: ${fault instanceof Error ? fault.message : String(fault)}`, 'scenario');
  }
  const parsed = scenarioSchema.safeParse(typeof json === 'object' ? { scenarioId: 'file', version: 1, ...json } : json);
  const unread = parsed.success ? unreadField(json, parsed.data) : null;
  if (unread !== null) throw new CliRefusal(EXIT.input, `${file}: ${unread}: is no part of a scenario`, unread);
  if (parsed.success) return { key: parsed.data.scenarioId, label: parsed.data.name, percent: null, scenario: parsed.data };
  const refusal = refuseSchemaIssue(parsed.error);
  throw new CliRefusal(EXIT.input, `${file}: ${refusal.message}`, refusal.field || 'scenario');
}

type Line = { accountID: string; now: { level: string; balance: number | null }; under: { level: string; balance: number | null }[] };

function report(io: CliIo, run: StressRun, accounts: readonly Line[], currencies: readonly string[]): void {
  const money = (value: number | null): string => (value === null ? 'unknown' : value.toFixed(2));
  for (const [at, summary] of run.summaries.entries()) {
    io.out(
      `${run.columns[at]?.label ?? ''}: ${summary.calls} at call or worse, ${summary.forced} at forced liquidation or worse, ${summary.negative} with negative equity, ${summary.unknown} unknown, firm loss ${money(amountsOf(summary, currencies).firmLoss)}`,
    );
    const lowest = [...accounts].sort(
      (a, b) => (a.under[at]?.balance ?? Number.NEGATIVE_INFINITY) - (b.under[at]?.balance ?? Number.NEGATIVE_INFINITY),
    );
    for (const { accountID, now, under } of lowest.slice(0, SHOWN_ACCOUNTS)) {
      const after = under[at];
      io.out(`  ${accountID}: ${now.level} ${money(now.balance)} -> ${after?.level ?? 'unknown'} ${money(after?.balance ?? null)}`);
    }
  }
}
