/** Parses one line of a recording: the envelope by its type, the items with their stream's schema, so that a line is either right or refused whole. */
import { z } from 'zod';
import {
  gapEventSchema,
  heartbeatEventSchema,
  type IntakeEvent,
  itemsEnvelopeSchema,
  linkEventSchema,
  ownRowsEventSchema,
  welcomeEventSchema,
} from '#shared/feed/intake';
import { Complaints, parseItems } from '../parsing/parse-items';

const envelopeByType: Record<string, z.ZodType> = {
  welcome: welcomeEventSchema,
  heartbeat: heartbeatEventSchema,
  link: linkEventSchema,
  gap: gapEventSchema,
  ownRows: ownRowsEventSchema,
  items: itemsEnvelopeSchema,
  picture: itemsEnvelopeSchema,
};
const typed = z.object({ type: z.string() });

/** The event, or the reason why the line is not one. */
export function parseRecordedEvent(value: unknown): { ok: true; event: IntakeEvent } | { ok: false; reason: string } {
  const type = typed.safeParse(value);
  const schema = type.success && Object.hasOwn(envelopeByType, type.data.type) ? envelopeByType[type.data.type] : undefined;
  if (schema === undefined) return { ok: false, reason: 'not an event of a known type' };
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, reason: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  const event = parsed.data as IntakeEvent;
  if (event.type !== 'items' && event.type !== 'picture') return { ok: true, event };
  const complaints = new Complaints();
  const items = parseItems(event.stream, event.items, complaints);
  const complaint = complaints.shown[0];
  if (complaint !== undefined) return { ok: false, reason: complaint.reason };
  return { ok: true, event: { ...event, items } as IntakeEvent };
}
