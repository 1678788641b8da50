/** A rule while it is being written: every field as typed, so that nothing is lost, and what is still wrong with it. */
import { COMPARISONS, type Comparison, type Expression, faultOf } from '#shared/desk/rules/expression';
import { metricOf, metricsOf, type RuleSubject } from '#shared/desk/rules/metrics';
import { type Rule, ruleSchema } from '#shared/desk/rules/rule';
import { silentSettingsOf } from '#shared/desk/rules/silent-settings';

export type ComparisonForm = { metric: string; is: Comparison['is']; value: string };
export type ExpressionForm = { join: 'all' | 'any'; parts: ComparisonForm[] /** A tree that rows cannot show, as text. */; tree: string | null };

const SECOND_MS = 1000;

/** How a person types a figure: shares in percent, lengths in seconds. */
function scaleOf(metric: string): number {
  const unit = metricOf(metric)?.unit;
  return unit === 'share' ? 100 : unit === 'ms' ? 1 / SECOND_MS : 1;
}

const typed = (value: number): string => (Number.isNaN(value) ? '' : String(Number(value.toPrecision(12))));

export function typedFigure(metric: string, value: number): string {
  return typed(value * scaleOf(metric));
}

export function readFigure(metric: string, text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text) / scaleOf(metric);
}

export function formOfExpression(expression: Expression): ExpressionForm {
  const parts = 'metric' in expression ? [expression] : 'all' in expression ? expression.all : expression.any;
  const flat = parts.flatMap((part) => ('metric' in part ? part : []));
  if (flat.length !== parts.length) return { join: 'all', parts: [], tree: JSON.stringify(expression, null, 2) };
  return {
    join: 'any' in expression ? 'any' : 'all',
    parts: flat.map(({ metric, is, value }) => ({ metric, is, value: typedFigure(metric, value) })),
    tree: null,
  };
}

/** What the rule's schema will look at; a tree that is no JSON becomes something that no schema takes. */
export function expressionOf({ join, parts, tree }: ExpressionForm): Expression {
  if (tree !== null) {
    try {
      return JSON.parse(tree) as Expression;
    } catch {
      return { all: [] };
    }
  }
  const comparisons = parts.map(({ metric, is, value }): Comparison => ({ metric, is, value: readFigure(metric, value) }));
  const [first] = comparisons;
  if (comparisons.length === 1 && first !== undefined) return first;
  return join === 'all' ? { all: comparisons } : { any: comparisons };
}

export const COMPARISON_NAMES = COMPARISONS;

export function newPart(subject: RuleSubject, isExit: boolean): ComparisonForm {
  return { metric: metricsOf(subject)[0] ?? '', is: isExit ? 'below' : 'atLeast', value: '' };
}

export type RuleIssue = { path: string /** A fault that the page has words for, else null. */; fault: string | null; message: string };

/** Everything that saving would refuse, by field. */
export function issuesOf(rule: Rule): RuleIssue[] {
  const parsed = ruleSchema.safeParse(rule);
  if (parsed.success) return silentSettingsOf(rule);
  return parsed.error.issues.map((issue) => {
    const path = issue.path.join('.');
    const rung = rule.watches === 'figures' && issue.path[0] === 'rungs' ? rule.rungs[Number(issue.path[1])] : undefined;
    const isExpression = issue.path.length === 3 && (issue.path[2] === 'enter' || issue.path[2] === 'exit');
    const fault = isExpression && rung !== undefined ? expressionFault(rung.enter, rung.exit) : null;
    return {
      path,
      fault: fault ?? (issue.path.at(-1) === 'citation' ? 'citation' : issue.path[0] === 'response' ? 'response' : null),
      message: issue.message,
    };
  });
}

/** The check throws on what is no expression at all; the schema then says so itself. */
function expressionFault(enter: Expression, exit: Expression): string | null {
  try {
    return faultOf(enter, exit);
  } catch {
    return null;
  }
}

/** A beginning for a rule of one's own: in shadow, as every new rule should be. */
export function newRule(): Rule {
  return {
    watches: 'figures',
    ruleId: '',
    version: 1,
    kind: 'ownRule',
    name: { 'zh-CN': '', en: '' },
    mode: 'shadow',
    response: { 'zh-CN': '', en: '' },
    scope: {},
    effectiveFrom: '20000101',
    session: 'always',
    offDelayMs: 5000,
    subject: 'account',
    combine: 'separate',
    isPerDimension: true,
    onDelayMs: 0,
    unknownAfterMs: 30_000,
    parameters: {},
    rungs: [
      {
        name: 'warn',
        step: 'warn',
        enter: { metric: 'riskDegree', is: 'atLeast', value: 0.9 },
        exit: { metric: 'riskDegree', is: 'below', value: 0.88 },
        severity: 'medium',
        citation: '',
        certainty: 'unconfirmed',
      },
    ],
  };
}
