/** Plans as a text that people can read, print and mail, and that comes back as the same plan. */
import { type Plan, type PlanStep, planSchema } from '#shared/desk/plans/plan';

/** The first line of the file says what it is and in which form. */
const MARK = '<!-- emergency-plan/1 -->';
const PLAN_FIELDS = [
  'title_zh',
  'default_severity',
  'scope',
  'scope_zh',
  'triggers',
  'triggers_zh',
  'immediate_actions',
  'immediate_actions_zh',
  'exit_criteria',
  'exit_criteria_zh',
  'reporting_note',
  'reporting_note_zh',
] as const;
const STEP_TEXTS = [
  'title_zh',
  'kind',
  'role',
  'target',
  'target_zh',
  'action',
  'action_zh',
  'evidence',
  'evidence_zh',
  'decision',
  'decision_zh',
  'expects',
  'expects_zh',
] as const;

export function planToMarkdown(plan: Plan): string {
  const lines = [MARK, `# ${plan.id} ${oneLine(plan.title)}`, ''];
  for (const field of PLAN_FIELDS) put(lines, field, plan[field]);
  for (const step of plan.steps) {
    lines.push('', `## ${step.no} ${oneLine(step.title)}`, '');
    for (const field of STEP_TEXTS) put(lines, field, step[field] ?? undefined);
    put(lines, 'after', step.after.join(', '));
    put(lines, 'signatures', String(step.signatures));
    put(lines, 'join', step.join);
    put(lines, 'sensors', step.sensors?.join(', '));
    for (const field of ['killer', 'repairs'] as const) put(lines, field, step[field] === undefined ? undefined : String(step[field]));
    // Whatever has parts of its own is written as data: people read the words beside it.
    for (const field of ['branches', 'on_fail', 'per_item'] as const)
      put(lines, field, step[field] === undefined ? undefined : JSON.stringify(step[field]));
  }
  return `${lines.join('\n')}\n`;
}

function put(lines: string[], field: string, value: string | undefined): void {
  if (value !== undefined) lines.push(`- ${field}: ${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}`.trimEnd());
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** `line` counts from 1; 0: the file as a whole. `about` is what the fault names: a field, as the file writes it. */
export type PlanTextFault = { code: 'line' | 'unreadable' | 'missing' | 'shape' | 'json'; line: number; step: number | null; about: string };
/** The key and what it names, among the page's `reasons` texts. */
export function planFaultReason({ code, line, step, about }: PlanTextFault): { code: string; params: Record<string, string | number> } {
  return { code: `planImport.${step === null ? code : `${code}OfStep`}`, params: { line, step: step ?? '', about } };
}

export type PlanText = { ok: true; plan: Plan } | { ok: false; fault: PlanTextFault };

/** Reads what `planToMarkdown` wrote, also after people changed its words. */
export function planFromMarkdown(text: string): PlanText {
  const fields: Record<string, unknown> = {};
  const steps: Record<string, unknown>[] = [];
  let current = fields;
  let hasTitle = false;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    const at = index + 1;
    if (line === '' || line.startsWith('<!--')) continue;
    const title = /^# (\S+) (.+)$/.exec(line);
    const heading = /^## (\d{1,4}) (.+)$/.exec(line);
    const field = /^- ([a-z_]{1,30}):(?: (.*))?$/.exec(line);
    if (title !== null && !hasTitle) {
      Object.assign(fields, { id: title[1], title: title[2] });
      hasTitle = true;
    } else if (heading !== null) {
      current = { no: Number(heading[1]), title: heading[2], after: [], signatures: 1, evidence: '', decision: null };
      steps.push(current);
    } else if (field?.[1] !== undefined) {
      const value = readField(field[1], unescaped(field[2] ?? ''));
      if (value === undefined) return faulty('unreadable', at, field[1]);
      current[field[1]] = value;
    } else return faulty('line', at, line.slice(0, 60));
  }
  return fitted({ ...fields, steps: steps.map(withDecisions) });
}

/** Reads the plan's own JSON, alone or as the `plan` of an exported file. */
export function planFromJson(text: string): PlanText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return faulty('json', 0, error instanceof Error ? error.message : '');
  }
  return fitted(typeof value === 'object' && value !== null && 'plan' in value ? value.plan : value);
}

function fitted(value: unknown): PlanText {
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return { ok: true, plan: parsed.data };
  const path = parsed.error.issues[0]?.path ?? [];
  const about = path[0] === 'steps' && path.length > 2 ? path.slice(2) : path;
  return faulty(valueAt(value, path) === undefined ? 'missing' : 'shape', 0, about.join('.'), stepNoAt(value, path));
}

function faulty(code: PlanTextFault['code'], line: number, about: string, step: number | null = null): PlanText {
  return { ok: false, fault: { code, line, about, step } };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  return at;
}

/** The number that the step at fault has in the file; null where the fault is in none, or its number cannot be read. */
function stepNoAt(value: unknown, path: readonly PropertyKey[]): number | null {
  const no = path[0] === 'steps' ? valueAt(value, ['steps', path[1] ?? 0, 'no']) : null;
  return typeof no === 'number' ? no : null;
}

/** Undefined where the text is none of what the field may be. */
function readField(field: string, value: string): unknown {
  switch (field) {
    case 'after': {
      const numbers = value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map(Number);
      return numbers.every(Number.isInteger) ? numbers : undefined;
    }
    case 'sensors':
      return value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
    case 'signatures':
      return Number.isInteger(Number(value)) ? Number(value) : undefined;
    case 'killer':
    case 'repairs':
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'branches':
    case 'on_fail':
    case 'per_item':
      try {
        return JSON.parse(value) as unknown;
      } catch {
        return undefined;
      }
    default:
      return value;
  }
}

function withDecisions(step: Record<string, unknown>): Record<string, unknown> {
  // A step whose texts are in both languages says that it has no decision in both.
  return step.action_zh !== undefined && step.decision === null && step.decision_zh === undefined ? { ...step, decision_zh: null } : step;
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(\\|n|r)/g, (_all, what: string) => (what === 'n' ? '\n' : what === 'r' ? '\r' : '\\'));
}

/** What differs between two versions of a plan, field by field: for a reviewer to read, not for a machine. */
export type PlanDifference = { no: number | null; field: string; before: string | null; after: string | null };

export function planDifferences(before: Plan, after: Plan): PlanDifference[] {
  const { steps: stepsBefore, ...planBefore } = before;
  const { steps: stepsAfter, ...planAfter } = after;
  const numbers = [...new Set([...stepsBefore, ...stepsAfter].map((step) => step.no))].sort((a, b) => a - b);
  const stepOf = (steps: readonly PlanStep[], no: number): Record<string, unknown> => steps.find((step) => step.no === no) ?? {};
  return [
    ...fieldDifferences(null, planBefore, planAfter),
    ...numbers.flatMap((no) => fieldDifferences(no, stepOf(stepsBefore, no), stepOf(stepsAfter, no))),
  ];
}

function fieldDifferences(no: number | null, before: Record<string, unknown>, after: Record<string, unknown>): PlanDifference[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => {
    const [was, is] = [shown(before[field]), shown(after[field])];
    return was === is ? [] : [{ no, field, before: was, after: is }];
  });
}

function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
