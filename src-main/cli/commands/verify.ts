/** `desk verify FILE`: proves a journal or a back-up from its entries alone, without an engine, and says where the first lie is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { parseOptions, pathFrom } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { readEntries } from '#engine/store/backup-check';
import { sha256 } from '#engine/store/hash';
import { loadSqlite } from '#engine/store/sqlite-module';
import { ChainChecker, verifyChain } from '#shared/journal/chain';

const optionsSchema = z.object({ json: z.boolean().default(false) });

export const verifyCommand: CliCommand = {
  name: 'verify',
  describe(command) {
    command
      .description('prove the hash chain of a journal or a back-up')
      .argument('<file>', 'journal.sqlite, a back-up of it, or the data folder that holds it');
  },
  run(io, args, given) {
    const options = parseOptions(optionsSchema, given);
    const named = pathFrom(io, args[0] ?? '');
    const file = existsSync(join(named, 'journal.sqlite')) ? join(named, 'journal.sqlite') : named;
    if (!existsSync(file)) throw new CliRefusal(EXIT.input, `there is no file ${file}`);
    const sqlite = loadSqlite({ isPackaged: false, modulePath: io.environment.FLOORWATCH_SQLITE_MODULE ?? null });
    let verdict: ReturnType<typeof verifyChain>;
    let head: { sequence: number; entryHash: string } | null = null;
    try {
      const database = sqlite.open(file, { readonly: true, fileMustExist: true, timeout: 2000 });
      try {
        verdict = verifyChain((after, limit) => {
          const page = readEntries(database, after, limit);
          head = page.at(-1) ?? head;
          return page;
        }, new ChainChecker(sha256));
      } finally {
        database.close();
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CliRefusal(EXIT.input, `${file} cannot be read as a journal: ${reason}. If an engine has it open, verify a back-up instead.`);
    }
    const found = head as { sequence: number; entryHash: string } | null;
    const result = { ok: verdict.verdict === 'OK', file, ...verdict, headSequence: found?.sequence ?? 0, headHash: found?.entryHash ?? null };
    if (options.json) io.out(JSON.stringify(result));
    else if (verdict.verdict === 'OK') {
      io.out(`${file}: ${verdict.entryCount} entries, chain unbroken, head ${found?.entryHash.slice(0, 12) ?? '(empty)'}`);
      if (verdict.clockAnomalies > 0) io.out(`  note: the wall clock ran backwards ${verdict.clockAnomalies} times; the order rests on the chain`);
    } else {
      io.out(`${file}: BROKEN at entry ${verdict.sequence} (${verdict.reason}); ${verdict.entryCount} entries before it hold`);
    }
    return Promise.resolve(verdict.verdict === 'OK' ? EXIT.ok : EXIT.findings);
  },
};
