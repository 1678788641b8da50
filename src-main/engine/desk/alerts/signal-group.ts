/** Gathers what the messages of one turn of the loop brought about: a desk that has fallen behind writes its backlog in one commit, not in one for each message. */
import type { Condition, ConditionSink } from '#engine/watch/condition';

/** A commit holds up the thread that writes it: more than this is written in several, one after the other. */
const GROUP_AT_MOST = 200;

/**
 * The sink of the live watch, in front of the alert desk. A message that comes alone is written at the end of its own turn, before anything else is
 * received; while the disk is flushed further messages arrive in the socket, are received together and share the next commit. Nothing here is told
 * to anybody: that follows from the commit. What a kill takes from here was on disk nowhere and is judged anew from the feed.
 */
export class SignalGroup implements ConditionSink {
  readonly #sink: ConditionSink;
  readonly #afterTurn: (run: () => void) => void;
  #waiting: Condition[] = [];
  #isDue = false;

  /** `afterTurn` runs what it is given once everything that has been received by now has been handled, and before anything newer is. */
  constructor(sink: ConditionSink, afterTurn: (run: () => void) => void) {
    this.#sink = sink;
    this.#afterTurn = afterTurn;
  }

  /** Kept in order. Does not call the sink unless a whole group waits. */
  onConditions(conditions: readonly Condition[]): void {
    for (const condition of conditions) {
      this.#waiting.push(condition);
      if (this.#waiting.length === GROUP_AT_MOST) this.flush();
    }
    if (this.#isDue || this.#waiting.length === 0) return;
    this.#isDue = true;
    this.#afterTurn(() => {
      this.#isDue = false;
      this.flush();
    });
  }

  /** Hands over what waits now: before anybody asks the desk what is on, before what is due is told, and at the end. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#sink.onConditions(waiting);
  }
}
