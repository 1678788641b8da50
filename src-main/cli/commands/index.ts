/** The subcommands in the order in which the help shows them: one file each. */
import { demoCommand } from '#cli/commands/demo';
import { detectCommand } from '#cli/commands/detect';
import { doctorCommand } from '#cli/commands/doctor';
import { importCommand } from '#cli/commands/import';
import { inverseCommand } from '#cli/commands/inverse';
import { reconcileCommand } from '#cli/commands/reconcile';
import { recordCommand } from '#cli/commands/record';
import { replayCommand } from '#cli/commands/replay';
import { statementCommand } from '#cli/commands/statement';
import { stressCommand } from '#cli/commands/stress';
import { unlockCommand } from '#cli/commands/unlock';
import { verifyCommand } from '#cli/commands/verify';
import type { CliCommand } from '#cli/program';

export const COMMANDS: readonly CliCommand[] = [
  demoCommand,
  replayCommand,
  detectCommand,
  recordCommand,
  importCommand,
  reconcileCommand,
  statementCommand,
  stressCommand,
  inverseCommand,
  verifyCommand,
  unlockCommand,
  doctorCommand,
];
