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
    put(lines, 'killer', step.killer === undefined ? undefined : String(step.killer));
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

export type PlanText = { ok: true; plan: Plan } | { ok: false; line: number; message: string };

/** Reads what `planToMarkdown` wrote, also after people changed its words. Line numbers count from 1. */
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
      if (value === undefined) return { ok: false, line: at, message: `${field[1]} cannot be read` };
      current[field[1]] = value;
    } else return { ok: false, line: at, message: 'neither a heading nor a field' };
  }
  const parsed = planSchema.safeParse({ ...fields, steps: steps.map(withDecisions) });
  if (parsed.success) return { ok: true, plan: parsed.data };
  const issue = parsed.error.issues[0];
  return { ok: false, line: 0, message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}` };
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
