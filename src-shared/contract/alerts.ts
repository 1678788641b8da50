/** What a person may ask about alerts: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { alertSchema, type Severity, severitySchema } from '#shared/desk/alerts/alert';
import { dispositionSchema } from '#shared/desk/alerts/events';
import { type AlertPolicy, escalationRoleSchema } from '#shared/desk/alerts/policy';
import { alertStatisticsSchema } from '#shared/desk/alerts/statistics';
import {
  calendarWindowSchema,
  matcherSchema,
  type Suppression,
  suppressionKindSchema,
  suppressionReasonSchema,
  suppressionSchema,
} from '#shared/desk/alerts/suppression';
import { type DeliverySettings, deliverySettingsSchema } from '#shared/desk/delivery/channel';
import { channelHealthSchema, deliverySchema, failureCodeSchema, type Notice, noticeSchema } from '#shared/desk/delivery/notice';
import { onDutyNowSchema, rosterGapSchema } from '#shared/desk/delivery/roster';

const id = z.uuid();
const requiredNote = z.string().trim().min(1, 'a note is needed').max(2000);

const alertHistoryEntrySchema = z.object({
  sequence: z.number(),
  atMs: z.number(),
  actor: z.string(),
  type: z.string(),
  payload: z.unknown(),
  entryHash: z.string(),
});

const countsSchema = z.object({ critical: z.number(), high: z.number(), medium: z.number(), low: z.number() });
const alertTotalsSchema = z.object({ open: countsSchema, unacknowledged: countsSchema });
export type AlertTotals = z.infer<typeof alertTotalsSchema>;

const toldSchema = z.object({ notice: noticeSchema, deliveries: z.array(deliverySchema) });
/** What of a notice is about any of its alerts alike: its gravest alert and the others of its group may be beyond the reach of whoever asks about one. */
const toldOfAlertSchema = z.object({
  notice: noticeSchema.pick({ noticeId: true, atMs: true, reason: true, role: true, onDuty: true, alertCount: true, lateByMs: true }),
  deliveries: z.array(deliverySchema.pick({ deliveryId: true, channelId: true, state: true, droppedBecause: true })),
});

const deliveryPictureSchema = z.object({
  settings: deliverySettingsSchema,
  secretsSetAtMs: z.record(z.string(), z.number()),
  health: z.array(channelHealthSchema),
  ledger: z.array(toldSchema),
  onDutyNow: z.array(onDutyNowSchema),
  /** In the coming days, of roles that the roster names. */
  rosterGaps: z.array(rosterGapSchema),
  /** Steps of the ladder that nobody would hear, with the severities they stand in. */
  unreachable: z.array(z.object({ role: escalationRoleSchema, severities: z.array(severitySchema) })),
  untestedChannels: z.array(z.string()),
  mayLeave: z.boolean(),
});

export const ALERT_REQUESTS = {
  'alert.get': { payload: z.object({ alertId: id }), answer: z.object({ alert: alertSchema, history: z.array(alertHistoryEntrySchema) }) },
  /** Who was told of it, newest first, however long ago; `isComplete` false when there is more than is read at once. */
  'alert.told': { payload: z.object({ alertId: id }), answer: z.object({ told: z.array(toldOfAlertSchema), isComplete: z.boolean() }) },
  'alert.acknowledge': {
    payload: z.object({ alertIds: z.array(id).min(1).max(500), note: requiredNote }),
    answer: z.object({ alerts: z.array(alertSchema) }),
  },
  'alert.note': { payload: z.object({ alertId: id, note: requiredNote }), answer: alertSchema },
  'alert.close': {
    payload: z.object({ alertId: id, disposition: dispositionSchema, note: requiredNote, confirmationId: z.uuid().optional() }),
    answer: alertSchema,
  },
  /** Silences what the matcher names, up to a severity, for a while. Approval by others where it covers critical alerts or takes something out of service. */
  'alert.suppress': {
    payload: z.object({
      kind: suppressionKindSchema,
      matcher: matcherSchema,
      covers: severitySchema,
      durationMs: z.number().int().min(60_000).max(31_536_000_000),
      window: calendarWindowSchema.optional(),
      reasonCode: suppressionReasonSchema,
      note: requiredNote,
      ticket: z.string().trim().max(64).optional(),
    }),
    answer: suppressionSchema,
  },
  /** `covers` repeats what the suppression covers, so that extending a critical one asks for the same approval. */
  'alert.extendSuppression': {
    payload: z.object({
      suppressionId: id,
      covers: severitySchema,
      durationMs: z.number().int().min(60_000).max(31_536_000_000),
      note: requiredNote,
    }),
    answer: suppressionSchema,
  },
  'alert.liftSuppression': { payload: z.object({ suppressionId: id, note: requiredNote }), answer: z.object({}) },
  'alert.statistics': { payload: z.object({ sinceMs: z.number().min(0) }), answer: alertStatisticsSchema },
  /** Alerts beyond those the lane carries, worst first, a page at a time. */
  'alert.list': {
    payload: z.object({ openOnly: z.boolean(), offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    answer: z.object({ alerts: z.array(alertSchema), totals: alertTotalsSchema }),
  },
  /** Fires the next step of the ladder now. */
  'alert.escalate': { payload: z.object({ alertId: id, note: requiredNote }), answer: alertSchema },
  /** To a colleague, who is responsible from then on. */
  'alert.handOver': { payload: z.object({ alertId: id, to: z.string().trim().min(1).max(64), note: requiredNote }), answer: alertSchema },
  /** Channels, how they are, and the ledger of what was told. Secrets never come back. */
  'delivery.get': { payload: z.object({}), answer: deliveryPictureSchema },
  'delivery.configure': {
    payload: z.object({
      settings: deliverySettingsSchema,
      /** New secrets by channel; an empty text forgets one, a channel that is not named keeps its own. */
      secrets: z.record(z.string().max(32), z.string().max(4096)).optional(),
      reason: requiredNote,
    }),
    answer: deliveryPictureSchema,
  },
  'delivery.test': {
    payload: z.object({ channelId: z.string().max(32) }),
    answer: z.object({ code: failureCodeSchema.nullable(), detail: z.string(), tookMs: z.number() }),
  },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

type Payload<Name extends keyof typeof ALERT_REQUESTS> = z.infer<(typeof ALERT_REQUESTS)[Name]['payload']>;

export const ALERT_ACCESS: { [Name in keyof typeof ALERT_REQUESTS]: AccessRule<Payload<Name>> } = {
  'alert.get': { needs: 'alert.view', reach: 'named' },
  'alert.told': { needs: 'alert.view', reach: 'named' },
  'alert.acknowledge': { needs: 'alert.handle', reach: 'named' },
  'alert.note': { needs: 'alert.handle', reach: 'named' },
  'alert.close': { needs: 'alert.handle', reach: 'named' },
  'alert.handOver': { needs: 'alert.handle' },
  'alert.escalate': { needs: 'alert.handle' },
  'alert.suppress': {
    needs: 'alert.shelve',
    approval: ({ covers, kind }) => (covers === 'critical' || kind === 'outOfService' ? 'suppressCritical' : null),
  },
  'alert.extendSuppression': { needs: 'alert.shelve', approval: ({ covers }) => (covers === 'critical' ? 'suppressCritical' : null) },
  'alert.liftSuppression': { needs: 'alert.shelve' },
  'alert.statistics': { needs: 'alert.view' },
  'alert.list': { needs: 'alert.view' },
  'delivery.get': { needs: 'alert.view' },
  'delivery.configure': { needs: 'delivery.configure' },
  'delivery.test': { needs: 'delivery.configure' },
};

export const ALERT_STREAMS = {
  /** What keeps alerts from being sent, and what was told of late: for the list's marks, the inventory and the sounds. */
  alertSending: z.object({}),
} satisfies Record<string, z.ZodType>;

export type AlertSendingPicture = {
  nowMs: number;
  suppressions: Suppression[];
  recentlyEnded: Suppression[];
  /** Alerts that another inhibits now, and by which; at most 500. */
  inhibited: { alertId: string; byAlertId: string }[];
  totals: AlertTotals;
  /** Newest first. */
  notices: Notice[];
  sound: DeliverySettings['sound'];
  /** The rows of the policy that the page shows and counts by. */
  shelvingAtMostMs: Record<Severity, number>;
  stormFrom: number;
  inhibitionRows: AlertPolicy['inhibition']['rows'];
  failingChannels: string[];
};

export type PictureByAlertStream = { alertSending: AlertSendingPicture };
export const ALERT_STREAM_ACCESS = { alertSending: { needs: 'alert.view' } } satisfies Record<keyof typeof ALERT_STREAMS, AccessRule>;
