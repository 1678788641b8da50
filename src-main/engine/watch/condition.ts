/** The one thing the market river hands to the journal river: a condition that began, changed or ended. */
import type { AlertReason, Severity } from '#shared/desk/alerts/alert';
import type { ConditionEvidence } from '#shared/desk/rules/evidence';
import type { Certainty } from '#shared/feed/items';

/** How far the figure behind a condition may be trusted: `suspect` counts what the source does not say for certain, `stale` stands on old prices. */
export type SignalQuality = 'good' | 'suspect' | 'stale' | 'missing';

/** A threshold that was reached, mildest first. */
export type CrossedThreshold = { step: string; threshold: number; atMs: number | null; citation: string; certainty: Certainty };

/**
 * `raised` when a condition begins, `changed` when its severity moves, `cleared` when good data shows it is over,
 * `unknown` when its data stopped while it was on. A condition is identified by rule, entity and dimensions.
 */
export type Condition = {
  transition: 'raised' | 'changed' | 'cleared' | 'unknown';
  ruleId: string;
  kind: string;
  entity: string;
  dimensions: Readonly<Record<string, string>>;
  severity: Severity;
  atMs: number;
  reason: AlertReason;
  quality?: SignalQuality;
  /** Frozen by the rule at this moment; rules about figures alone have none. */
  evidence?: ConditionEvidence;
  crossed?: readonly CrossedThreshold[];
  /** It stands where it stood and concerns more than people were told of. */
  isFurther?: boolean;
  /** Of an end: the rule wants a person to have seen it, and until then the alert stays on. */
  isLatched?: boolean;
  /** Sequence of the source's message that brought it about; null where time did. */
  sourceSeq?: number | null;
};

export interface ConditionSink {
  /** Called once per evaluation with everything that changed in it; the desk journals them in one transaction. */
  onConditions(conditions: readonly Condition[]): void;
}

/** A condition that is still on in the journal's projection: the watch is restored from these, so that a restart raises nothing twice. */
export type OpenCondition = Pick<Condition, 'ruleId' | 'kind' | 'entity' | 'dimensions' | 'severity' | 'reason'> & {
  state: 'active' | 'unknown';
  /** Since when it has been on, without a break; left out where nothing says so. */
  sinceMs?: number;
};
