/** A shift hand-over: what one officer leaves, marked item by item, and what the next one read back before taking it. */
import { z } from 'zod';
import { severitySchema } from '#shared/desk/alerts/alert';
import { itemFactsSchema, itemLevelSchema } from '#shared/desk/handovers/item';

const text = z.string().max(4000);
const itemKey = z.string().min(1).max(220);
const ifThen = z.string().max(1000);

/** `severity`: of an alert, or the gravest of those beyond the list, when it was marked; marks of earlier versions do not say. */
const said = { itemKey, level: itemLevelSchema, ifThen, severity: severitySchema.optional(), atMs: z.number() };
export const handoverMarkSchema = z.object({ ...said, by: z.string() });
export type HandoverMark = z.infer<typeof handoverMarkSchema>;

export const handoverNoteSchema = z.object({
  noteId: z.uuid(),
  text,
  by: z.string(),
  atMs: z.number(),
  struck: z.object({ by: z.string(), atMs: z.number() }).nullable(),
});
export type HandoverNote = z.infer<typeof handoverNoteSchema>;

/** An item as it was offered. `level` is null where nobody had to mark it and nobody did. */
export const frozenItemSchema = z.object({ itemKey, facts: itemFactsSchema, level: itemLevelSchema.nullable(), ifThen });
export type FrozenItem = z.infer<typeof frozenItemSchema>;

export const HANDOVER_STATES = ['offered', 'withdrawn', 'accepted'] as const;

export const handoverSchema = z.object({
  handoverId: z.uuid(),
  state: z.enum(HANDOVER_STATES),
  outgoing: z.string(),
  offeredAtMs: z.number(),
  remarks: text,
  /** The record as it was offered: entries, and the first twelve digits of the tree head. */
  fingerprint: z.string(),
  itemKeys: z.array(itemKey),
  withdrawn: z.object({ by: z.string(), atMs: z.number(), reason: text }).nullable(),
  accepted: z
    .object({
      incoming: z.string(),
      atMs: z.number(),
      readBack: z.array(itemKey),
      words: text,
      /** `onTheSpot`: confirmed at the outgoing officer's screen; `ownSession`: signed in themselves. */
      how: z.enum(['onTheSpot', 'ownSession']),
      /** What had come up since it was offered. */
      sinceKeys: z.array(itemKey),
      movedAlertCount: z.number().int(),
    })
    .nullable(),
  sequence: z.number().int(),
});
export type Handover = z.infer<typeof handoverSchema>;

/** Items that ask for something are read back one by one; the rest is taken with the sheet. */
export function mustBeReadBack({ level }: Pick<FrozenItem, 'level'>): boolean {
  return level === 'watch' || level === 'act';
}

const signed = z.object({ personId: z.string(), sessionId: z.string(), keyId: z.string(), signature: z.string() });
const handoverId = z.uuid();
const atMs = z.number();

export const handoverEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('handover.marked'), payload: z.object(said) }),
  z.object({ type: z.literal('handover.noted'), payload: z.object({ noteId: z.uuid(), text, atMs }) }),
  z.object({ type: z.literal('handover.struck'), payload: z.object({ noteId: z.uuid(), atMs }) }),
  z.object({ type: z.literal('handover.item'), payload: z.object({ handoverId, ...frozenItemSchema.shape, atMs }) }),
  z.object({
    type: z.literal('handover.offered'),
    payload: z.object({ handoverId, remarks: text, fingerprint: z.string(), itemKeys: z.array(itemKey), atMs }),
  }),
  z.object({ type: z.literal('handover.withdrawn'), payload: z.object({ handoverId, reason: text, atMs }) }),
  z.object({
    type: z.literal('handover.accepted'),
    payload: z.object({
      handoverId,
      outgoing: z.string(),
      incoming: z.string(),
      readBack: z.array(itemKey),
      words: text,
      how: z.enum(['onTheSpot', 'ownSession']),
      confirmedBy: signed.nullable(),
      sinceKeys: z.array(itemKey),
      movedAlertCount: z.number().int(),
      atMs,
    }),
  }),
]);
export type HandoverEventBody = z.infer<typeof handoverEventSchema>;
/** Subject `handover:<id>`; of what is prepared, `handoverItem:<itemKey>`. */
export type HandoverEvent = HandoverEventBody & { subject: string; dataSubject?: string };

export function evolveHandover(before: Handover | null, event: HandoverEventBody, entry: { actor: string; sequence: number }): Handover | null {
  const { sequence, actor } = entry;
  switch (event.type) {
    case 'handover.offered': {
      const { handoverId: id, remarks, fingerprint, itemKeys, atMs: offeredAtMs } = event.payload;
      const offered = { handoverId: id, state: 'offered' as const, outgoing: actor, offeredAtMs, remarks, fingerprint, itemKeys };
      return { ...offered, withdrawn: null, accepted: null, sequence };
    }
    case 'handover.withdrawn': {
      const { reason, atMs: withdrawnAtMs } = event.payload;
      return before === null ? null : { ...before, state: 'withdrawn', withdrawn: { by: actor, atMs: withdrawnAtMs, reason }, sequence };
    }
    case 'handover.accepted': {
      const { handoverId: _id, outgoing: _outgoing, confirmedBy: _confirmedBy, ...accepted } = event.payload;
      return before === null ? null : { ...before, state: 'accepted', accepted, sequence };
    }
    default:
      return before;
  }
}
