/** The subcommands in the order in which the help shows them: one file each. */
import type { CliCommand } from '#cli/program';

export const COMMANDS: readonly CliCommand[] = [];
