/** `desk statement FILE`: reads a settlement statement and checks its figures against its own lots, prices and trades. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { readInput, reconcileTables } from '#cli/inputs';
import { parseOptions, pathFrom } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { decodeStatement } from '#engine/reports/statements';
import { checkStatement, disagreements } from '#shared/market/statement/check';
import { parseStatement } from '#shared/market/statement/parse';

const optionsSchema = z.object({ json: z.boolean().default(false), strict: z.boolean().default(false) });
const MAX_STATEMENT_BYTES = 256 * 1024 * 1024;

export const statementCommand: CliCommand = {
  name: 'statement',
  describe(command) {
    command
      .description('read a bilingual settlement statement (UTF-8 or GBK) and check its figures against each other')
      .argument('<file>', 'the statement’s text file (docs/settlement-statement.md)')
      .option('--strict', `exit with ${EXIT.findings} when a stated figure does not follow from the rest`);
  },
  run(io, args, given) {
    const options = parseOptions(optionsSchema, given);
    const file = pathFrom(io, args[0] ?? '');
    const outcome = parseStatement(readInput(file, MAX_STATEMENT_BYTES, (path) => decodeStatement(readFileSync(path))));
    if (!outcome.ok) throw new CliRefusal(EXIT.input, `${file}: ${outcome.message}`, outcome.field);
    const checks = checkStatement(outcome.value, reconcileTables().aggregation);
    const wrong = disagreements(checks);
    if (options.json) {
      io.out(JSON.stringify({ statement: outcome.value, checks, disagreements: wrong.length }));
    } else {
      const unknown = checks.filter((check) => check.computed === null);
      io.out(
        `${outcome.value.clientID} ${outcome.value.date}: ${checks.length} figures checked, ${wrong.length} disagree, ${unknown.length} cannot be recomputed`,
      );
      for (const check of wrong) io.out(`  ${where(check)}: stated ${check.stated}, computed ${check.computed ?? ''}`);
      for (const check of unknown) io.out(`  ${where(check)}: stated ${check.stated}, not recomputed: ${check.reason ?? ''}`);
    }
    return Promise.resolve(options.strict && wrong.length > 0 ? EXIT.findings : EXIT.ok);
  },
};

function where(check: { subject: string; field: string; line: number | null }): string {
  return `${check.subject} ${check.field}${check.line === null ? '' : ` (line ${check.line})`}`;
}
