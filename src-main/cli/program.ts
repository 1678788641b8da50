/** The `desk` command: finds the subcommand, runs it, and turns whatever happens into a message and an exit code. */
import { Command, CommanderError } from 'commander';
import { type CliIo, CliRefusal, EXIT, type ExitCode } from '#cli/cli-io';
import { COMMANDS } from '#cli/commands/index';
import { StoreError } from '#engine/store/store-error';
import packageJson from '../../package.json' with { type: 'json' };

/** A subcommand: adds itself to the program; its action answers the exit code. */
export type CliCommand = {
  name: string;
  describe(command: Command): void;
  run(io: CliIo, args: readonly string[], options: Record<string, unknown>): Promise<ExitCode>;
};

export async function runDesk(args: readonly string[], io: CliIo): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const wantsJson = args.includes('--json');
  const program = new Command('desk')
    .description('Floorwatch without a screen: generate, record, replay and check a trading desk.')
    .exitOverride()
    .version(packageJson.version, '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => io.out(wantsJson ? JSON.stringify({ ok: true, text: text.trimEnd() }) : text.trimEnd()),
      writeErr: (text) => (wantsJson ? undefined : io.err(text.trimEnd())),
    });
  for (const command of COMMANDS) {
    const sub = program.command(command.name).exitOverride();
    command.describe(sub);
    sub.option('--json', 'print JSON: one text per line on standard output');
    sub.action(async (...received: unknown[]) => {
      exitCode = await command.run(io, sub.args, received[received.length - 2] as Record<string, unknown>);
    });
  }
  try {
    if (args.length === 0) {
      program.outputHelp();
      return EXIT.usage;
    }
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, io, wantsJson);
  }
}

function report(error: unknown, io: CliIo, wantsJson: boolean): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (wantsJson) io.out(JSON.stringify({ ok: false, code: 'USAGE', message: error.message.replace(/^error: /, '') }));
    return EXIT.usage;
  }
  if (error instanceof CliRefusal) {
    const code = error.exitCode === EXIT.usage ? 'USAGE' : error.exitCode === EXIT.unreachable ? 'UNREACHABLE' : 'REFUSED';
    if (wantsJson) io.out(JSON.stringify({ ok: false, code, message: error.message, ...(error.field === undefined ? {} : { field: error.field }) }));
    else io.err(`desk: ${error.message}`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  // A folder that cannot be written, a disk that is full, a desk that is open elsewhere: for whoever typed it to mend, as a missing file is.
  if (error instanceof StoreError) return report(new CliRefusal(EXIT.input, message), io, wantsJson);
  if (wantsJson) io.out(JSON.stringify({ ok: false, code: 'FAULT', message }));
  else io.err(`desk: this is a fault of the program, please report it: ${error instanceof Error ? (error.stack ?? message) : message}`);
  return EXIT.fault;
}
