/** The one thing the market river hands to the journal river: a condition that began, changed or ended. */
import type { AlertReason, Severity } from '#shared/desk/alerts/alert';

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
};

export interface ConditionSink {
  /** Called once per evaluation with everything that changed in it; the desk journals them in one transaction. */
  onConditions(conditions: readonly Condition[]): void;
}

/** A condition that is still on in the journal's projection: the watch is restored from these, so that a restart raises nothing twice. */
export type OpenCondition = Pick<Condition, 'ruleId' | 'kind' | 'entity' | 'dimensions' | 'severity' | 'reason'> & {
  state: 'active' | 'unknown';
};
