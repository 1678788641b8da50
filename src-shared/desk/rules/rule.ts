/** A watch rule as people keep it: what it watches, when its condition begins and ends, who is to do what, where, when and on whose word. */
import { z } from 'zod';
import { severitySchema } from '#shared/desk/alerts/alert';
import { certaintySchema } from '#shared/feed/items';
import { comparisonsOf, type Expression, expressionSchema, faultOf } from './expression';
import { metricOf, RULE_SUBJECTS } from './metrics';
import { DETECTOR_NAMES, exemptionSchema, ruleDateSchema, thresholdRowSchema } from './threshold-row';

/** `shadow` runs and counts what it would have raised; `off` does not run. */
export const RULE_MODES = ['off', 'shadow', 'live'] as const;
export type RuleMode = (typeof RULE_MODES)[number];
/** `ignore` is noted and told to nobody, `warn` is told, `ban` is a breach. */
export const LADDER_STEPS = ['ignore', 'warn', 'ban'] as const;
export type LadderStep = (typeof LADDER_STEPS)[number];

const MOST_MS = 86_400_000;
const key = z.string().min(1).max(64);
const words = (most: number) => z.object({ 'zh-CN': z.string().trim().min(1).max(most), en: z.string().trim().min(1).max(most) });
const keys = z.array(key).max(200).optional();

/** Whom or what it is about; a list that is left out narrows nothing. `joint` looks at the sum over all of them as if they were one. */
const scopeSchema = z.object({
  accountIDs: keys,
  controlGroupIDs: keys,
  departmentIDs: keys,
  exchangeIDs: keys,
  productIDs: keys,
  instrumentIDs: keys,
  feedIDs: keys,
});
export type RuleScope = z.infer<typeof scopeSchema>;

export const rungSchema = z
  .object({
    name: z.string().min(1).max(32),
    step: z.enum(LADDER_STEPS),
    enter: expressionSchema,
    exit: expressionSchema,
    severity: severitySchema,
    citation: z.string().trim().min(1).max(400),
    /** The same for readers of Chinese: a supervisor must be able to check the threshold in the language of the desk. */
    citationZh: z.string().max(400).optional(),
    certainty: certaintySchema,
  })
  .superRefine((rung, issues) => {
    const fault = faultOf(rung.enter, rung.exit);
    if (fault !== null) issues.addIssue({ code: 'custom', path: [fault === 'enterNever' ? 'enter' : 'exit'], message: FAULT_TEXT[fault] });
  });
export type Rung = z.infer<typeof rungSchema>;

const FAULT_TEXT = {
  tooManyParts: 'has too many parts to be checked',
  enterNever: 'can never be true',
  exitNever: 'can never be true: the condition could not end',
  exitNotInside: 'must lie strictly inside enter, or the alert flaps on its own threshold',
};

const common = {
  ruleId: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'letters, digits and dashes'),
  version: z.number().int().min(1),
  /** What its alerts are called by and which plans are proposed for them. */
  kind: key,
  name: words(80),
  mode: z.enum(RULE_MODES),
  /** Why it is in shadow, for whoever asks why it tells nobody. */
  shadowReason: words(2000).optional(),
  /** What a person is to do. No response, no alarm. */
  response: words(600),
  scope: scopeSchema,
  /** Days in which this version holds, the last included. */
  effectiveFrom: ruleDateSchema,
  effectiveTo: ruleDateSchema.optional(),
  /** `open`: judged only while the session of what it is about is open. */
  session: z.enum(['always', 'open']),
  offDelayMs: z.number().min(0).max(MOST_MS),
  /** Once begun it stays on for at least so long, however soon its end is seen. Left out: no longer than the off delay. */
  minActiveMs: z.number().min(0).max(MOST_MS).optional(),
  /** It stays on, although its figure is back, until a person has acknowledged it. */
  isLatched: z.boolean().optional(),
};

const figureRuleSchema = z.object({
  watches: z.literal('figures'),
  ...common,
  subject: z.enum(RULE_SUBJECTS),
  /** Over a scope of many: each by itself, or their sum as one. */
  combine: z.enum(['separate', 'joint']),
  /** False makes one alert of everything about the same entity, with the worst in it. */
  isPerDimension: z.boolean(),
  onDelayMs: z.number().min(0).max(3_600_000),
  /** For how long data may be missing before a condition that is on turns unknown. */
  unknownAfterMs: z.number().min(0).max(3_600_000),
  parameters: z.record(key, z.number()),
  /** From the mildest to the worst: a condition stands on the highest rung that is on. */
  rungs: z.array(rungSchema).min(1).max(8),
});
export type FigureRule = z.infer<typeof figureRuleSchema>;

const tradingRuleSchema = z.object({
  watches: z.literal('trading'),
  ...common,
  detector: z.enum(DETECTOR_NAMES),
  /** Severity of what is told on each step. */
  severities: z.object({ warn: severitySchema, ban: severitySchema }),
  /** Orders that do not count, beside what each row leaves out. */
  exempt: z.array(exemptionSchema).max(5),
  rows: z.array(thresholdRowSchema).min(1).max(200),
});
export type TradingRule = z.infer<typeof tradingRuleSchema>;

export type Rule = FigureRule | TradingRule;
type Issues = { addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void };

/** A rule as a whole: what single fields cannot say about each other. */
export const ruleSchema = z.discriminatedUnion('watches', [figureRuleSchema, tradingRuleSchema]).superRefine((rule, issues) => {
  if (rule.effectiveTo !== undefined && rule.effectiveTo < rule.effectiveFrom)
    issues.addIssue({ code: 'custom', path: ['effectiveTo'], message: 'must not be before effectiveFrom' });
  if (rule.watches === 'trading') checkRows(rule, issues);
  else checkFigures(rule, issues);
});

function checkRows(rule: TradingRule, issues: Issues): void {
  rule.rows.forEach((row, at) => {
    if (row.detector !== rule.detector) issues.addIssue({ code: 'custom', path: ['rows', at, 'detector'], message: `must be ${rule.detector}` });
  });
  if (new Set(rule.rows.map((row) => row.ruleId)).size !== rule.rows.length)
    issues.addIssue({ code: 'custom', path: ['rows'], message: 'two rows share an id' });
}

function checkFigures(rule: FigureRule, issues: Issues): void {
  const add = (path: (string | number)[], message: string): void => issues.addIssue({ code: 'custom', path, message });
  const engines = new Set<string>();
  rule.rungs.forEach((rung, at) => {
    for (const side of ['enter', 'exit'] as const) {
      for (const { metric: name } of comparisonsOf(rung[side])) {
        const metric = metricOf(name);
        if (metric === null || !metric.subjects.includes(rule.subject)) add(['rungs', at, side], `no figure of ${rule.subject} is called ${name}`);
        else {
          engines.add(metric.engine === 'band' ? 'scan' : metric.engine);
          for (const needed of metric.parameters) if (rule.parameters[needed] === undefined) add(['parameters', needed], `is needed for ${name}`);
        }
      }
    }
    // A delayed critical alert is a lost one.
    if (rung.severity === 'critical' && rule.onDelayMs > 5000) add(['onDelayMs'], 'a rule with a critical rung may delay its start by 5 s at most');
    checkRising(rule.rungs, at, add);
  });
  if (engines.size > 1) add(['rungs'], 'its figures are computed by different parts of the watch and cannot stand in one rule');
  const isScan = engines.has('scan');
  rule.rungs.forEach((rung, at) => {
    if (isScan) return;
    if (simpleRung(rung) === null) add(['rungs', at], 'compares one figure with one number on either side only');
    if (rung.step === 'ignore') add(['rungs', at, 'step'], 'cannot be ignore for this figure');
  });
  if (new Set(rule.rungs.map((rung) => rung.name)).size !== rule.rungs.length) add(['rungs'], 'two rungs share a name');
  if (rule.combine === 'joint' && rule.subject === 'account')
    add(['combine'], 'one account has no sum: choose its control group, department or the firm');
}

/** Two rungs on the same figure the same way must rise, or the higher one hides the lower. */
function checkRising(rungs: readonly Rung[], at: number, add: (path: (string | number)[], message: string) => void): void {
  const lower = at === 0 ? null : simpleRung(rungs[at - 1] as Rung);
  const higher = simpleRung(rungs[at] as Rung);
  if (lower === null || higher === null || lower.metric !== higher.metric || lower.direction !== higher.direction) return;
  const isRising = higher.direction === 'above' ? higher.enter > lower.enter : higher.enter < lower.enter;
  if (!isRising) add(['rungs', at, 'enter'], 'must lie beyond the rung before it');
}

export type SimpleRung = { metric: string; direction: 'above' | 'below'; enter: number; exit: number };

/** One figure, from a number on until another: the form that the kernel's bands and the older rules know. Null for anything else. */
export function simpleRung({ enter, exit }: { enter: Expression; exit: Expression }): SimpleRung | null {
  if (!('metric' in enter) || !('metric' in exit) || enter.metric !== exit.metric) return null;
  if (enter.is === 'atLeast' && exit.is === 'below') return { metric: enter.metric, direction: 'above', enter: enter.value, exit: exit.value };
  if (enter.is === 'below' && exit.is === 'above') return { metric: enter.metric, direction: 'below', enter: enter.value, exit: exit.value };
  return null;
}

/** Whether the kernel's bands can watch it: each account by itself, nowhere narrowed, on the three figures that bands hold. */
export function isBandRule(rule: FigureRule): boolean {
  const isNarrowed = Object.values(rule.scope).some((list) => list !== undefined && list.length > 0);
  if (rule.subject !== 'account' || isNarrowed || rule.session !== 'always') return false;
  return rule.rungs.every((rung) => {
    const simple = simpleRung(rung);
    return simple !== null && rung.step !== 'ignore' && metricOf(simple.metric)?.engine === 'band';
  });
}

const RANK = { verified: 3, secondary: 2, unconfirmed: 1, demonstration: 0 } as const;

/** The least certain of everything it stands on. */
export function certaintyOf(rule: Rule): keyof typeof RANK {
  const all = rule.watches === 'figures' ? rule.rungs : rule.rows;
  return all.reduce<keyof typeof RANK>((least, { certainty }) => (RANK[certainty] < RANK[least] ? certainty : least), 'verified');
}
