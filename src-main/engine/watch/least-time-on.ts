/** Keeps a condition on until it has been on for as long as its rule says at least (CLEARING becomes CLEARED), and names those that a person has to end. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import type { RuleEndings } from '#engine/watch/rule-schema';

/** What can never come back under its key: counts of a trading day begin anew with the next. */
const OVER_FOR_GOOD = 'tradingDayOver';

export class LeastTimeOn {
  #endings: RuleEndings;
  /** Since when it has been on; only of rules that have a least time. */
  readonly #sinceMs = new Map<string, number>();
  /** The end that its rule has seen, and that is not told yet. */
  readonly #ending = new Map<string, Condition>();

  constructor(endings: RuleEndings, open: readonly OpenCondition[]) {
    this.#endings = endings;
    this.#begin(open);
  }

  /**
   * Other rules from now on: they judge anew what is on, so that an end seen under the rules before counts no more. `open` is what goes on.
   */
  setRules(endings: RuleEndings, open: readonly OpenCondition[]): void {
    this.#endings = endings;
    const kept = new Set(open.map(keyOf));
    for (const [key, { reason }] of this.#ending) if (!kept.has(key) || reason.params.endedBy !== OVER_FOR_GOOD) this.#ending.delete(key);
    for (const key of this.#sinceMs.keys()) if (!kept.has(key)) this.#sinceMs.delete(key);
    this.#begin(open);
  }

  /** What is told now, in the order it was seen. */
  take(conditions: readonly Condition[], nowMs: number): readonly Condition[] {
    if (this.#endings.size === 0 && this.#ending.size === 0) return conditions;
    return conditions.flatMap((condition) => this.#takeOne(condition, nowMs) ?? []);
  }

  /** Ends whose time has come. Without live data nothing ends: whether it came back meanwhile is what nobody can see. */
  due(nowMs: number, isDataLive: boolean): Condition[] {
    const out: Condition[] = [];
    for (const [key, condition] of this.#ending) {
      if (!this.#hasLasted(key, condition.ruleId, nowMs) || !(isDataLive || condition.entity.startsWith('feed:'))) continue;
      this.#forget(key);
      out.push(this.#marked({ ...condition, atMs: nowMs, reason: { ...condition.reason, observedAtMs: nowMs } }));
    }
    return out;
  }

  #takeOne(condition: Condition, nowMs: number): Condition | null {
    const key = keyOf(condition);
    if (condition.transition === 'cleared') {
      if (!this.#hasLasted(key, condition.ruleId, nowMs)) {
        this.#ending.set(key, condition);
        return null;
      }
      this.#forget(key);
      return this.#marked(condition);
    }
    if (this.#leastMs(condition.ruleId) > 0 && !this.#sinceMs.has(key)) this.#sinceMs.set(key, nowMs);
    // It was never told to be over: it goes on, and is no second beginning.
    const cameBack = this.#ending.delete(key) && condition.transition === 'raised';
    return cameBack ? { ...condition, transition: 'changed' } : condition;
  }

  #marked(condition: Condition): Condition {
    return this.#endings.get(condition.ruleId)?.isLatched === true ? { ...condition, isLatched: true } : condition;
  }

  #hasLasted(key: string, ruleId: string, nowMs: number): boolean {
    const sinceMs = this.#sinceMs.get(key);
    return sinceMs === undefined || nowMs - sinceMs >= this.#leastMs(ruleId);
  }

  #leastMs(ruleId: string): number {
    return this.#endings.get(ruleId)?.minActiveMs ?? 0;
  }

  #forget(key: string): void {
    this.#ending.delete(key);
    this.#sinceMs.delete(key);
  }

  #begin(open: readonly OpenCondition[]): void {
    for (const condition of open) {
      const key = keyOf(condition);
      if (this.#leastMs(condition.ruleId) > 0 && !this.#sinceMs.has(key)) this.#sinceMs.set(key, condition.sinceMs ?? condition.reason.observedAtMs);
    }
  }
}

function keyOf({ ruleId, entity, dimensions }: Pick<Condition, 'ruleId' | 'entity' | 'dimensions'>): string {
  return JSON.stringify([ruleId, entity, Object.entries(dimensions).sort()]);
}
