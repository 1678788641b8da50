/** What a command that needs approval would change, as it is now, and who worked on it: shown to whoever checks, and bound into what they agree to. */
import type { BeforeReaders, WorkedOnReaders } from '#engine/desk/approvals/approvals-interface';
import type { ProjectionTables } from '#engine/store/projection-tables';
import type { RuleHistory } from '#shared/contract/rules';
import { planRecordSchema } from '#shared/desk/plans/library';

export type BeforeSources = {
  tables: ProjectionTables;
  /** The versions of a rule, the newest first; null where there is no such rule. */
  rule: (ruleId: string) => RuleHistory | null;
  /** The desk's own reference rows that a command about them would change. */
  referenceRows: (payload: unknown) => unknown;
};

/** In the shape of the command's own payload, so that they can stand beside each other field by field. */
export function beforeReaders({ tables, rule, referenceRows }: BeforeSources): BeforeReaders {
  const ruleBefore = (ruleId: string): unknown => {
    const newest = rule(ruleId)?.versions[0];
    return newest === undefined ? null : { rule: newest.rule, baseVersion: newest.rule.version };
  };
  const person = (payload: unknown): unknown => tables.documents.get('person', textOf(payload, 'personId')) ?? null;
  return {
    'rule.save': (payload) => ruleBefore(textOf(fieldOf(payload, 'rule'), 'ruleId')),
    // Which version: a rule of the same version is the same rule.
    'rule.retire': (payload) => {
      const newest = rule(textOf(payload, 'ruleId'))?.versions[0];
      return newest === undefined
        ? null
        : { ruleId: newest.rule.ruleId, baseVersion: newest.rule.version, mode: newest.rule.mode, name: newest.rule.name };
    },
    'reference.supply': referenceRows,
    'reference.change': referenceRows,
    'reference.withdraw': referenceRows,
    'settings.change': (payload) => {
      const key = textOf(payload, 'key');
      return { key, value: tables.settings.get(key) ?? null };
    },
    'role.grant': person,
    'people.enable': person,
    'people.link': person,
    'plan.publish': (payload) => standingOf(tables, payload),
    'plan.retire': (payload) => standingOf(tables, payload),
  };
}

/** Dynamic separation of duties: whoever wrote the draft of a plan does not also approve its publication. */
export function workedOnReaders({ tables }: Pick<BeforeSources, 'tables'>): WorkedOnReaders {
  return {
    'plan.publish': (payload) => {
      const record = recordOf(tables, payload);
      if (record === null) return [];
      const hash = textOf(payload, 'hash');
      const { draft } = record;
      return draft?.hash === hash ? [draft.by] : [];
    },
  };
}

function standingOf(tables: ProjectionTables, payload: unknown): unknown {
  const record = recordOf(tables, payload);
  if (record === null) return null;
  const newest = record.versions.at(-1);
  return {
    planId: textOf(payload, 'planId'),
    ...(newest === undefined ? {} : { hash: newest.hash, effectiveFromMs: newest.effectiveFromMs }),
    draftHash: record.draft?.hash ?? null,
    retired: record.retired !== null,
  };
}

function recordOf(tables: ProjectionTables, payload: unknown): ReturnType<typeof planRecordSchema.parse> | null {
  const parsed = planRecordSchema.safeParse(tables.documents.get('plan', textOf(payload, 'planId')));
  return parsed.success ? parsed.data : null;
}

function fieldOf(payload: unknown, name: string): unknown {
  return payload !== null && typeof payload === 'object' ? (payload as Record<string, unknown>)[name] : undefined;
}

function textOf(payload: unknown, name: string): string {
  const value = fieldOf(payload, name);
  return typeof value === 'string' ? value : '';
}
