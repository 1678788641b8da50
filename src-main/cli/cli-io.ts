/** What a command may touch of the outside: tests give their own, so that a command runs in the test's process and is read exactly. */
export type CliIo = {
  /** The result: with --json one JSON text per line, and nothing that differs between two equal runs of a deterministic command. */
  out(line: string): void;
  /** Progress, rates and advice for a person. */
  err(line: string): void;
  /** Asks for one line that is not shown as it is typed; left out, nobody can be asked. */
  askSecret?(question: string): Promise<string>;
  workingDirectory: string;
  environment: Readonly<Record<string, string | undefined>>;
  nowMs(): number;
  /** Aborts when the person wants the command to end (Ctrl+C, SIGTERM). */
  interrupted: AbortSignal;
};

/** Documented in docs/command-line.md; scripts rely on them. */
export const EXIT = {
  ok: 0,
  /** A fault of the program itself. */
  fault: 1,
  /** The command line is wrong: unknown option, missing argument, value out of range. */
  usage: 2,
  /** What was given cannot be used: file missing or damaged, folder not writable, wrong format. */
  input: 3,
  /** The command worked, and what it checked is not in order (doctor, verify, reconcile). */
  findings: 4,
  /** A feed or a server could not be reached. */
  unreachable: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An expected no, with the exit code it ends in and, where one is to blame, the option's name. */
export class CliRefusal extends Error {
  readonly exitCode: ExitCode;
  readonly field: string | undefined;

  constructor(exitCode: ExitCode, message: string, field?: string) {
    super(message);
    this.name = 'CliRefusal';
    this.exitCode = exitCode;
    this.field = field;
  }
}
