/** What rules may watch: every figure by name, what it is about, its unit, and the numbers a rule must bring along to ask for it. */

/** `position`: a customer (control group merged) in one contract; `exposure`: a customer in one product or set of products that net. */
export const RULE_SUBJECTS = [
  'account',
  'controlGroup',
  'department',
  'product',
  'firm',
  'position',
  'exposure',
  'instrument',
  'feed',
  'book',
] as const;
export type RuleSubject = (typeof RULE_SUBJECTS)[number];

/** Which part of the watch computes it: figures of one part may stand in one rule together. */
export type MetricEngine = 'band' | 'scan' | 'feedStale' | 'instrumentsStale' | 'accountsBehind' | 'figuresUnknown' | 'counterResidual' | 'ownRows';

export type Metric = {
  subjects: readonly RuleSubject[];
  engine: MetricEngine;
  unit: 'share' | 'money' | 'ms' | 'count';
  /** What it can be at all: an exit outside of it could never come. */
  low: number;
  high: number;
  /** Numbers of the rule that it needs. */
  parameters: readonly string[];
};

const NONE: readonly string[] = [];
/** One condition for many: how often further ones are told, and for how long one must be right to count anew. */
const FURTHER: readonly string[] = ['tellAgainAfterMs', 'forgetAfterMs'];
const ANY = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const AT_LEAST_ZERO = { low: 0, high: Number.POSITIVE_INFINITY };
/** Sums over accounts make sense of money; degrees of a group are its sums' degree. */
const SUMMED: readonly RuleSubject[] = ['account', 'controlGroup', 'department', 'firm'];

export const METRICS = {
  riskDegree: { subjects: SUMMED, engine: 'band', unit: 'share', ...AT_LEAST_ZERO, parameters: NONE },
  exchangeRiskDegree: { subjects: SUMMED, engine: 'band', unit: 'share', ...AT_LEAST_ZERO, parameters: NONE },
  balance: { subjects: SUMMED, engine: 'band', unit: 'money', ...ANY, parameters: NONE },
  available: { subjects: SUMMED, engine: 'scan', unit: 'money', ...ANY, parameters: NONE },
  currMargin: { subjects: SUMMED, engine: 'scan', unit: 'money', ...AT_LEAST_ZERO, parameters: NONE },
  exchangeMargin: { subjects: SUMMED, engine: 'scan', unit: 'money', ...AT_LEAST_ZERO, parameters: NONE },
  positionProfit: { subjects: SUMMED, engine: 'scan', unit: 'money', ...ANY, parameters: NONE },
  /** How long the account has stood at or above the call degree without coming back below the release degree. */
  callOpenMs: { subjects: ['account'], engine: 'scan', unit: 'ms', ...AT_LEAST_ZERO, parameters: ['callDegree', 'releaseDegree'] },
  /** How long ago the deadline of the account's margin call passed; 0 before it and without one. */
  callOverdueMs: { subjects: ['account'], engine: 'scan', unit: 'ms', ...AT_LEAST_ZERO, parameters: NONE },
  /** Money paid out, or in, within the window, over equity. */
  fundsOutShare: { subjects: ['account'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: ['windowMs'] },
  fundsInShare: { subjects: ['account'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: ['windowMs'] },
  /** Equity now against equity at the beginning of the window, as a share of it, either way. */
  equityMoveShare: { subjects: ['account'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: ['windowMs'] },
  /** Lots without hedging, the larger side, over the exchange's limit in force. */
  limitUse: { subjects: ['position'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: NONE },
  openInterestShare: { subjects: ['position'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: NONE },
  /** Margin of the net position over equity (the counter's net position index). */
  netMarginShare: { subjects: ['exposure'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: NONE },
  /** The product's company margin over that of all products. */
  productMarginShare: { subjects: ['product'], engine: 'scan', unit: 'share', low: 0, high: 1, parameters: NONE },
  /** Last price against the pre-settlement price, either way. */
  priceMove: { subjects: ['instrument'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: NONE },
  /** Last price against the price at the beginning of the window, either way. */
  windowMove: { subjects: ['instrument'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: ['windowMs'] },
  /** Share of the way from pre-settlement to the limit that the price has gone; 1 is at the limit. */
  limitNearness: { subjects: ['instrument'], engine: 'scan', unit: 'share', low: 0, high: 1, parameters: NONE },
  /** 1 while the price stands at a limit and the other side of the book is empty. */
  limitLocked: { subjects: ['instrument'], engine: 'scan', unit: 'count', low: 0, high: 1, parameters: NONE },
  /** Largest difference between two sources' current prices of one contract, over the price. */
  sourceBasis: { subjects: ['instrument'], engine: 'scan', unit: 'share', ...AT_LEAST_ZERO, parameters: ['freshMs'] },
  /** Since a stream that spoke before last said anything, in open sessions. */
  streamSilenceMs: { subjects: ['feed'], engine: 'scan', unit: 'ms', ...AT_LEAST_ZERO, parameters: NONE },
  silenceMs: { subjects: ['feed'], engine: 'feedStale', unit: 'ms', ...AT_LEAST_ZERO, parameters: NONE },
  downMs: { subjects: ['feed'], engine: 'feedStale', unit: 'ms', ...AT_LEAST_ZERO, parameters: NONE },
  staleHeldShare: { subjects: ['feed'], engine: 'instrumentsStale', unit: 'share', low: 0, high: 1, parameters: ['instrumentSilenceMs'] },
  accountLagMs: { subjects: ['feed'], engine: 'accountsBehind', unit: 'ms', ...AT_LEAST_ZERO, parameters: NONE },
  unknownAccounts: { subjects: ['book'], engine: 'figuresUnknown', unit: 'count', ...AT_LEAST_ZERO, parameters: FURTHER },
  /** Reference rows of the desk's own that the feed contradicts. */
  differingOwnRows: { subjects: ['book'], engine: 'ownRows', unit: 'count', ...AT_LEAST_ZERO, parameters: FURTHER },
  residualAccounts: {
    subjects: ['book'],
    engine: 'counterResidual',
    unit: 'count',
    ...AT_LEAST_ZERO,
    parameters: ['residualEnterMoney', 'residualExitMoney', ...FURTHER],
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

export function metricOf(name: string): Metric | null {
  return isMetricName(name) ? METRICS[name] : null;
}

export function metricsOf(subject: RuleSubject): MetricName[] {
  return (Object.keys(METRICS) as MetricName[]).filter((name) => (METRICS[name].subjects as readonly RuleSubject[]).includes(subject));
}
