/** Folds journal entries into the tables that screens and handlers read, in the transaction that wrote the entries. */
import { alertEventOf, readableAlertEvent } from '#engine/journal/alert-entry';
import { foldDelivery, foldSuppression } from '#engine/journal/fold-delivery';
import type { StoredEntry } from '#engine/journal/journal';
import type { ProjectionTables } from '#engine/store/projection-tables';
import type { Alert } from '#shared/desk/alerts/alert';
import { evolveAlert } from '#shared/desk/alerts/evolve';
import { suppressionEventSchema } from '#shared/desk/alerts/suppression';
import { type Approval, type BreakGlass, evolveApproval, evolveBreakGlass } from '#shared/desk/approvals/approval';
import { evolveForeign, type ForeignApproval, foreignEventSchema } from '#shared/desk/approvals/carried';
import { approvalEventSchema, breakGlassEventSchema } from '#shared/desk/approvals/events';
import { deliveryEventSchema } from '#shared/desk/delivery/notice';
import { feedEventSchema } from '#shared/desk/desk/events';
import type { Drill } from '#shared/desk/drills/drill';
import { drillEventSchema, drillResultEventSchema } from '#shared/desk/drills/events';
import { evolveDrill } from '#shared/desk/drills/evolve';
import { evidenceEventSchema, evidenceSchema, evolveEvidence } from '#shared/desk/evidence/evidence';
import { evolveHandover, type HandoverEventBody, handoverEventSchema, handoverNoteSchema, handoverSchema } from '#shared/desk/handovers/handover';
import { MORE_ALERTS_KEY } from '#shared/desk/handovers/item';
import { incidentEventSchema } from '#shared/desk/incidents/events';
import { evolveIncident } from '#shared/desk/incidents/evolve';
import { firmEventSchema } from '#shared/desk/incidents/firm';
import type { Incident } from '#shared/desk/incidents/incident';
import { noticeEventSchema } from '#shared/desk/notices/events';
import { evolveNotice } from '#shared/desk/notices/evolve';
import type { Notice } from '#shared/desk/notices/notice';
import { peopleEventSchema, personEventSchema, roleEventSchema } from '#shared/desk/people/events';
import { evolvePerson } from '#shared/desk/people/evolve';
import { personSchema } from '#shared/desk/people/person';
import { runEventSchema } from '#shared/desk/plans/events';
import { evolveRun } from '#shared/desk/plans/evolve';
import { evolvePlan, type PlanRecord, planEventSchema } from '#shared/desk/plans/library';
import { referenceRowEventSchema } from '#shared/desk/reference-rows/events';
import { evolveOwnRow, savedOwnRowSchema } from '#shared/desk/reference-rows/saved-row';
import { evolveRuleCounts, ruleCountedSchema, ruleCountsSchema } from '#shared/desk/rules/counts';
import { ruleEventSchema } from '#shared/desk/rules/events';
import { evolveRule, savedRuleSchema } from '#shared/desk/rules/saved-rule';
import { scenarioEventSchema } from '#shared/desk/scenarios/events';
import { evolveScenario, type SavedScenario } from '#shared/desk/scenarios/scenario';
import { settingEventSchema } from '#shared/desk/settings/events';
import { statementEventSchema } from '#shared/desk/statements/events';
import { worklistEventSchema } from '#shared/desk/worklists/events';
import { evolveWorklist, type FoldedWorklist } from '#shared/desk/worklists/evolve';
import { layoutEventSchema } from '#shared/desk/workspace/events';
import { DESTROYED_TEXT } from '#shared/journal/sealed';

type Fold = (entry: StoredEntry, tables: ProjectionTables) => void;

const foldByFamily: Readonly<Record<string, Fold>> = {
  alert(entry, tables) {
    const event = alertEventOf(entry);
    const alert = evolveAlert(tables.alerts.get(event.payload.alertId), event, entry);
    if (alert !== null) tables.alerts.put(alert);
  },
  suppression(entry, tables) {
    foldSuppression(suppressionEventSchema.parse(eventOf(entry)), entry, tables);
  },
  delivery(entry, tables) {
    foldDelivery(deliveryEventSchema.parse(eventOf(entry)), entry, tables);
  },
  run(entry, tables) {
    const event = runEventSchema.parse(eventOf(entry));
    const run = evolveRun(tables.runs.get(event.payload.runId), event, entry);
    if (run !== null) tables.runs.put(run);
  },
  plan(entry, tables) {
    const event = planEventSchema.parse(eventOf(entry));
    const known = tables.documents.get('plan', event.payload.planId) as PlanRecord | undefined;
    tables.documents.put('plan', event.payload.planId, entry.sequence, evolvePlan(known ?? null, event, entry));
  },
  setting(entry, tables) {
    const { payload } = settingEventSchema.parse(eventOf(entry));
    tables.settings.put(payload.key, entry.sequence, payload.after);
  },
  layout(entry, tables) {
    const event = layoutEventSchema.parse(eventOf(entry));
    if (event.type === 'layout.removed') tables.layouts.remove(event.payload.name);
    else tables.layouts.put(event.payload.name, entry.sequence, { layout: event.payload.layout, savedAtMs: event.payload.atMs });
  },
  rule(entry, tables) {
    if (entry.type === 'rule.counted') {
      const { rules, tradingDay, sinceMs } = ruleCountedSchema.parse(eventOf(entry)).payload;
      for (const counted of rules) {
        const before = ruleCountsSchema.safeParse(tables.documents.get('ruleCounts', counted.ruleId));
        const counts = evolveRuleCounts(before.success ? before.data : null, counted, { tradingDay, sinceMs }, entry);
        tables.documents.put('ruleCounts', counted.ruleId, entry.sequence, counts);
      }
      return;
    }
    const event = ruleEventSchema.parse(eventOf(entry));
    const saved = savedRuleSchema.safeParse(tables.documents.get('rule', event.payload.ruleId));
    tables.documents.put('rule', event.payload.ruleId, entry.sequence, evolveRule(saved.success ? saved.data : null, event, entry));
  },
  feed(entry, tables) {
    const event = feedEventSchema.parse(eventOf(entry));
    tables.feeds.put(event.payload.feedId, entry.sequence, { state: event.type.slice('feed.'.length), ...event.payload });
  },
  scenario(entry, tables) {
    const event = scenarioEventSchema.parse(eventOf(entry));
    const id = event.type === 'scenario.saved' ? event.payload.scenario.scenarioId : event.payload.scenarioId;
    const scenario = evolveScenario((tables.scenarios.get(id) as SavedScenario | undefined) ?? null, event, entry);
    if (scenario !== null) tables.scenarios.put(id, entry.sequence, scenario);
  },
  worklist(entry, tables) {
    const event = worklistEventSchema.parse(eventOf(entry));
    const id = event.type === 'worklist.made' ? event.payload.worklist.worklistId : event.payload.worklistId;
    const worklist = evolveWorklist((tables.worklists.get(id) as FoldedWorklist | undefined) ?? null, event, entry);
    if (worklist !== null) tables.worklists.put(id, entry.sequence, worklist);
  },
  statement(entry, tables) {
    const { statement, atMs } = statementEventSchema.parse(eventOf(entry)).payload;
    tables.statements.put(statement.statementId, entry.sequence, { ...statement, importedBy: entry.actor, importedAtMs: atMs });
  },
  reference(entry, tables) {
    const event = referenceRowEventSchema.parse(eventOf(entry));
    const { rowId } = event.payload;
    const saved = savedOwnRowSchema.safeParse(tables.documents.get('ownRow', rowId));
    const row = evolveOwnRow(saved.success ? saved.data : null, event, entry);
    if (row !== null) tables.documents.put('ownRow', rowId, entry.sequence, row);
  },
  incident(entry, tables) {
    const event = incidentEventSchema.parse(eventOf(entry));
    const id = event.payload.incidentId;
    const incident = evolveIncident((tables.documents.get('incident', id) as Incident | undefined) ?? null, event, entry);
    if (incident !== null) tables.documents.put('incident', id, entry.sequence, incident);
  },
  drill(entry, tables) {
    const event = drillEventSchema.parse(eventOf(entry));
    const id = event.payload.drillId;
    const drill = evolveDrill((tables.documents.get('drill', id) as Drill | undefined) ?? null, event, entry);
    if (drill !== null) tables.documents.put('drill', id, entry.sequence, drill);
  },
  drillResult(entry, tables) {
    const { result } = drillResultEventSchema.parse(eventOf(entry)).payload;
    tables.documents.put('drillResult', result.drillId, entry.sequence, result);
  },
  handover(entry, tables) {
    foldHandover(entry, tables, handoverEventSchema.parse(eventOf(entry)));
  },
  notice(entry, tables) {
    const event = noticeEventSchema.parse(eventOf(entry));
    const id = event.type === 'notice.generated' ? event.payload.notice.noticeId : event.payload.noticeId;
    const notice = evolveNotice((tables.documents.get('clientNotice', id) as Notice | undefined) ?? null, event, entry);
    if (notice !== null) tables.documents.put('clientNotice', id, entry.sequence, notice);
  },
  firm(entry, tables) {
    const { licences, isCriticalInfrastructure } = firmEventSchema.parse(eventOf(entry)).payload;
    tables.documents.put('firm', 'profile', entry.sequence, { licences, isCriticalInfrastructure });
  },
  person(entry, tables) {
    foldPerson(entry, tables, personEventSchema.parse(eventOf(entry)));
  },
  role(entry, tables) {
    foldPerson(entry, tables, roleEventSchema.parse(eventOf(entry)));
  },
  people(entry, tables) {
    const event = peopleEventSchema.parse(eventOf(entry));
    tables.documents.put('people', event.type === 'people.claimed' ? 'claim' : 'foundingEnded', entry.sequence, event.payload);
  },
  // Who came and went, and what was refused, is read from the journal; nothing is folded from it.
  session: () => undefined,
  command: () => undefined,
  evidence(entry, tables) {
    const event = evidenceEventSchema.parse(eventOf(entry));
    const known = evidenceSchema.safeParse(tables.documents.get('evidence', event.payload.fileId));
    const file = evolveEvidence(known.success ? known.data : null, event, entry.actor);
    if (file !== null) tables.documents.put('evidence', event.payload.fileId, entry.sequence, file);
  },
  privacy: () => undefined,
  // What was handed out or read in is proved by its entry; nothing is folded from it.
  audit: () => undefined,
  export: () => undefined,
  prices: () => undefined,
  // Keys are read from the entries themselves: a row changed in a table must not become somebody's key.
  key: () => undefined,
  // For lists; whatever is carried out is read from the entries.
  approval(entry, tables) {
    const event = approvalEventSchema.parse(eventOf(entry));
    const { approvalId } = event.payload;
    const approval = evolveApproval((tables.documents.get('approval', approvalId) as Approval | undefined) ?? null, event, entry);
    if (approval !== null) tables.documents.put('approval', approvalId, entry.sequence, approval);
  },
  breakGlass(entry, tables) {
    const event = breakGlassEventSchema.parse(eventOf(entry));
    const { breakGlassId } = event.payload;
    const glass = evolveBreakGlass((tables.documents.get('breakGlass', breakGlassId) as BreakGlass | undefined) ?? null, event, entry);
    if (glass !== null) tables.documents.put('breakGlass', breakGlassId, entry.sequence, glass);
  },
  // For lists, as approvals are.
  foreign(entry, tables) {
    const event = foreignEventSchema.parse(eventOf(entry));
    const { carryId } = event.payload;
    const foreign = evolveForeign((tables.documents.get('foreign', carryId) as ForeignApproval | undefined) ?? null, event, entry);
    if (foreign !== null) tables.documents.put('foreign', carryId, entry.sequence, foreign);
  },
  // Which desk is believed, and whether the clock is, is read from the entries themselves.
  device: () => undefined,
  clock: () => undefined,
  // Facts about the desk itself are read from the journal; nothing is folded from them.
  desk: () => undefined,
  backup: () => undefined,
};

/** Whether this build knows what to make of entries of this type; any other is parked, and the journal shows as degraded. */
export function isFolded(type: string): boolean {
  return Object.hasOwn(foldByFamily, familyOf(type));
}

function familyOf(type: string): string {
  return type.slice(0, type.indexOf('.'));
}

/** Folds entries in order. What this build cannot read is parked with its reason: kept, counted, shown, and folded by a build that can. */
export function foldEntries(entries: readonly StoredEntry[], tables: ProjectionTables): void {
  for (const entry of entries) {
    // Somebody's data that was made unreadable: the entry stands, and nothing can be folded from it.
    if (entry.payload === DESTROYED_TEXT) continue;
    tables.beginFold(entry.sealedUnder, entry.wordsUnder);
    const fold = isFolded(entry.type) ? foldByFamily[familyOf(entry.type)] : undefined;
    if (fold === undefined) {
      tables.park(entry.sequence, 'unknownType');
      continue;
    }
    try {
      fold(entry, tables);
    } catch (error) {
      if (!isSchemaMismatch(error)) throw error;
      tables.park(entry.sequence, 'payloadDoesNotFit');
    }
  }
}

/** Folds all entries of one subject anew, after what had been folded from them was taken out. */
export function refoldEntries(entries: readonly StoredEntry[], tables: ProjectionTables): void {
  const readable = entries.filter(({ payload }) => payload !== DESTROYED_TEXT);
  const alerts = readable.filter(({ type }) => type.startsWith('alert.'));
  if (alerts.length === 0) {
    foldEntries(readable, tables);
    return;
  }
  // Written once, as it is now: while it was open, another one of the same key that is open today must not be in its way.
  let alert: Alert | null = null;
  for (const entry of alerts) {
    const event = readableAlertEvent(entry);
    if (event !== null) alert = evolveAlert(alert, event, entry);
  }
  tables.beginFold(...readable.flatMap(({ sealedUnder, wordsUnder }) => [sealedUnder, wordsUnder]));
  if (alert !== null) tables.alerts.put(alert);
}

function foldPerson(entry: StoredEntry, tables: ProjectionTables, event: Parameters<typeof evolvePerson>[1]): void {
  const { personId } = event.payload;
  const before = personSchema.safeParse(tables.documents.get('person', personId));
  const person = evolvePerson(before.success ? before.data : null, event);
  if (person !== null) tables.documents.put('person', personId, entry.sequence, person);
}

function eventOf(entry: StoredEntry): { type: string; payload: unknown } {
  return { type: entry.type, payload: JSON.parse(entry.payload) };
}

/** Marks, notes and items are rows of their own: each is sealed with the key of whom it is about. */
function foldHandover(entry: StoredEntry, { documents }: ProjectionTables, event: HandoverEventBody): void {
  const { sequence, actor: by } = entry;
  switch (event.type) {
    case 'handover.marked':
      documents.put('handoverMark', event.payload.itemKey, sequence, { ...event.payload, by });
      return;
    case 'handover.noted':
      documents.put('handoverNote', event.payload.noteId, sequence, { ...event.payload, by, struck: null });
      return;
    case 'handover.struck': {
      const { noteId, atMs } = event.payload;
      const known = handoverNoteSchema.safeParse(documents.get('handoverNote', noteId));
      if (known.success) documents.put('handoverNote', noteId, sequence, { ...known.data, struck: { by, atMs } });
      return;
    }
    case 'handover.item': {
      const { handoverId, atMs: _atMs, ...item } = event.payload;
      documents.put('handoverItem', `${handoverId} ${item.itemKey}`, sequence, item);
      return;
    }
    default: {
      const known = handoverSchema.safeParse(documents.get('handover', event.payload.handoverId));
      const handover = evolveHandover(known.success ? known.data : null, event, entry);
      if (handover !== null) documents.put('handover', handover.handoverId, sequence, handover);
      // The alerts beyond the list are others in every shift: whoever leaves next says of theirs how they stand.
      if (event.type === 'handover.accepted') documents.remove('handoverMark', MORE_ALERTS_KEY);
    }
  }
}

function isSchemaMismatch(error: unknown): boolean {
  return error instanceof Error && error.name.endsWith('ZodError');
}
