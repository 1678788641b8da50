/** `desk inverse FILE`: how far all prices may move before each account of a recording reaches a level, nearest first. */
import { z } from 'zod';
import { type CliIo, CliRefusal, EXIT } from '#cli/cli-io';
import { parseOptions, pathFrom } from '#cli/options';
import { playBook } from '#cli/played-book';
import type { CliCommand } from '#cli/program';
import { inverseOne } from '#engine/book/what-if/account-answers';
import { buildDistancePicture, runDistance } from '#engine/book/what-if/distance-picture';
import { systemClock } from '#engine/clock';
import { type AccountInverse, type Distance, inverseTargetSchema, lockedDaysSchema } from '#shared/contract/numbers-account';

const optionsSchema = z.object({
  json: z.boolean().default(false),
  account: z.string().min(1).max(64).optional(),
  target: inverseTargetSchema.default('call'),
  days: z.coerce.number().pipe(lockedDaysSchema).default(3),
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
      .option('--account <id>', 'one account with its contracts, all products together, one alone, and one after another')
      .option('--days <count>', 'to how many locked limits each product goes before the next, 1 to 4', '3');
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
      const answer = await inverseOne(model, () => Promise.resolve(), options.days);
      if (options.json) io.out(JSON.stringify({ ...head, ...answer }));
      else tellAccount(io, answer);
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

function tellAccount(io: CliIo, { equal, queue }: AccountInverse): void {
  for (const { target, direction, distance } of equal) io.out(`${direction} to ${target}: ${told(distance)}`);
  const order = queue.steps.map(({ exchangeID, productID, direction }) => `${exchangeID}.${productID} ${direction}`);
  io.out(`one after another, each to ${queue.days} locked limits: ${order.join(', ') || 'nothing that can cost anything'}`);
  for (const { target, kind, step, share } of queue.crossings) {
    const product = step === null ? undefined : order[step];
    io.out(
      `${target}: ${product === undefined ? (kind === 'reached' ? 'there already' : kind) : `${product}, ${((share ?? 0) * 100).toFixed(2)} % of its way`}`,
    );
  }
}

function told(distance: Distance): string {
  return distance.kind === 'reached' ? `${distance.percent.toFixed(4)} %` : distance.kind;
}
