/** Folds what keeps alerts from being sent, and what became of telling people, into documents. What is finished moves out of the way of what is not. */
import type { ProjectionTables } from '#engine/store/projection-tables';
import { evolveSuppression, type Suppression, type SuppressionEventBody } from '#shared/desk/alerts/suppression';
import type { Recorded } from '#shared/desk/decision';
import { type ChannelHealth, type Delivery, type DeliveryEventBody, evolveDelivery, evolveHealth, newHealth } from '#shared/desk/delivery/notice';

/** Kinds of the documents table. A suppression or delivery is in one of its two, never in both. */
export const DELIVERY_DOCUMENTS = {
  suppressions: 'suppression',
  endedSuppressions: 'suppressionEnded',
  notices: 'alertNotice',
  openDeliveries: 'deliveryOpen',
  doneDeliveries: 'deliveryDone',
  groups: 'alertNoticeGroup',
  cursor: 'alertNoticeCursor',
  health: 'channelHealth',
  settings: 'deliverySettings',
} as const;
const KIND = DELIVERY_DOCUMENTS;
/** The one row of kinds that have only one. */
export const ONLY_ROW = 'current';

export function foldSuppression(event: SuppressionEventBody, entry: Recorded, { documents }: ProjectionTables): void {
  const id = event.payload.suppressionId;
  const before = (documents.get(KIND.suppressions, id) as Suppression | undefined) ?? null;
  if (before === null && documents.get(KIND.endedSuppressions, id) !== undefined) return;
  const after = evolveSuppression(before, event, entry);
  if (after === null) return;
  if (after.ended === null) documents.put(KIND.suppressions, id, entry.sequence, after);
  else {
    documents.remove(KIND.suppressions, id);
    documents.put(KIND.endedSuppressions, id, entry.sequence, after);
  }
}

export function foldDelivery(event: DeliveryEventBody, entry: Recorded, { documents }: ProjectionTables): void {
  const { sequence } = entry;
  switch (event.type) {
    case 'delivery.begun':
      documents.put(KIND.cursor, ONLY_ROW, sequence, { throughSequence: event.payload.throughSequence });
      return;
    case 'delivery.told': {
      const { notice, deliveries, atMs } = event.payload;
      documents.put(KIND.notices, notice.noticeId, sequence, notice);
      documents.put(KIND.groups, notice.groupKey, sequence, { sequence: notice.groupSequence, atMs });
      documents.put(KIND.cursor, ONLY_ROW, sequence, { throughSequence: notice.throughSequence });
      for (const queued of deliveries) {
        const delivery: Delivery = { ...queued, noticeId: notice.noticeId, state: 'queued', queuedAtMs: atMs, attempts: [], droppedBecause: null };
        documents.put(KIND.openDeliveries, delivery.deliveryId, sequence, delivery);
      }
      return;
    }
    case 'delivery.attempted':
    case 'delivery.dropped': {
      const { deliveryId } = event.payload;
      const before = documents.get(KIND.openDeliveries, deliveryId) as Delivery | undefined;
      if (event.type === 'delivery.attempted') foldHealth(event.payload, false, sequence, documents);
      if (before === undefined) return;
      const after = evolveDelivery(before, event);
      if (after.nextAttemptAtMs !== null) documents.put(KIND.openDeliveries, deliveryId, sequence, after);
      else {
        documents.remove(KIND.openDeliveries, deliveryId);
        documents.put(KIND.doneDeliveries, deliveryId, sequence, after);
      }
      return;
    }
    case 'delivery.tested':
      foldHealth(event.payload, true, sequence, documents);
      return;
    case 'delivery.configured':
      documents.put(KIND.settings, ONLY_ROW, sequence, event.payload.after);
  }
}

type Attempt = Pick<Extract<DeliveryEventBody, { type: 'delivery.tested' }>['payload'], 'channelId' | 'atMs' | 'code' | 'detail'>;

function foldHealth({ channelId, atMs, code, detail }: Attempt, isTest: boolean, sequence: number, documents: ProjectionTables['documents']): void {
  const before = (documents.get(KIND.health, channelId) as ChannelHealth | undefined) ?? newHealth(channelId);
  documents.put(KIND.health, channelId, sequence, evolveHealth(before, { atMs, code, detail, isTest }));
}
