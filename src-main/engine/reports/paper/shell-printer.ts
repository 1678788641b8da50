/** Has the shell turn a page into a PDF: only it has a browser. Orders go out as reports, answers come back as messages; each is waited for once. */
import type { PaperPages } from '#engine/reports/paper/paper-html';
import type { EngineReport, ShellMessage } from '#shared/contract/shell';
import { accept, type Outcome, refuse } from '#shared/refusal';

/** A PDF's bytes, or why there is none. */
export type PaperPrinter = (pages: PaperPages, printId: string) => Promise<Outcome<Uint8Array>>;

type Printed = Extract<ShellMessage, { type: 'printed' }>;
/** A long timeline on a slow machine takes some seconds; a shell that is gone never answers. */
const ANSWER_TIMEOUT_MS = 90_000;

export class ShellPrinter {
  readonly #report: (report: EngineReport) => void;
  readonly #waiting = new Map<string, (outcome: Outcome<Uint8Array>) => void>();

  constructor(report: (report: EngineReport) => void) {
    this.#report = report;
  }

  readonly print: PaperPrinter = (pages, printId) =>
    new Promise((resolve) => {
      const timer = setTimeout(
        () => end(refuse('FAILED', 'the shell did not print in time; try again, or take the Word document')),
        ANSWER_TIMEOUT_MS,
      );
      const end = (outcome: Outcome<Uint8Array>): void => {
        clearTimeout(timer);
        this.#waiting.delete(printId);
        resolve(outcome);
      };
      this.#waiting.set(printId, end);
      this.#report({ type: 'print', printId, ...pages });
    });

  /** An answer that nobody waits for any more is dropped. */
  onPrinted({ printId, pdf, fault }: Printed): void {
    this.#waiting.get(printId)?.(pdf === null ? refuse('FAILED', `the shell could not print: ${fault}`) : accept(pdf));
  }
}
