/** The plan library: what the product ships, what the firm made of it, and which of both holds now. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BundledPlans, PlanProposals } from '#engine/desk/plans/plan-library';
import type { Recorder } from '#engine/desk/record';
import { unusedPath } from '#engine/store/files';
import { sha256 } from '#engine/store/hash';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { DrillSeed } from '#shared/desk/drills/seed';
import { decidePlan, type PlanCommand, type PlanEvent, type PlanRecord, planInForce, planRecordSchema } from '#shared/desk/plans/library';
import { type PlanTextFault, planFaultReason, planFromJson, planFromMarkdown, planToMarkdown } from '#shared/desk/plans/markdown';
import type { Plan, PlanLibrary } from '#shared/desk/plans/plan';
import { type PlanProblem, planProblems } from '#shared/desk/plans/validate';
import { canonicalJson } from '#shared/journal/canonical';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

/** The kind under which the projections keep a plan's record. */
export const PLAN_DOCUMENT = 'plan';

export type PlanInForce = { plan: Plan; hash: string; version: number; standing: NonNullable<RequestAnswer<'plan.get'>['standing']>['standing'] };

export class LibraryDesk {
  readonly #recorder: Recorder;
  readonly #library: PlanLibrary;
  readonly #proposals: PlanProposals;
  readonly #rolePairs: [string, string][];
  readonly #exportFolder: string;

  constructor(recorder: Recorder, { library, proposals, runRules }: Pick<BundledPlans, 'library' | 'proposals' | 'runRules'>, exportFolder: string) {
    this.#recorder = recorder;
    this.#exportFolder = exportFolder;
    this.#library = library;
    this.#proposals = proposals;
    this.#rolePairs = runRules.rolePairs.map(({ roles }) => roles);
  }

  get roles(): PlanLibrary['roles'] {
    return this.#library.roles;
  }

  /** What runs may begin from, retired plans among them: they are shown, and refused at the start. */
  inForce(): PlanInForce[] {
    const nowMs = this.#recorder.context().nowMs;
    return this.#ids().flatMap((planId) => {
      const found = planInForce(this.#record(planId), this.#bundled(planId), nowMs);
      return found === null ? [] : [{ ...found, hash: planHash(found.plan) }];
    });
  }

  /** Of the newest entry about any plan; 0 before the first. */
  sequence(): number {
    return this.#recorder.journal.tables.documents.newest(PLAN_DOCUMENT, 1)[0]?.sequence ?? 0;
  }

  planInForce(planId: string): PlanInForce | null {
    return this.inForce().find(({ plan }) => plan.id === planId) ?? null;
  }

  list(): Outcome<RequestAnswer<'plan.list'>> {
    const inForce = this.inForce();
    const standings = inForce.map(({ plan, hash, version, standing }) => {
      const hasDraft = (this.#record(plan.id)?.draft ?? null) !== null;
      return [plan.id, { standing, version, hash, hasDraft }] as const;
    });
    return accept({
      roles: this.#library.roles,
      plans: inForce.map(({ plan }) => plan),
      proposals: this.#proposals,
      rolePairs: this.#rolePairs,
      standings: Object.fromEntries(standings),
    });
  }

  get({ planId }: RequestPayload<'plan.get'>): Outcome<RequestAnswer<'plan.get'>> {
    const record = this.#record(planId);
    const bundled = this.#bundled(planId);
    if (record === null && bundled === null) return this.#recorder.refused('plan.get', refuse('UNKNOWN', `there is no plan ${planId}`, 'planId'));
    const inForce = this.planInForce(planId);
    const hasDraft = (record?.draft ?? null) !== null;
    const standing = inForce === null ? null : { standing: inForce.standing, version: inForce.version, hash: inForce.hash, hasDraft };
    const shown = record?.draft?.plan ?? inForce?.plan ?? null;
    return accept({ inForce: inForce?.plan ?? null, standing, bundled, record, problems: shown === null ? [] : this.#problems(shown) });
  }

  /** The firm's own plans, for a drill desk: what was published, without drafts and reviews. */
  copyForDrill(): DrillSeed['plans'] {
    const records = this.#recorder.journal.tables.documents.all(PLAN_DOCUMENT).flatMap(({ body }) => planRecordSchema.safeParse(body).data ?? []);
    return records
      .filter(({ versions, retired }) => versions.length > 0 || retired !== null)
      .map(({ planId, versions, retired }) => ({ planId, versions, retired }));
  }

  /** On a drill desk: its plans become those of the live desk. */
  takeCopy(plans: DrillSeed['plans']): void {
    const { nowMs: atMs } = this.#recorder.context('engine');
    const events = plans.flatMap(({ planId, versions, retired }): PlanEvent[] => {
      const known = this.#record(planId);
      const isSame = known !== null && canonicalJson({ versions: known.versions, retired: known.retired }) === canonicalJson({ versions, retired });
      return isSame ? [] : [{ type: 'plan.copied', subject: `plan:${planId}`, payload: { planId, versions, retired, atMs } }];
    });
    if (events.length > 0) this.#recorder.record('plan.copy', events, { actor: 'engine' });
  }

  check({ plan }: RequestPayload<'plan.check'>): Outcome<RequestAnswer<'plan.check'>> {
    return accept({ hash: planHash(plan), problems: this.#problems(plan) });
  }

  saveDraft({ plan, note }: RequestPayload<'plan.saveDraft'>): Outcome<RequestAnswer<'plan.saveDraft'>> {
    const hash = planHash(plan);
    const basedOn = this.planInForce(plan.id)?.hash ?? null;
    const recorded = this.#command('plan.saveDraft', plan.id, { type: 'saveDraft', plan, hash, basedOn, note });
    return recorded.ok ? accept({ hash, problems: this.#problems(plan) }) : recorded;
  }

  dropDraft({ planId, reason }: RequestPayload<'plan.dropDraft'>): Outcome<RequestAnswer<'plan.dropDraft'>> {
    return this.#command('plan.dropDraft', planId, { type: 'dropDraft', reason });
  }

  review({ planId, hash, verdict, note }: RequestPayload<'plan.review'>): Outcome<RequestAnswer<'plan.review'>> {
    return this.#command('plan.review', planId, { type: 'review', hash, verdict, note });
  }

  /** The bus asks for the approval of a second person before this is called. */
  publish({ planId, hash, effectiveFromMs, note }: RequestPayload<'plan.publish'>): Outcome<RequestAnswer<'plan.publish'>> {
    const plan = [this.#record(planId)?.draft?.plan, this.#bundled(planId)].find(
      (each) => each !== null && each !== undefined && planHash(each) === hash,
    );
    if (plan === null || plan === undefined)
      return this.#recorder.refused('plan.publish', refuse('CONFLICT', 'this text is not the one under review any more', 'hash'));
    const problems = this.#problems(plan).map(({ code, no }) => (no === null ? code : `${code} at step ${no}`));
    const recorded = this.#command('plan.publish', planId, { type: 'publish', hash, plan, problems, effectiveFromMs, note });
    return recorded.ok ? accept({ version: this.#record(planId)?.versions.at(-1)?.version ?? 0 }) : recorded;
  }

  retire({ planId, reason }: RequestPayload<'plan.retire'>): Outcome<RequestAnswer<'plan.retire'>> {
    if (this.planInForce(planId) === null) return this.#recorder.refused('plan.retire', refuse('UNKNOWN', `there is no plan ${planId}`, 'planId'));
    return this.#command('plan.retire', planId, { type: 'retire', reason, fromMs: this.#recorder.context().nowMs });
  }

  export({ planId, format, which }: RequestPayload<'plan.export'>): Outcome<RequestAnswer<'plan.export'>> {
    const plan = which === 'draft' ? this.#record(planId)?.draft?.plan : which === 'bundled' ? this.#bundled(planId) : this.planInForce(planId)?.plan;
    if (plan === null || plan === undefined) return this.#recorder.refused('plan.export', refuse('UNKNOWN', `${planId} has no such text`, 'which'));
    const text = format === 'json' ? `${JSON.stringify({ schema: 'emergency-plan/1', plan }, null, 1)}\n` : planToMarkdown(plan);
    const stem = `${planId.replaceAll(/[^A-Za-z0-9-]/g, '_')}-${planHash(plan).slice(0, 8)}`;
    const written = this.#write(stem, format === 'json' ? '.json' : '.md', text);
    if (!written.ok) return this.#recorder.refused('plan.export', written);
    const path = written.value;
    const payload = {
      plan: planId,
      which,
      format,
      file: path,
      sha256: sha256(text),
      bytes: Buffer.byteLength(text),
      atMs: this.#recorder.context().nowMs,
    };
    const recorded = this.#recorder.record('plan.export', [{ type: 'export.made', subject: `export:${basename(path)}`, payload }]);
    return recorded.ok ? accept({ fileName: basename(path), text, path }) : recorded;
  }

  import({ format, text }: RequestPayload<'plan.import'>): Outcome<RequestAnswer<'plan.import'>> {
    const read = format === 'json' ? planFromJson(text) : planFromMarkdown(text);
    if (!read.ok) return this.#recorder.refused('plan.import', refusedText(read.fault));
    const saved = this.saveDraft({ plan: read.plan });
    return saved.ok ? accept({ planId: read.plan.id, ...saved.value }) : saved;
  }

  #write(stem: string, extension: string, text: string): Outcome<string> {
    try {
      mkdirSync(this.#exportFolder, { recursive: true });
      const path = unusedPath(join(this.#exportFolder, stem), extension);
      writeFileSync(path, text, { flag: 'wx' });
      return accept(path);
    } catch (error) {
      return refuse('FAILED', `the file could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #command(request: string, planId: string, command: PlanCommand): Outcome<Record<string, never>> {
    const bundled = this.#bundled(planId);
    const context = this.#recorder.context();
    const bundledHash = bundled === null ? null : planHash(bundled);
    const recorded = this.#recorder.record(request, decidePlan(planId, this.#record(planId), bundledHash, command, context));
    return recorded.ok ? accept({}) : recorded;
  }

  #problems(plan: Plan): PlanProblem[] {
    return planProblems(plan, { roles: Object.keys(this.#library.roles), planIds: this.#ids() });
  }

  #ids(): string[] {
    const own = this.#recorder.journal.tables.documents.all(PLAN_DOCUMENT).map(({ key }) => key);
    return [...new Set([...this.#library.plans.map((plan) => plan.id), ...own])];
  }

  #bundled(planId: string): Plan | null {
    return this.#library.plans.find((plan) => plan.id === planId) ?? null;
  }

  #record(planId: string): PlanRecord | null {
    const body = this.#recorder.journal.tables.documents.get(PLAN_DOCUMENT, planId);
    return body === undefined ? null : planRecordSchema.parse(body);
  }
}

/** SHA-256 of the plan's canonical JSON. */
function planHash(plan: Plan): string {
  return sha256(canonicalJson(plan));
}

function refusedText(fault: PlanTextFault): Refusal {
  const { code, line, step, about } = fault;
  const where = line > 0 ? `line ${line}: ` : step === null ? '' : `step ${step}: `;
  return { ...refuse('INVALID', `${where}${about}: ${code}`, 'text'), reason: planFaultReason(fault) };
}
