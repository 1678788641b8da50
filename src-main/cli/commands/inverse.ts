/** `desk inverse FILE`: how far all prices may move before each account of a recording reaches a level, nearest first. */
import { z } from 'zod';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { parseOptions, pathFrom } from '#cli/options';
import { playBook } from '#cli/played-book';
import type { CliCommand } from '#cli/program';
import { inverseOne } from '#engine/book/what-if/account-answers';
import { buildDistancePicture, runDistance } from '#engine/book/what-if/distance-picture';
import { systemClock } from '#engine/clock';
import { type Distance, inverseTargetSchema } from '#shared/contract/numbers-account';

const optionsSchema = z.object({
  json: z.boolean().default(false),
  account: z.string().min(1).max(64).optional(),
  target: inverseTargetSchema.default('call'),
});
const TARGETS = inverseTargetSchema.options;
const SHOWN_ACCOUNTS = 20;

export const inverseCommand: CliCommand = {
  name: 'inverse',
  describe(command) {
    command
      .description('how far prices may move before each account of a recording reaches a level')
      .argument('<file>', 'a recording made by `desk record`, `desk import` or the app')
      .option('--target <level>', `the level to sort by: ${TARGETS.join(', ')}`, 'call')
      .option('--account <id>', 'one account with its contracts, all products together and one after another');
  },
  async run(io, args, given) {
    const options = parseOptions(optionsSchema, given);
    const played = await playBook(io, pathFrom(io, args[0] ?? ''));
    if (played === null) return EXIT.interrupted;
    const { book, source, isWhole } = played;
    const head = { ok: isWhole, source, tradingDay: book.tradingDay, marketAsOfMs: book.marketTimeMs };
    const exitCode = isWhole ? EXIT.ok : EXIT.findings;
    if (options.account !== undefined) {
      const model = book.accountModel(options.account);
      if (model === null) throw new CliRefusal(EXIT.input, `the recording has no account ${options.account}`, 'account');
      const answer = await inverseOne(model, () => Promise.resolve());
      if (options.json) io.out(JSON.stringify({ ...head, ...answer }));
      else for (const { target, direction, distance } of answer.equal) io.out(`${direction} to ${target}: ${told(distance)}`);
      return exitCode;
    }
    const { rows } = buildDistancePicture(book, runDistance(book, systemClock), {
      target: options.target,
      direction: 'nearest',
      measure: 'percent',
      scope: {},
      filter: '',
      sort: null,
      first: 0,
      count: book.accountColumns().count,
    });
    if (options.json) io.out(JSON.stringify({ ...head, target: options.target, accounts: rows }));
    else
      for (const { accountID, level, down, up } of rows.slice(0, SHOWN_ACCOUNTS))
        io.out(`${accountID} (${level}) to ${options.target}: down ${told(down[options.target])}, up ${told(up[options.target])}`);
    return exitCode;
  },
};

function told(distance: Distance): string {
  return distance.kind === 'reached' ? `${distance.percent.toFixed(4)} %` : distance.kind;
}
