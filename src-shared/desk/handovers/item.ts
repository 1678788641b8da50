/** One thing that a shift leaves to the next: what it is, as it stood, so that the sheet says the same for ever. */
import { z } from 'zod';
import { severitySchema } from '#shared/desk/alerts/alert';
import { dataSubjectOfEntity } from '#shared/journal/data-subject';

const id = z.string().min(1).max(200);
const timeMs = z.number();

/** A picture of each kind small enough to be frozen; names are looked up when it is shown. */
export const itemFactsSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('alert'),
    alertId: id,
    alertKind: z.string(),
    level: z.string().nullable(),
    entity: z.string(),
    severity: severitySchema,
    condition: z.string(),
    human: z.string(),
    owner: z.string().nullable(),
    raisedAtMs: timeMs,
  }),
  /** Those beyond what one sheet can list, by severity: counted, never left out in silence. */
  z.object({ kind: z.literal('moreAlerts'), counts: z.partialRecord(severitySchema, z.number().int().min(1)) }),
  z.object({
    kind: z.literal('suppression'),
    suppressionId: id,
    suppression: z.string(),
    about: z.string(),
    covers: severitySchema,
    endsAtMs: timeMs,
    reasonCode: z.string(),
    createdBy: z.string(),
  }),
  z.object({
    kind: z.literal('run'),
    runId: id,
    planId: z.string(),
    title: z.string(),
    titleZh: z.string(),
    startedAtMs: timeMs,
    settledCount: z.number().int(),
    stepCount: z.number().int(),
    /** Steps that somebody has begun, or that were put off or failed: what is in somebody's hands. */
    open: z.array(z.object({ no: z.number().int(), state: z.string() })).max(200),
    roles: z.record(z.string(), z.string()),
  }),
  z.object({
    kind: z.literal('incident'),
    incidentId: id,
    title: z.string(),
    state: z.string(),
    grade: z.string().nullable(),
    openedAtMs: timeMs,
    openDutyCount: z.number().int(),
    nextDutyId: z.string().nullable(),
    nextDueAtMs: timeMs.nullable(),
  }),
  z.object({ kind: z.literal('approval'), approvalId: id, request: z.string(), makerId: z.string(), expiresAtMs: timeMs }),
  z.object({ kind: z.literal('breakGlass'), breakGlassId: id, personId: z.string(), state: z.enum(['open', 'owed']), dueAtMs: timeMs }),
  z.object({ kind: z.literal('feed'), feedId: id, state: z.string(), sinceMs: timeMs }),
  z.object({ kind: z.literal('notice'), noticeId: id, accountID: z.string(), level: z.string(), state: z.string(), dueAtMs: timeMs.nullable() }),
  z.object({ kind: z.literal('worklist'), worklistId: id, accountID: z.string(), state: z.string(), madeAtMs: timeMs }),
  z.object({ kind: z.literal('note'), noteId: id, text: z.string(), by: z.string(), atMs: timeMs }),
]);
export type ItemFacts = z.infer<typeof itemFactsSchema>;
export type ItemKind = ItemFacts['kind'];

/** In the order of a sheet: what may hurt first comes first. */
export const ITEM_KINDS: readonly ItemKind[] = [
  'incident',
  'run',
  'alert',
  'moreAlerts',
  'feed',
  'suppression',
  'notice',
  'worklist',
  'approval',
  'breakGlass',
  'note',
];

/** `stable`: to be known; `watch`: may turn; `act`: something has to be done. The last two say what to do if it turns. */
export const ITEM_LEVELS = ['stable', 'watch', 'act'] as const;
export const itemLevelSchema = z.enum(ITEM_LEVELS);
export type ItemLevel = z.infer<typeof itemLevelSchema>;

/** All alerts beyond the list are one item. */
export const MORE_ALERTS_KEY = 'moreAlerts';

/** Names an item for as long as it is open: a mark that was set stays with it. */
export function itemKeyOf(facts: ItemFacts): string {
  switch (facts.kind) {
    case 'alert':
      return `alert:${facts.alertId}`;
    case 'moreAlerts':
      return MORE_ALERTS_KEY;
    case 'suppression':
      return `suppression:${facts.suppressionId}`;
    case 'run':
      return `run:${facts.runId}`;
    case 'incident':
      return `incident:${facts.incidentId}`;
    case 'approval':
      return `approval:${facts.approvalId}`;
    case 'breakGlass':
      return `breakGlass:${facts.breakGlassId}`;
    case 'feed':
      return `feed:${facts.feedId}`;
    case 'notice':
      return `notice:${facts.noticeId}`;
    case 'worklist':
      return `worklist:${facts.worklistId}`;
    case 'note':
      return `note:${facts.noteId}`;
  }
}

/** Whether whoever leaves has to say how it stands: what presses may not go over unmarked. */
export function mustBeMarked(facts: ItemFacts): boolean {
  switch (facts.kind) {
    case 'alert':
      return facts.human === 'unacknowledged' && (facts.severity === 'critical' || facts.severity === 'high');
    case 'suppression':
      return facts.covers === 'critical' || facts.covers === 'high';
    case 'feed':
      return facts.state !== 'live';
    case 'notice':
      return facts.state === 'generated' || facts.state === 'failed';
    case 'worklist':
      return facts.state === 'reopened';
    case 'run':
    case 'incident':
    case 'moreAlerts':
    case 'breakGlass':
      return true;
    case 'approval':
    case 'note':
      return false;
  }
}

/** Whose data an item is, so that what is said about it can be made unreadable with the rest; undefined for the firm's own. */
export function dataSubjectOfItem(facts: ItemFacts): string | undefined {
  if (facts.kind === 'notice' || facts.kind === 'worklist') return `client:${facts.accountID}`;
  if (facts.kind === 'suppression') return dataSubjectOfEntity(/(?:^| )([a-zA-Z]+:.*)$/s.exec(facts.about)?.[1] ?? '');
  return facts.kind === 'alert' ? dataSubjectOfEntity(facts.entity) : undefined;
}
