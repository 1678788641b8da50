/** Who was told of an alert, read from what is kept of every notice: the newest hundred are no answer for an alert of last week. */

import type { ChainedJournal } from '#engine/journal/chained-journal';
import { DELIVERY_DOCUMENTS } from '#engine/journal/fold-delivery';
import type { RequestAnswer } from '#shared/contract/requests';
import { type Delivery, deliveryEventSchema, deliverySchema, type Notice, noticeSchema } from '#shared/desk/delivery/notice';

type Told = RequestAnswer<'alert.told'>;
type ToldNotice = Told['told'][number]['notice'];
type ToldDelivery = Told['told'][number]['deliveries'][number];

/** Notices that are looked through from the alert's first entry on: a day of storms has fewer, as each is one for its whole group. */
const READ_AT_MOST = 10_000;
const SHOWN_AT_MOST = 200;

/** Newest first. Off the hot path: only an open alert page asks. */
export function toldOf(journal: ChainedJournal, alertId: string): Told {
  const [first] = journal.entriesOf(`alert:${alertId}`);
  if (first === undefined) return { told: [], isComplete: true };
  const rows = journal.tables.documents.since(DELIVERY_DOCUMENTS.notices, first.sequence, READ_AT_MOST);
  const notices = rows.flatMap(({ body }) => {
    if (!names(body, alertId)) return [];
    const parsed = noticeSchema.safeParse(body);
    return parsed.success ? [parsed.data] : [];
  });
  const shown = notices.reverse().slice(0, SHOWN_AT_MOST);
  return {
    told: shown.map((notice) => ({ notice: aboutItself(notice), deliveries: deliveriesOf(journal, notice.noticeId).map(withoutAddress) })),
    isComplete: rows.length < READ_AT_MOST && shown.length === notices.length,
  };
}

/** Before anything is parsed: of thousands of notices a handful are about one alert. */
function names(body: unknown, alertId: string): boolean {
  const alertIds = (body as Partial<Notice> | null)?.alertIds;
  return Array.isArray(alertIds) && alertIds.includes(alertId);
}

/** Of one notice, to whomever, as they stand. */
export function deliveriesOf(journal: ChainedJournal, noticeId: string): Delivery[] {
  const { documents } = journal.tables;
  return journal.entriesOf(`notice:${noticeId}`).flatMap((entry) => {
    const event = deliveryEventSchema.safeParse({ type: entry.type, payload: JSON.parse(entry.payload) });
    if (!event.success || event.data.type !== 'delivery.told') return [];
    return event.data.payload.deliveries.flatMap(({ deliveryId }) => {
      const body = documents.get(DELIVERY_DOCUMENTS.openDeliveries, deliveryId) ?? documents.get(DELIVERY_DOCUMENTS.doneDeliveries, deliveryId);
      const parsed = deliverySchema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
  });
}

/** A notice is of a whole group: which other alerts were in it, and the figures of its gravest, are not for whoever asks about one. */
function aboutItself({ noticeId, atMs, reason, role, onDuty, alertCount, lateByMs }: Notice): ToldNotice {
  return { noticeId, atMs, reason, role, onDuty, alertCount, lateByMs };
}

function withoutAddress({ deliveryId, channelId, state, droppedBecause }: Delivery): ToldDelivery {
  return { deliveryId, channelId, state, droppedBecause };
}
