/** `desk import KIND FILE`: turns a file of real quotes or trades into a recording, with generated accounts laid over it. */
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { dayOption, numberOption, parseOptions, pathFrom, seedOption } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { createOverlay } from '#demo/overlay';
import { importMarketFile, type OverlayContext } from '#engine/feeds/import/import-market-file';

const MARKET_KINDS = { xauusd: 'quotes', 'comex-gc': 'trades' } as const;
const DEFAULT_SEED = 20_260_921;

const optionsSchema = z.object({
  json: z.boolean().default(false),
  kind: z.enum(['xauusd', 'comex-gc'], { error: 'the kind is xauusd (quotes) or comex-gc (trades)' }),
  out: z.string().min(1),
  date: dayOption.optional(),
  accounts: numberOption.pipe(z.number().int('must be a whole number').min(1).max(10_000)).optional(),
  seed: seedOption.default(DEFAULT_SEED),
  overlay: z.boolean().default(true),
});

export const importCommand: CliCommand = {
  name: 'import',
  describe(command) {
    command
      .description('turn a real market day into a recording, with generated accounts laid over it')
      .argument('<kind>', 'xauusd (bid and ask quotes) or comex-gc (trades)')
      .argument('<file>', 'the market file (CSV, plain or gzip)')
      .requiredOption('--out <file>', 'the recording to write (NAME.fwrec.gz); never written over')
      .option('--date <YYYYMMDD>', 'the day, when the file name does not say it')
      .option('--accounts <n>', 'how many accounts are laid over it (80)')
      .option('--seed <n>', 'the same seed gives the same accounts')
      .option('--no-overlay', 'the market alone, without accounts');
  },
  async run(io, args, given) {
    const options = parseOptions(optionsSchema, { ...given, kind: args[0] });
    const file = pathFrom(io, args[1] ?? '');
    if (!existsSync(file)) throw new CliRefusal(EXIT.input, `there is no file ${file}`, 'file');
    const { seed, accounts } = options;
    const overlay = ({ instruments, tradingDay, firstPrices, startMs }: OverlayContext) =>
      createOverlay({ seed, tradingDay, instruments, firstPrices, asOfMs: startMs, ...(accounts === undefined ? {} : { accounts }) });
    const outcome = await importMarketFile(pathFrom(io, options.out), {
      file,
      kind: MARKET_KINDS[options.kind],
      date: options.date,
      overlay: options.overlay ? overlay : undefined,
    });
    if (!outcome.ok) throw new CliRefusal(EXIT.input, outcome.message, outcome.field);
    const report = outcome.value;
    if (options.json) io.out(JSON.stringify({ ok: report.refusedRows === 0, ...report }));
    else {
      io.out(`${report.recording}: ${report.rowCount} rows of ${report.tradingDay} (${report.instruments.join(', ')}), ${report.eventCount} events`);
      if (report.refusedRows > 0)
        io.out(`${report.refusedRows} rows refused, first: line ${report.refusals[0]?.line ?? '?'} ${report.refusals[0]?.reason ?? ''}`);
    }
    return report.refusedRows === 0 ? EXIT.ok : EXIT.findings;
  },
};
