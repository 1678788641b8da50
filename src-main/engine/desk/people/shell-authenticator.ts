/** Has the shell ask the machine's authenticator: orders go out as reports, answers come back as messages; each is waited for once. */
import { v4 as uuidv4 } from 'uuid';
import type { AskAuthenticator } from '#engine/desk/people/authenticators';
import type { AuthenticatorAnswer } from '#shared/contract/authenticator';
import type { EngineReport } from '#shared/contract/shell';
import { accept, type Outcome, refuse } from '#shared/refusal';

/** A person may look for their glasses; the window itself gives up before. */
const ANSWER_TIMEOUT_MS = 150_000;

export class ShellAuthenticator {
  readonly #report: (report: EngineReport) => void;
  readonly #waiting = new Map<string, (outcome: Outcome<AuthenticatorAnswer>) => void>();

  constructor(report: (report: EngineReport) => void) {
    this.#report = report;
  }

  readonly ask: AskAuthenticator = (order) =>
    new Promise((resolve) => {
      const askId = uuidv4();
      const timer = setTimeout(() => end(refuse('UNAVAILABLE', 'the shell did not answer in time')), ANSWER_TIMEOUT_MS);
      const end = (outcome: Outcome<AuthenticatorAnswer>): void => {
        clearTimeout(timer);
        this.#waiting.delete(askId);
        resolve(outcome);
      };
      this.#waiting.set(askId, end);
      this.#report({ type: 'askAuthenticator', askId, order });
    });

  /** An answer that nobody waits for any more is dropped. */
  onAnswered(askId: string, answer: AuthenticatorAnswer): void {
    this.#waiting.get(askId)?.(accept(answer));
  }
}
