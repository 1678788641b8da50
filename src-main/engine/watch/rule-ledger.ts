/** How much each rule has to say: what went out, and what a rule in shadow would have raised. Counted per trading day, told to nobody else. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import type { RulePack } from '#engine/watch/rule-schema';
import { MOST_EXAMPLES, type RuleCounted, type RuleCounts } from '#shared/desk/rules/counts';
import type { RuleMode } from '#shared/desk/rules/rule';

/** Of a rule in shadow so many that are on are kept over a restart; a rule that would raise more is not ready to go live. */
const MOST_KEPT_ON = 500;

export type RuleExample = {
  atMs: number;
  entity: string;
  dimensions: Readonly<Record<string, string>>;
  severity: Condition['severity'];
  value: number | null;
  level: string;
};
export type RuleVolume = { raised: number; shadowRaised: number; on: number; shadowOn: number; examples: RuleExample[]; lastAtMs: number | null };

export class RuleLedger {
  #tradingDay: string | null = null;
  #sinceMs: number | null = null;
  readonly #open = new Map<string, { condition: OpenCondition; isLive: boolean }>();
  readonly #volumes = new Map<string, RuleVolume>();
  /** What is to be kept and is not yet. */
  readonly #changed = new Set<string>();
  /** By rule: what was on in shadow when it was last kept. */
  readonly #keptOn = new Map<string, Set<string>>();

  /** The day and the moment from which on it was counted. */
  get since(): { tradingDay: string | null; sinceMs: number | null } {
    return { tradingDay: this.#tradingDay, sinceMs: this.#sinceMs };
  }

  /** The counts of before a restart; those of another trading day end with the first message of this one. */
  resume(counts: readonly RuleCounts[]): void {
    const newest = counts.reduce<RuleCounts | null>((best, one) => (best === null || one.sinceMs > best.sinceMs ? one : best), null);
    if (newest === null || this.#sinceMs !== null) return;
    this.#tradingDay = newest.tradingDay;
    this.#sinceMs = newest.sinceMs;
    for (const { ruleId, raised, shadowRaised, lastAtMs, examples, shadowOn, tradingDay } of counts) {
      const volume = this.#volumeOf(ruleId);
      volume.lastAtMs = lastAtMs;
      if (tradingDay === newest.tradingDay) Object.assign(volume, { raised, shadowRaised, examples: [...examples] });
      this.#keptOn.set(ruleId, new Set(Object.keys(shadowOn)));
      for (const [key, condition] of Object.entries(shadowOn)) {
        if (this.#open.has(key)) continue;
        this.#open.set(key, { condition, isLive: false });
        volume.shadowOn += 1;
      }
    }
  }

  /** What has changed since it was last kept, or null; `kept` is called once it is on disk. */
  toKeep(): { tradingDay: string | null; sinceMs: number; rules: RuleCounted[]; kept: () => void } | null {
    if (this.#changed.size === 0 || this.#sinceMs === null) return null;
    const onNow = new Map<string, Map<string, OpenCondition>>();
    for (const [key, { condition, isLive }] of this.#open) {
      if (isLive || !this.#changed.has(condition.ruleId)) continue;
      const ofRule = onNow.get(condition.ruleId) ?? new Map<string, OpenCondition>();
      if (ofRule.size < MOST_KEPT_ON) onNow.set(condition.ruleId, ofRule.set(key, condition));
    }
    const ruleIds = [...this.#changed];
    const rules = ruleIds.map((ruleId): RuleCounted => {
      const { raised, shadowRaised, lastAtMs, examples } = this.#volumeOf(ruleId);
      const now = onNow.get(ruleId) ?? new Map<string, OpenCondition>();
      const before = this.#keptOn.get(ruleId) ?? new Set();
      const shadowBegan = [...now].flatMap(([key, condition]) => (before.has(key) ? [] : [{ key, condition: plain(condition) }]));
      const shadowEnded = [...before].filter((key) => !now.has(key));
      return {
        ruleId,
        raised,
        shadowRaised,
        lastAtMs,
        examples: examples.map((one) => ({ ...one, dimensions: { ...one.dimensions } })),
        shadowBegan,
        shadowEnded,
      };
    });
    const kept = (): void => {
      for (const ruleId of ruleIds) {
        this.#changed.delete(ruleId);
        this.#keptOn.set(ruleId, new Set(onNow.get(ruleId)?.keys()));
      }
    };
    return { tradingDay: this.#tradingDay, sinceMs: this.#sinceMs, rules, kept };
  }

  /** What is still on from before. */
  restore(open: readonly OpenCondition[]): void {
    for (const condition of open) {
      const key = keyOf(condition);
      if (this.#open.has(key)) continue;
      this.#open.set(key, { condition, isLive: true });
      this.#volumeOf(condition.ruleId).on += 1;
    }
  }

  /**
   * What a watch under other rules goes on with, and what is told to be over because no live rule watches it any more. A shadow's findings do not
   * become alerts by being known already: a rule that goes live raises them itself.
   */
  openFor({ modes }: Pick<RulePack, 'modes'>): { kept: OpenCondition[]; ended: OpenCondition[] } {
    const kept: OpenCondition[] = [];
    const ended: OpenCondition[] = [];
    for (const [key, { condition, isLive }] of this.#open) {
      const mode = modes.get(condition.ruleId) ?? 'off';
      if (isLive && mode !== 'live') ended.push(condition);
      else if (isLive || mode === 'shadow') kept.push(condition);
      else {
        this.#open.delete(key);
        this.#changed.add(condition.ruleId);
        this.#volumeOf(condition.ruleId).shadowOn -= 1;
      }
    }
    return { kept, ended };
  }

  forget(ended: readonly Condition[]): void {
    for (const condition of ended) {
      if (this.#open.delete(keyOf(condition))) this.#volumeOf(condition.ruleId).on -= 1;
    }
  }

  startDay(tradingDay: string | null, nowMs: number): void {
    if (tradingDay === this.#tradingDay && this.#sinceMs !== null) return;
    this.#tradingDay = tradingDay;
    this.#sinceMs = nowMs;
    for (const [ruleId, volume] of this.#volumes) {
      this.#changed.add(ruleId);
      volume.raised = 0;
      volume.shadowRaised = 0;
      volume.examples = [];
    }
  }

  /** Counts, and answers those that go out. */
  take(conditions: readonly Condition[], modes: ReadonlyMap<string, RuleMode>): Condition[] {
    return conditions.filter((condition) => {
      const isLive = (modes.get(condition.ruleId) ?? 'live') === 'live';
      const volume = this.#volumeOf(condition.ruleId);
      const key = keyOf(condition);
      const wasOn = this.#open.has(key);
      const isOn = condition.transition !== 'cleared';
      const { evidence: _kept, ...light } = condition;
      if (isOn) this.#open.set(key, { condition: { ...light, state: condition.transition === 'unknown' ? 'unknown' : 'active' }, isLive });
      else this.#open.delete(key);
      const step = Number(isOn) - Number(wasOn);
      if (isLive) volume.on += step;
      else volume.shadowOn += step;
      if (!isLive || condition.transition === 'raised') this.#changed.add(condition.ruleId);
      // What was on in shadow before a restart and is found again has not begun again.
      if (condition.transition === 'raised' && (isLive || !wasOn)) {
        if (isLive) volume.raised += 1;
        else volume.shadowRaised += 1;
        volume.lastAtMs = condition.atMs;
        if (volume.examples.length >= MOST_EXAMPLES) volume.examples.shift();
        volume.examples.push(exampleOf(condition));
      }
      return isLive;
    });
  }

  volumeOf(ruleId: string): Readonly<RuleVolume> | null {
    return this.#volumes.get(ruleId) ?? null;
  }

  #volumeOf(ruleId: string): RuleVolume {
    let volume = this.#volumes.get(ruleId);
    if (volume === undefined) {
      volume = { raised: 0, shadowRaised: 0, on: 0, shadowOn: 0, examples: [], lastAtMs: null };
      this.#volumes.set(ruleId, volume);
    }
    return volume;
  }
}

export function exampleOf({ atMs, entity, dimensions, severity, reason }: Condition): RuleExample {
  return { atMs, entity, dimensions, severity, value: reason.value, level: String(reason.params.level ?? '') };
}

/** Without what only the moment of its beginning had. */
function plain({ ruleId, kind, entity, dimensions, severity, reason, state }: OpenCondition): RuleCounted['shadowBegan'][number]['condition'] {
  return { ruleId, kind, entity, dimensions: { ...dimensions }, severity, reason, state };
}

function keyOf({ ruleId, entity, dimensions }: Pick<Condition, 'ruleId' | 'entity' | 'dimensions'>): string {
  return JSON.stringify([ruleId, entity, Object.entries(dimensions).sort()]);
}
