/** Opens incidents and takes what people do to them and to their duties; each act is an entry, and the duties follow in the same commit. */
import { incidentTimeline } from '#engine/desk/incidents/incident-timeline';
import { KeptDocuments, newestFirst } from '#engine/desk/kept-documents';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import type { DocumentTable } from '#engine/store/projection-tables';
import type { DutyAct, IncidentAct, IncidentBrief, IncidentView } from '#shared/contract/incidents';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { DrillSeed } from '#shared/desk/drills/seed';
import type { IncidentCommand } from '#shared/desk/incidents/commands';
import { decideIncident, decideOpen, watchedUntilMs } from '#shared/desk/incidents/decide';
import { dutyDue, isOpen, type ReportingRules } from '#shared/desk/incidents/duties';
import type { FirmEvent } from '#shared/desk/incidents/firm';
import { type Incident, incidentSchema } from '#shared/desk/incidents/incident';
import { type Duty, type FirmProfile, standingDuties } from '#shared/desk/reporting/duty';
import type { EventKind } from '#shared/desk/reporting/rule-pack';
import { canonicalJson } from '#shared/journal/canonical';
import type { JournalEvent } from '#shared/journal/entry';
import { accept, type Outcome, refuse } from '#shared/refusal';

const NOBODY_SAID: FirmProfile = { licences: [], isCriticalInfrastructure: null };
const SHOWN_INCIDENTS = 200;
const OVER = new Set<Incident['state']>(['cancelled', 'merged', 'closed']);
const UNRECOVERED = new Set<Incident['state']>(['suspected', 'active', 'contained']);

export type Suspicion = { title: string; eventKind: EventKind; alertId: string; detectedAtMs: number };
export type OpenDue = { incident: Incident; duty: Duty; dueAtMs: number };

export class IncidentDesk {
  readonly #recorder: Recorder;
  readonly #secondPerson: SecondPerson;
  readonly #packs: Pick<ReportingRules, 'packs' | 'calendars' | 'recoveryWatchMs'>;
  readonly #humanOf: ReportingRules['humanOf'];
  readonly #documents: DocumentTable;
  readonly #kept: KeptDocuments<Incident>;
  #dues: { version: number; dues: readonly OpenDue[] } = { version: -1, dues: [] };

  constructor(
    recorder: Recorder,
    secondPerson: SecondPerson,
    packs: Pick<ReportingRules, 'packs' | 'calendars' | 'recoveryWatchMs'>,
    humanOf?: ReportingRules['humanOf'],
  ) {
    this.#recorder = recorder;
    this.#secondPerson = secondPerson;
    this.#packs = packs;
    this.#humanOf = humanOf;
    this.#documents = recorder.journal.tables.documents;
    this.#kept = new KeptDocuments(recorder.journal, 'incident', 'incident');
  }

  firm(): FirmProfile {
    return (this.#documents.get('firm', 'profile') as FirmProfile | undefined) ?? NOBODY_SAID;
  }

  incident(incidentId: string): Incident | null {
    const body = this.#documents.get('incident', incidentId);
    return incidentSchema.safeParse(body).data ?? null;
  }

  briefs(): IncidentBrief[] {
    return newestFirst(this.#kept.all(), SHOWN_INCIDENTS).map((incident) => {
      const { incidentId, title, eventKind, state, grade, openedAtMs, openedBy, mode } = incident;
      const open = this.#openDues(incident);
      const next = open.reduce<(typeof open)[number] | null>((first, due) => (first === null || due.dueAtMs < first.dueAtMs ? due : first), null);
      const counts = {
        nextDueAtMs: next?.dueAtMs ?? null,
        nextDutyId: next?.duty.dutyId ?? null,
        openDutyCount: incident.duties.filter(isOpen).length,
      };
      const { alertIds, runIds } = incident.links;
      const isSceneKept = incident.seal !== null;
      return { incidentId, title, eventKind, state, grade, openedAtMs, openedBy, mode, alertIds, runIds, isSceneKept, ...counts };
    });
  }

  /** Duties that ask for something by a known time, of every incident: what the clock watches, each second, counted anew only when one of them changed. */
  openDues(): readonly OpenDue[] {
    const { version } = this.#kept;
    if (this.#dues.version !== version) this.#dues = { version, dues: this.#kept.all().flatMap((incident) => this.#openDues(incident)) };
    return this.#dues.dues;
  }

  /** Of incidents opened between the two: duties that were due before the second and on which nothing had been reported by then. */
  missedDuties(fromMs: number, untilMs: number): { dutyId: string; title: { en: string; zh: string } }[] {
    const opened = this.#kept.all().filter(({ openedAtMs }) => openedAtMs >= fromMs && openedAtMs <= untilMs);
    return opened.flatMap((incident) => {
      // As it stood at the end: what was sent later had been missed by then.
      const duties = incident.duties.map((duty) => ({ ...duty, submissions: duty.submissions.filter(({ atMs }) => atMs <= untilMs) }));
      return duties
        .filter(({ state, submissions, rule }) => state !== 'waived' && state !== 'stoodDown' && (submissions.length === 0 || rule.cadence !== null))
        .filter((duty) => {
          const { dueAtMs } = dutyDue({ ...incident, duties }, duty, this.#packs.calendars);
          return dueAtMs !== null && dueAtMs < untilMs;
        })
        .map(({ dutyId, rule }) => ({ dutyId, title: rule.title }));
    });
  }

  view(incident: Incident): IncidentView {
    const dues = incident.duties.map((duty) => ({ dutyId: duty.dutyId, isOpen: isOpen(duty), ...dutyDue(incident, duty, this.#packs.calendars) }));
    const { journal } = this.#recorder;
    const feedIds = journal.tables.feeds.all().map(({ key }) => key);
    const standing = standingDuties(this.#packs.packs, this.firm(), incident.openedAtMs);
    const timeline = incidentTimeline(incident, journal, feedIds);
    return { incident, timeline, dues, standing, watchedUntilMs: watchedUntilMs(incident, this.#packs) };
  }

  get({ incidentId }: RequestPayload<'incident.get'>): Outcome<IncidentView> {
    const incident = this.incident(incidentId);
    return incident === null ? refuse('UNKNOWN', `there is no incident ${incidentId}`, 'incidentId') : accept(this.view(incident));
  }

  /** The same `opId` again opens nothing and answers with the incident it opened. */
  open({ opId, ...open }: RequestPayload<'incident.open'>): Outcome<IncidentView> {
    const { alerts, runs } = this.#recorder.journal.tables;
    if (open.alertId !== null && alerts.get(open.alertId) === null)
      return this.#unknown('incident.open', `there is no alert ${open.alertId}`, 'alertId');
    if (open.runId !== null && runs.get(open.runId) === null) return this.#unknown('incident.open', `there is no run ${open.runId}`, 'runId');
    const recorded = this.#recorder.record('incident.open', decideOpen(open, this.#rules(), this.#recorder.context()), { opId });
    if (!recorded.ok) return recorded;
    const subject = recorded.value.find(({ type }) => type === 'incident.opened')?.subject ?? '';
    const incident = this.incident(subject.slice('incident:'.length));
    return incident === null
      ? this.#recorder.refused('incident.open', refuse('CONFLICT', 'this operation id belongs to something else', 'opId'))
      : accept(this.view(incident));
  }

  /** Whether an incident that goes on, and that this run answers, has not kept its scene yet. */
  isSceneOpen({ runId, incidentId }: { runId: string; incidentId: string | null }): boolean {
    return this.#kept
      .all()
      .some(
        (incident) =>
          !OVER.has(incident.state) && incident.seal === null && (incident.incidentId === incidentId || incident.links.runIds.includes(runId)),
      );
  }

  /** One whose trouble goes on, or that was opened or recovered from since: a recovery says nothing of a fault that came back after it. */
  hasIncidentOf(alertId: string, sinceMs: number): boolean {
    return this.#kept.all().some(({ links, state, openedAtMs, times }) => {
      const isAnswered = UNRECOVERED.has(state) || Math.max(openedAtMs, times.recovered ?? openedAtMs) >= sinceMs;
      return isAnswered && links.alertIds.includes(alertId);
    });
  }

  /** By the desk itself: the reporting clock of a fault that clients may feel does not wait for somebody to think of it. False when it was not recorded. */
  suspect({ title, eventKind, alertId, detectedAtMs }: Suspicion): boolean {
    const open = { title, eventKind, state: 'suspected' as const, alertId, runId: null, detectedAtMs, impactStartMs: null };
    return this.#recorder.record('incident.open', decideOpen(open, this.#rules(), this.#recorder.context('engine')), { actor: 'engine' }).ok;
  }

  /** By the desk itself: a further alert of a fault whose incident is open. */
  join(incident: Incident, alertId: string): boolean {
    const decided = decideIncident(incident, { type: 'link', kind: 'alert', id: alertId }, this.#rules(), this.#recorder.context('engine'));
    return this.#recorder.record('incident.act', decided, { actor: 'engine' }).ok;
  }

  /** Whose trouble is not over: not yet recovered, reviewed, closed, cancelled or merged. */
  unrecovered(): Incident[] {
    return this.#kept.all().filter(({ state }) => UNRECOVERED.has(state));
  }

  act({ incidentId, act, confirmationId }: RequestPayload<'incident.act'>): Outcome<IncidentView> {
    if (act.type === 'merge') return this.#merge(incidentId, act.into);
    const missing = act.type === 'link' ? this.#missingLink(act) : null;
    if (missing !== null) return this.#unknown('incident.act', missing, 'act.id');
    const needsTwo = (act.type === 'changeState' && act.to === 'cancelled') || (act.type === 'seal' && act.overrideReason !== null);
    const second = needsTwo ? this.#second('incident.act', confirmationId, { incidentId, act }) : accept(null);
    return second.ok ? this.#command('incident.act', incidentId, commandOf(act, second.value)) : second;
  }

  actOnDuty({ incidentId, dutyId, act, confirmationId }: RequestPayload<'duty.act'>): Outcome<IncidentView> {
    const needsTwo = act.type === 'approve' || act.type === 'waive';
    const second = needsTwo ? this.#second('duty.act', confirmationId, { incidentId, dutyId, act }) : accept(null);
    return second.ok ? this.#command('duty.act', incidentId, dutyCommandOf(dutyId, act, second.value ?? '')) : second;
  }

  arm({ incidentId, dutyId, note }: RequestPayload<'duty.arm'>): Outcome<IncidentView> {
    return this.#command('duty.arm', incidentId, { type: 'armDuty', dutyId, note });
  }

  /** Every incident that still goes on follows at once: its duties are those of the firm as it is now stated. */
  stateFirm({ licences, isCriticalInfrastructure, reason }: RequestPayload<'firm.state'>): Outcome<RequestAnswer<'firm.state'>> {
    const context = this.#recorder.context();
    const stated = { licences: [...new Set(licences)], isCriticalInfrastructure };
    const profile: FirmEvent = { type: 'firm.profileStated', subject: 'firm', payload: { ...stated, reason, atMs: context.nowMs } };
    const events: JournalEvent[] = [profile];
    for (const incident of this.#kept.all().filter(({ state }) => state !== 'closed')) {
      const followed = decideIncident(incident, { type: 'reconcile' }, { ...this.#rules(), firm: stated }, context);
      if (Array.isArray(followed)) events.push(...followed);
    }
    const recorded = this.#recorder.record('firm.state', events);
    return recorded.ok ? accept(stated) : recorded;
  }

  /** On a drill desk: the firm is what the live desk says it is, so that the same duties arm. */
  takeFirm({ licences, isCriticalInfrastructure }: DrillSeed['firm']): void {
    const known = this.firm();
    if (canonicalJson({ licences, isCriticalInfrastructure }) === canonicalJson({ ...known })) return;
    const payload = { licences, isCriticalInfrastructure, reason: 'as at the live desk', atMs: this.#recorder.context('engine').nowMs };
    this.#recorder.record('firm.copy', [{ type: 'firm.profileStated', subject: 'firm', payload }], { actor: 'engine' });
  }

  #openDues(incident: Incident): OpenDue[] {
    return incident.duties.filter(isOpen).flatMap((duty) => {
      const { dueAtMs } = dutyDue(incident, duty, this.#packs.calendars);
      return dueAtMs === null ? [] : [{ incident, duty, dueAtMs }];
    });
  }

  /** Both sides get their link; neither history is touched. */
  #merge(incidentId: string, into: string): Outcome<IncidentView> {
    const [from, target] = [this.incident(incidentId), this.incident(into)];
    if (from === null) return this.#unknown('incident.act', `there is no incident ${incidentId}`, 'incidentId');
    if (target === null) return this.#unknown('incident.act', `there is no incident ${into}`, 'act.into');
    if (target.state === 'merged' || target.state === 'cancelled') {
      return this.#recorder.refused('incident.act', refuse('CONFLICT', `the other incident is ${target.state}`, 'act.into'));
    }
    const context = this.#recorder.context();
    const leaving = decideIncident(from, { type: 'link', kind: 'mergedInto', id: into }, this.#rules(), context);
    if (!Array.isArray(leaving)) return this.#recorder.refused('incident.act', leaving);
    const arriving = decideIncident(target, { type: 'link', kind: 'mergedFrom', id: incidentId }, this.#rules(), context);
    if (!Array.isArray(arriving)) return this.#recorder.refused('incident.act', arriving);
    const recorded = this.#recorder.record('incident.act', [...leaving, ...arriving]);
    return recorded.ok ? this.get({ incidentId: into }) : recorded;
  }

  #missingLink({ kind, id }: Extract<IncidentAct, { type: 'link' }>): string | null {
    const { alerts, runs } = this.#recorder.journal.tables;
    const isThere = kind === 'alert' ? alerts.get(id) !== null : runs.get(id) !== null;
    return isThere ? null : `there is no ${kind} ${id}`;
  }

  #command(request: string, incidentId: string, command: IncidentCommand): Outcome<IncidentView> {
    const incident = this.incident(incidentId);
    if (incident === null) return this.#unknown(request, `there is no incident ${incidentId}`, 'incidentId');
    const recorded = this.#recorder.record(request, decideIncident(incident, command, this.#rules(), this.#recorder.context()));
    return recorded.ok ? accept(this.view(this.incident(incidentId) ?? incident)) : recorded;
  }

  #second(request: string, confirmationId: string | undefined, payload: unknown): Outcome<string> {
    if (confirmationId === undefined) {
      return this.#recorder.refused(request, refuse('FORBIDDEN', 'a second person has to confirm this', 'confirmationId'));
    }
    const taken = this.#secondPerson.take(confirmationId, { request, payload });
    return taken.ok ? accept(taken.value.personId) : this.#recorder.refused(request, taken);
  }

  #unknown(request: string, message: string, field: string): Outcome<never> {
    return this.#recorder.refused(request, refuse('UNKNOWN', message, field));
  }

  #rules(): ReportingRules {
    return { ...this.#packs, firm: this.firm(), mode: this.#recorder.mode, humanOf: this.#humanOf };
  }
}

function commandOf(act: Exclude<IncidentAct, { type: 'merge' }>, secondPerson: string | null): IncidentCommand {
  if (act.type === 'changeState') return { ...act, secondPerson };
  if (act.type !== 'seal') return act;
  const { items, overrideReason } = act;
  return { type: 'seal', items, override: overrideReason === null || secondPerson === null ? null : { reason: overrideReason, secondPerson } };
}

function dutyCommandOf(dutyId: string, act: DutyAct, secondPerson: string): IncidentCommand {
  switch (act.type) {
    case 'draft':
      return { type: 'draftDuty', dutyId, draft: act.draft };
    case 'approve':
      return { type: 'approveDuty', dutyId, draft: act.draft, secondPerson };
    case 'send':
      return { type: 'sendDuty', dutyId, sentAtMs: act.sentAtMs, channel: act.channel, proof: act.proof };
    case 'receive':
      return { type: 'receiveDuty', dutyId, reference: act.reference, person: act.person };
    case 'waive':
      return { type: 'waiveDuty', dutyId, reason: act.reason, secondPerson };
  }
}
