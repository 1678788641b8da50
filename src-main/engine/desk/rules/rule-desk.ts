/** Keeps the rules: those that come with the product and what people made of them, version by version. */
import type { Recorder } from '#engine/desk/record';
import type { DocumentTable } from '#engine/store/projection-tables';
import type { RequestPayload } from '#shared/contract/requests';
import type { RuleHistory, RuleView } from '#shared/contract/rules';
import { decideRule, type RuleCommand } from '#shared/desk/rules/decide';
import type { Rule } from '#shared/desk/rules/rule';
import { type SavedRule, savedRuleSchema, versionInForce } from '#shared/desk/rules/saved-rule';
import { accept, type Outcome, refuse } from '#shared/refusal';

export const RULE_DOCUMENT = 'rule';

/** What was counted of a rule; the desk itself counts nothing. */
export type RuleVolumeView = Pick<RuleView, 'raised' | 'on' | 'shadowRaised' | 'shadowOn' | 'lastAtMs' | 'examples'>;

type NotJudgedOf = (rule: Rule) => RuleView['notJudged'];

type Known = { bundled: Rule | null; saved: SavedRule | null };

export class RuleDesk {
  readonly #recorder: Recorder;
  readonly #table: DocumentTable;
  readonly #bundled: ReadonlyMap<string, Rule>;
  readonly #volumeOf: (ruleId: string) => RuleVolumeView;
  readonly #notJudgedOf: NotJudgedOf;
  readonly #day: () => string | null;

  constructor(parts: {
    recorder: Recorder;
    bundled: readonly Rule[];
    volumeOf: (ruleId: string) => RuleVolumeView;
    notJudgedOf: NotJudgedOf;
    day: () => string | null;
  }) {
    this.#recorder = parts.recorder;
    this.#table = parts.recorder.journal.tables.documents;
    this.#bundled = new Map(parts.bundled.map((rule) => [rule.ruleId, rule]));
    this.#volumeOf = parts.volumeOf;
    this.#notJudgedOf = parts.notJudgedOf;
    this.#day = parts.day;
  }

  /** One version per rule: the one that holds on the day. What was retired, or holds on other days only, is not among them. */
  inForce(day: string | null): Rule[] {
    return this.#all().flatMap((known) => (known.saved?.retired == null ? (versionInForce(versionsOf(known), day) ?? []) : []));
  }

  /** Every rule, retired ones too, in the order of the product and then of their names. */
  list(): RuleView[] {
    return this.#all().flatMap((known) => this.#viewOf(known) ?? []);
  }

  get({ ruleId }: RequestPayload<'rule.get'>): Outcome<RuleHistory> {
    const known = this.#known(ruleId);
    const view = this.#viewOf(known);
    if (view === null) return this.#recorder.refused('rule.get', refuse('UNKNOWN', `there is no rule ${ruleId}`, 'ruleId'));
    const saved = known.saved?.versions ?? [];
    const versions = saved.map(({ rule, savedBy, savedAtMs, reason }, at) => ({
      rule,
      before: saved[at + 1]?.rule ?? known.bundled,
      savedBy,
      savedAtMs,
      reason,
    }));
    const first = known.bundled === null ? [] : [{ rule: known.bundled, before: null, savedBy: null, savedAtMs: null, reason: '' }];
    const retired = known.saved?.retired ?? null;
    return accept({
      view,
      versions: [...versions, ...first],
      retired: retired === null ? null : { by: retired.by, atMs: retired.atMs, reason: retired.reason },
    });
  }

  save({ rule, baseVersion, reason }: RequestPayload<'rule.save'>): Outcome<RuleView> {
    return this.#command('rule.save', rule.ruleId, { type: 'save', rule, baseVersion, reason });
  }

  retire({ ruleId, baseVersion, reason }: RequestPayload<'rule.retire'>): Outcome<RuleView> {
    return this.#command('rule.retire', ruleId, { type: 'retire', ruleId, baseVersion, reason });
  }

  #command(request: 'rule.save' | 'rule.retire', ruleId: string, command: RuleCommand): Outcome<RuleView> {
    const known = this.#known(ruleId);
    const others = this.#all().flatMap((one) => {
      const [newest] = versionsOf(one);
      return newest === undefined || newest.ruleId === ruleId || one.saved?.retired != null ? [] : newest;
    });
    const context = { before: versionsOf(known)[0] ?? null, isRetired: known.saved?.retired != null, others };
    const recorded = this.#recorder.record(request, decideRule(context, command, this.#recorder.context()));
    if (!recorded.ok) return recorded;
    const view = this.#viewOf(this.#known(ruleId));
    return view === null ? refuse('FAILED', 'the rule was recorded and cannot be read') : accept(view);
  }

  #viewOf(known: Known): RuleView | null {
    const versions = versionsOf(known);
    const [newest] = versions;
    if (newest === undefined) return null;
    const isRetired = known.saved?.retired != null;
    const day = this.#day();
    const inForce = isRetired ? null : versionInForce(versions, day);
    const isLater = day !== null && newest.effectiveFrom > day && newest.version !== inForce?.version;
    const rule = inForce ?? newest;
    return {
      rule,
      origin: known.bundled === null ? 'own' : versions.length > 1 ? 'changed' : 'bundled',
      isInForce: inForce !== null,
      isRetired,
      newestVersion: newest.version,
      next: isLater ? { version: newest.version, effectiveFrom: newest.effectiveFrom } : null,
      ...this.#volumeOf(newest.ruleId),
      notJudged: this.#notJudgedOf(rule),
    };
  }

  #known(ruleId: string): Known {
    return { bundled: this.#bundled.get(ruleId) ?? null, saved: readSaved(this.#table.get(RULE_DOCUMENT, ruleId)) };
  }

  #all(): Known[] {
    const saved = this.#table.all(RULE_DOCUMENT).map(({ key, body }) => ({ ruleId: key, saved: readSaved(body) }));
    const savedOf = new Map(saved.map((one) => [one.ruleId, one.saved]));
    const bundled = [...this.#bundled].map(([ruleId, rule]): Known => ({ bundled: rule, saved: savedOf.get(ruleId) ?? null }));
    const own = saved.filter(({ ruleId }) => !this.#bundled.has(ruleId)).map((one): Known => ({ bundled: null, saved: one.saved }));
    return [...bundled, ...own];
  }
}

/** What this build cannot read of a saved rule is left out: the bundled version holds until somebody saves it again. */
function readSaved(body: unknown): SavedRule | null {
  const parsed = savedRuleSchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}

/** Newest first. */
function versionsOf({ bundled, saved }: Known): Rule[] {
  return [...(saved?.versions.map(({ rule }) => rule) ?? []), ...(bundled === null ? [] : [bundled])];
}
