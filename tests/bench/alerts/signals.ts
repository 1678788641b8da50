/** The steady stream of signals that both halves of the alerts bench are fed with: so many rules, so many things they are about, so many a second. */
import type { Condition } from '#engine/watch/condition';
import type { Severity } from '#shared/desk/alerts/alert';

/** What the bench asks the engine to be told. */
export type Asked = { kind: 'steady' | 'storm'; signals: number };

export const RULES = 200;
export const STEADY_PER_SECOND = 500;
/** A message of the market brings several conditions; the desk writes them in one transaction. */
export const STEADY_AT_ONCE = 5;
/** Asked for by the bench, made by the engine, looked for on the page. */
export const PROBE_ENTITY = 'account:PROBE';
const PROBE_EVERY = 25;
const STEADY_KEYS = 1_000;

export function benchCondition(transition: 'raised' | 'cleared', ruleId: string, entity: string, severity: Severity, atMs: number): Condition {
  const reason = {
    ruleId,
    ruleVersion: 1,
    metric: 'riskDegree',
    value: 1.02,
    enterThreshold: 1,
    exitThreshold: 0.97,
    thresholdCitation: 'bench',
    thresholdCertainty: 'demonstration' as const,
    observedAtMs: atMs,
    params: { level: 'force' },
  };
  return { transition, ruleId, kind: 'riskLevel', entity, dimensions: {}, severity, atMs, reason };
}

/** Everybody the signals are about has been told of once: a client's first alert makes the key that seals their data, which is no part of a steady rate. */
export function firstSignals(signals: number, atMs: number): Condition[] {
  const entities = [
    ...Array.from({ length: STEADY_KEYS }, (_, key) => `account:K${key}`),
    ...Array.from({ length: Math.ceil(signals / PROBE_EVERY) }, (_, no) => `${PROBE_ENTITY}${no}`),
  ];
  return (['raised', 'cleared'] as const).flatMap((transition) => entities.map((entity) => benchCondition(transition, 'first', entity, 'low', atMs)));
}

/** Things that come and go, milder than critical; every 25th signal is a new critical alert that a person waits for on top of the list. */
export function steadySignal(index: number, atMs: number): Condition {
  if (index % PROBE_EVERY === 0) {
    const no = index / PROBE_EVERY;
    return benchCondition('raised', `rule-${no % RULES}`, `${PROBE_ENTITY}${no}`, 'critical', atMs);
  }
  const key = index % STEADY_KEYS;
  const severity = (['high', 'medium', 'low'] as const)[key % 3] ?? 'low';
  return benchCondition(Math.floor(index / STEADY_KEYS) % 2 === 0 ? 'raised' : 'cleared', `rule-${key % RULES}`, `account:K${key}`, severity, atMs);
}

export const STORM_KEYS = 5_000;
export const STORM_SIGNALS = 50_000;
/** Fifty thousand in a minute. */
export const STORM_PER_SECOND = STORM_SIGNALS / 60;
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** Everything comes and goes again and again, and is on at the end. */
export function stormSignal(index: number, atMs: number): Condition {
  const key = index % STORM_KEYS;
  const round = Math.floor(index / STORM_KEYS);
  const isLast = round === Math.floor((STORM_SIGNALS - 1) / STORM_KEYS);
  const transition = isLast || round % 2 === 0 ? 'raised' : 'cleared';
  return benchCondition(transition, `rule-${key % RULES}`, `account:K${key}`, SEVERITIES[key % SEVERITIES.length] ?? 'low', atMs);
}
