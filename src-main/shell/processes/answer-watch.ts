/** Decides when an engine that still runs must be taken for hung: it owes several answers in a row. Counts questions, not time, so that a machine's sleep is no fault. */

/** Asked this often; the engine answers from its own loop, so an answer proves that the loop turns. */
export const ASK_EVERY_MS = 5000;
/** No work of the engine holds its loop this long; more patience would leave a supervisor with a picture that stands still. */
const UNANSWERED_LIMIT = 3;

export type AnswerWatch = {
  /** A new process owes nothing yet. */
  begin(): void;
  answered(): void;
  /** Called every ASK_EVERY_MS. True: the process is hung. False: ask it again. */
  isHung(): boolean;
};

export function createAnswerWatch(): AnswerWatch {
  let unanswered = 0;
  return {
    begin() {
      unanswered = 0;
    },
    answered() {
      unanswered = 0;
    },
    isHung() {
      if (unanswered >= UNANSWERED_LIMIT) return true;
      unanswered += 1;
      return false;
    },
  };
}
